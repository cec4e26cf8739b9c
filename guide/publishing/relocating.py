"""Moves and withdrawals that files bring: noted in the register when a load makes them, asked for where it may not."""

from django.utils import timezone

from guide.mail import letters
from guide.pages.models import Page, Revision
from guide.publishing import arranging, rearranging, rights
from guide.publishing.arrangements import Arrangement
from guide.publishing.batch import Batch
from guide.publishing.plan import Plan
from guide.publishing.recording import Stamp

Act = Arrangement.Act


def places(batch: Batch) -> dict[str, str]:
    """Where the pages stand, by id, that `batch` is going to put somewhere."""
    slugs = [change.source.id for change in batch.pages if change.parent is not None]
    rows = Page.objects.published().only("slug", "number", "path")
    found = (page for page in rows if page.slug in set(slugs)) if slugs else ()
    return {page.slug: rearranging.place_of(page) for page in found}


def note(batch: Batch, before: dict[str, str], stamp: Stamp) -> None:
    """Note which pages stand elsewhere than `before`, and which `batch` took out of the guide."""
    done = {"state": Arrangement.State.DONE, "done_at": timezone.now()}
    for page in Page.objects.filter(slug__in=before) if len(before) < 500 else Page.objects.all():
        became = rearranging.place_of(page)
        if before.get(page.slug, became) != became:
            _make(Act.MOVE, [page], stamp, parent=page.parent, was=before[page.slug], became=became, **done)
    if batch.withdrawn:
        _make(Act.WITHDRAW, list(Page.objects.filter(slug__in=batch.withdrawn)), stamp, **done)


def propose(plan: Plan, stamp: Stamp) -> None:
    """Ask for the moves and withdrawals of `plan`. Under the lock of the load."""
    named = [place.name for place in plan.moves] + [place.parent for place in plan.moves] + plan.leaving
    pages = {page.slug: page for page in Page.objects.filter(slug__in=named)}
    made = []
    for place in plan.moves:
        page, index = pages[place.name], max(0, place.position - 1)
        parent = pages.get(place.parent)
        made.append(_make(Act.MOVE, [page], stamp, parent=parent, index=index, was=rearranging.place_of(page)))
    if plan.leaving:
        made.append(_make(Act.WITHDRAW, [pages[slug] for slug in plan.leaving], stamp))
    people = rights.reviewers() if made else []
    for one in made:
        readers = [user for user in people if arranging.may_review(user, one)]
        letters.write(readers, "publishing/mail/arrangement.txt", {"arrangement": one, "by": "文件"})


def _make(act: str, pages: list[Page], stamp: Stamp, **values: object) -> Arrangement:
    made: Arrangement = Arrangement.objects.create(
        act=act, origin=Revision.Origin.FILE, commit=stamp.commit, reason=stamp.reason, created_at=timezone.now(), **values
    )
    made.pages.set(pages)
    return made
