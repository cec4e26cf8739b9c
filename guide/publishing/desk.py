"""What waits for one person in the admin: reviews, what was sent back, drafts, what is scheduled, conflicts with files."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from guide.pages.models import Revision
from guide.publishing import arranging, rights
from guide.publishing.arrangements import Arrangement
from guide.publishing.models import Conflict, Draft

MOST = 20


@dataclass(frozen=True)
class Desk:
    """Everything that waits for `user`, asked of the database only where a template shows it."""

    user: Any

    @property
    def reviews(self) -> list[Revision]:
        """Revisions that this person may decide on, those that waited longest first."""
        return list(rights.reviewable_by(self.user)[:MOST])

    @property
    def from_files(self) -> int:
        """How many of these revisions came from files, and may need each other."""
        return rights.reviewable_by(self.user).filter(origin=Revision.Origin.FILE).count()

    @property
    def arrangements(self) -> list[Arrangement]:
        """Moves and withdrawals that this person may decide on."""
        return arranging.reviewable_by(self.user)[:MOST]

    @property
    def asked(self) -> list[Arrangement]:
        """Moves and withdrawals of this person that others have still to decide on, or sent back these last days."""
        mine = Arrangement.objects.filter(author=self.user).exclude(state=Arrangement.State.DONE)
        recent = Q(state=Arrangement.State.IN_REVIEW) | Q(
            decided_at__gte=timezone.now() - timedelta(days=30), reviewer__isnull=False
        )
        return list(mine.filter(recent).prefetch_related("pages").select_related("reviewer")[:MOST])

    @property
    def submitted(self) -> list[Revision]:
        """This person's own revisions that others have still to decide on."""
        return list(Revision.objects.in_review().filter(author=self.user).select_related("page")[:MOST])

    @property
    def rejected(self) -> list[Revision]:
        """What was sent back to this person and has not been written anew since."""
        later = Revision.objects.filter(_same_target(), pk__gt=OuterRef("pk"))
        sent = Revision.objects.filter(author=self.user, state=Revision.State.REJECTED, reviewer__isnull=False)
        return list(sent.filter(~Exists(later)).select_related("page", "reviewer")[:MOST])

    @property
    def drafts(self) -> list[Draft]:
        return list(Draft.objects.filter(author=self.user).select_related("page")[:MOST])

    @property
    def scheduled(self) -> QuerySet[Revision]:
        return Revision.objects.scheduled().select_related("page", "author")[:MOST]

    @property
    def conflicts(self) -> QuerySet[Conflict]:
        return Conflict.objects.filter(settled_at=None).select_related("page")[:MOST]


def _same_target() -> Q:
    return Q(page=OuterRef("page")) | Q(page=None, document=OuterRef("document"), document__gt="")
