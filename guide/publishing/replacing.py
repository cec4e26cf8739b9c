"""Links to a page that is to go, turned to another: as edits of the texts that hold them, reviewed like any edit."""

import re
from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from guide.pages import tree
from guide.pages.models import Page
from guide.publishing import drafting, standing, workflow
from guide.publishing.audit import Actor
from guide.publishing.models import Document, Draft
from guide.publishing.workflow import Outcome


def replace_links(page: Page, replacement: Page, by: Actor) -> list[Outcome]:
    """Turn every link to `page` to `replacement`, and links to its principles to those of the same id there.

    Submits the changed texts together (publishes them where one person may). What has no counterpart stays, and refuses
    the withdrawal until somebody has dealt with it. Raises NotAllowed, DraftInTheWay, SourceError.
    """
    turn = _turner(page, replacement)
    with transaction.atomic():
        tree.lock_tree()
        drafts = [draft for target in _referring(page) if (draft := _draft(target, turn, page, by))]
        if not drafts:
            return []
        if settings.SINGLE_PERSON_PUBLISHING:
            return workflow.publish_all_alone(drafts, by)
        return workflow.submit_all(drafts, by)


def _referring(page: Page) -> list[Page | Document]:
    rules = {f"{page.slug}#{slug}" for slug in page.principles.values_list("slug", flat=True)}
    found = Page.objects.filter(pk__in=standing.pointing_to({page.slug, *rules})).exclude(pk=page.pk)
    questions = [name for name, text in standing.question_texts().items() if f"{page.slug}#" in text]
    return [*found, *Document.objects.filter(name__in=questions)]


def _draft(target: Page | Document, turn: Callable[[str], str], page: Page, by: Actor) -> Draft | None:
    draft = drafting.open_draft(target, by)
    if draft.text != target.text:
        raise drafting.DraftInTheWay(f"您已有“{target}”的草稿，还没有提交。")
    turned = turn(target.text)
    if turned == target.text:
        draft.delete()
        return None
    return drafting.save_draft(draft, turned, by, reason=f"“{page.title}”将撤下，改引用")


def _turner(page: Page, replacement: Page) -> Callable[[str], str]:
    """Rewrites links where they are links: in references, in `to`, `principle` and `case` of front matter, in `applies`."""
    rules = set(replacement.principles.values_list("slug", flat=True))
    slug = re.escape(page.slug)
    link = re.compile(
        rf"""(?P<before>\[\[|\b(?:to|principle|case):\s*["']?|\bapplies=["']?){slug}(?P<rule>#[a-z][a-z0-9-]*)?(?![\w#-])"""
    )

    def turned(match: re.Match[str]) -> str:
        rule = match["rule"] or ""
        return f"{match['before']}{replacement.slug}{rule}" if not rule or rule[1:] in rules else match[0]

    return lambda text: link.sub(turned, text)
