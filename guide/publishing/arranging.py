"""Moving and withdrawing pages: what they would break is asked first, and refused."""

from collections.abc import Sequence

from django.db import transaction

from guide.pages import tree
from guide.pages.models import Page
from guide.publishing import audit, judging, rights, writing
from guide.publishing.audit import Act, Actor
from guide.publishing.batch import Batch
from guide.publishing.faults import SourceError


def move(page: Page, parent: Page | None, index: int, by: Actor) -> int:
    """Stand `page` under `parent` at `index` among its siblings; returns the guide's new version.

    Every old address stays alive. Raises NotAllowed, tree.InvalidMove.
    """
    rights.ensure_may_edit(by.user, page)
    rights.ensure_may_edit(by.user, parent or page)
    with transaction.atomic():
        tree.lock_tree()
        before = page.path
        version = writing.move(page, parent, index)
        page.refresh_from_db()
        audit.note(by, Act.MOVED, page, detail=f"{before} → {page.path}（{page.number}）")
    return version


def move_beside(page: Page, onto: Page, where: str, by: Actor) -> int:
    """Move `page` to the "left" or "right" of `onto`, or make it its "last-child". Raises as `move`."""
    return move(page, *place_beside(page, onto, where), by)


def place_beside(page: Page, onto: Page, where: str) -> tuple[Page | None, int]:
    """The parent and the index among its siblings that "left", "right" or "last-child" of `onto` is for `page`."""
    if where == "last-child":
        return onto, Page.objects.filter(parent=onto).count()
    if where not in ("left", "right") or page.pk == onto.pk:
        raise tree.InvalidMove("没有看懂要移到哪里。")
    around = Page.objects.filter(parent=onto.parent, kind=page.kind).exclude(pk=page.pk).order_by("position", "slug")
    siblings = list(around.values_list("pk", flat=True))
    index = siblings.index(onto.pk) if onto.pk in siblings else len(siblings)
    return onto.parent, index + (where == "right")


def withdraw(pages: Sequence[Page], by: Actor, reason: str = "") -> int:
    """Take `pages`, and all below them, out of the guide; their addresses say so. Returns how many went.

    Raises NotAllowed; SourceError with every link that would break, and nothing is written.
    """
    for page in pages:
        rights.ensure_may_edit(by.user, page)
    with transaction.atomic():
        tree.lock_tree()
        going = with_all_below(pages)
        if faults := judging.check_withdrawal([page.slug for page in going]):
            raise SourceError(faults)
        writing.publish(Batch(withdrawn=[page.slug for page in going]))
        for page in going:
            audit.note(by, Act.WITHDRAWN, page, detail=reason)
    return len(going)


def with_all_below(pages: Sequence[Page]) -> list[Page]:
    """The published pages among `pages` and below them."""
    found = {page.pk: page for page in pages if page.is_published}
    for page in pages:
        found |= {below.pk: below for below in Page.objects.published().below(page)}
    return list(found.values())
