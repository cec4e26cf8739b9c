"""Who may edit and review what: the permissions of roles, narrowed by the roles of a chapter."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from guide.pages.models import Page, Revision
from guide.publishing.models import ChapterRole, Document, Participation

Part = Participation.Part
_PERMISSION = {Part.WRITER: {Page: "pages.change_page", Document: "publishing.change_document"}}
REVIEW = "pages.review_revision"


class NotAllowed(Exception):
    """Somebody may not do this; the words say why."""


def may_edit(user: Any, target: Page | Document) -> bool:
    """Whether `user` may write drafts of `target`, submit them, move and withdraw it."""
    return user.has_perm(_PERMISSION[Part.WRITER][type(target)]) and _is_open(user, target, Part.WRITER)


def may_review(user: Any, target: Page | Document) -> bool:
    """Whether `user` may decide on revisions of `target`, those of others."""
    return user.has_perm(REVIEW) and _is_open(user, target, Part.REVIEWER)


def ensure_may_edit(user: Any, target: Page | Document) -> None:
    if not may_edit(user, target):
        raise NotAllowed(f"您没有修改“{target}”的权限。")


def ensure_may_review(user: Any, revision: Revision, target: Page | Document) -> None:
    """Raise NotAllowed where `user` has no right to review `target`, or wrote `revision`."""
    if is_writer(user, revision):
        raise NotAllowed("自己写的或改过的版本，要由另一个人审核。")
    if not may_review(user, target):
        raise NotAllowed(f"您没有审核“{target}”的权限。")


def is_writer(user: Any, revision: Revision) -> bool:
    """Whether `user` wrote or changed `revision`."""
    return revision.author_id == user.pk or revision.participations.filter(user=user, part=Part.WRITER).exists()


def reviewable_by(user: Any) -> QuerySet[Revision]:
    """The revisions in review that `user` may decide on, those that waited longest first."""
    found: QuerySet[Revision] = Revision.objects.in_review()
    if not user.has_perm(REVIEW):
        return found.none()
    written = Participation.objects.filter(user=user, part=Part.WRITER).values("revision")
    found = found.exclude(author=user).exclude(pk__in=written).exclude(_closed_chapters(user))
    return found.select_related("page", "author")


def _closed_chapters(user: Any) -> Q:
    """Pages of the chapters that others review, and not `user`."""
    roles = ChapterRole.objects.filter(part=Part.REVIEWER)
    closed = set(roles.values_list("chapter__slug", flat=True)) - set(
        roles.filter(user=user).values_list("chapter__slug", flat=True)
    )
    if user.is_superuser:
        closed = set()
    condition = Q(pk__in=[])
    for slug in closed:
        condition |= Q(page__path=slug) | Q(page__path__startswith=f"{slug}/")
    return condition


def reviewers() -> list[Any]:
    """Everybody who has the right to review; for which chapters is another question."""
    manager, backend = get_user_model()._default_manager, "django.contrib.auth.backends.ModelBackend"
    return list(manager.with_perm(REVIEW, include_superusers=False, backend=backend))


def reviewers_of(target: Page | Document, revision: Revision) -> list[Any]:
    """Everybody who may decide on `revision` of `target`."""
    return [user for user in reviewers() if _is_open(user, target, Part.REVIEWER) and not is_writer(user, revision)]


def writers_of(target: Page | Document) -> list[Any]:
    """Everybody who may edit `target`; administrators by right alone only where there is nobody else."""
    manager, backend = get_user_model()._default_manager, "django.contrib.auth.backends.ModelBackend"
    permission = _PERMISSION[Part.WRITER][type(target)]
    people = manager.with_perm(permission, include_superusers=False, backend=backend)
    found = [user for user in people if _is_open(user, target, Part.WRITER)]
    return found or list(manager.filter(is_superuser=True, is_active=True))


def _is_open(user: Any, target: Page | Document, part: str) -> bool:
    """Whether the chapter of `target` is open to `user` in this part: nobody is named for it, or `user` is."""
    if isinstance(target, Document) or user.is_superuser:
        return True
    named = ChapterRole.objects.filter(chapter__slug=target.path.partition("/")[0], part=part)
    people = set(named.values_list("user", flat=True))
    return not people or user.pk in people
