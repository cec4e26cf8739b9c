"""Revision and Placement: what a page said and where it stood, at any time. Both only ever grow."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from guide.pages import syntax


class AppendOnlyError(Exception):
    """History was to be changed or deleted; it can only be added to."""


class OwnRevision(Exception):
    """Somebody was to review what they wrote or changed."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that nobody changes or deletes, in bulk either."""

    def update(self, **values: Any) -> int:
        raise AppendOnlyError(f"{self.model._meta.label} 只能增加，不能修改。")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self.model._meta.label} 只能增加，不能删除。")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnlyError(f"{self.model._meta.label} 只能增加，不能修改。")


class AppendOnlyModel(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.label} {self.pk} 只能增加，不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self._meta.label} {self.pk} 只能增加，不能删除。")


class RevisionQuerySet(AppendOnlyQuerySet):
    """Every question about many revisions."""

    def live(self) -> Self:
        """The revisions that readers see now."""
        return self.filter(state=Revision.State.PUBLISHED)

    def once_live(self) -> Self:
        """Revisions that readers see now or saw once, the latest first."""
        return self.exclude(published_at=None).order_by("-published_at", "-pk")

    def changes(self, first: date | None = None, last: date | None = None) -> Self:
        """What was published of pages from one day to another, the latest day first, material changes first in it.

        Each has its `day`. Which pages may be seen is for the caller to say: `.filter(page__in=Page.objects.visible_to(…))`.
        """
        found = self.exclude(published_at=None).filter(page__isnull=False).annotate(day=TruncDate("published_at"))
        found = found.filter(day__gte=first) if first else found
        found = found.filter(day__lte=last) if last else found
        return found.select_related("page").defer("text").order_by("-day", "-is_material", "-published_at", "-pk")

    def in_review(self) -> Self:
        return self.filter(state=Revision.State.IN_REVIEW).order_by("created_at", "pk")

    def scheduled(self) -> Self:
        return self.filter(state=Revision.State.SCHEDULED).order_by("effective", "pk")

    def of_page(self, page: Any) -> Self:
        return self.filter(page=page)

    def of_document(self, name: str) -> Self:
        return self.filter(document=name, page=None)

    def decide(self, state: "Revision.State", **values: Any) -> int:
        """Bring these revisions into `state`, those alone that may go there; returns how many went.

        Only `guide.publishing` calls this. `values`: reviewer, decided_at, note, published_at, alone.
        """
        if unknown := set(values) - DECIDED:
            raise AppendOnlyError(f"{sorted(unknown)} 不能修改。")
        # The database refuses the author, and whoever takes part twice; this refuses who only helped to write.
        if values.get("reviewer") and self.filter(participations__user=values["reviewer"], participations__part="writer"):
            raise OwnRevision("自己写的或改过的版本，要由另一个人审核。")
        may_go = [before for before, after in TRANSITIONS.items() if state in after]
        return models.QuerySet.update(self.filter(state__in=may_go), state=state, **values)


class RevisionManager(models.Manager.from_queryset(RevisionQuerySet)):  # type: ignore[misc]
    """Answers with RevisionQuerySet."""


class Revision(AppendOnlyModel):
    """One text that a page or a document has had, or is proposed to have: the whole file text, for ever."""

    class State(models.TextChoices):
        IN_REVIEW = "in-review", "待审核"
        SCHEDULED = "scheduled", "待生效"
        PUBLISHED = "published", "现行"
        REJECTED = "rejected", "已退回"
        SUPERSEDED = "superseded", "已被取代"

    class Origin(models.TextChoices):
        FILE = "file", "文件"
        ADMIN = "admin", "后台"

    page = models.ForeignKey("pages.Page", models.PROTECT, null=True, related_name="revisions", verbose_name="页面")
    document = models.CharField("文档", max_length=300, default="", blank=True, db_index=True)  # its name, without a page
    number = models.PositiveIntegerField("版次")
    title = models.CharField("标题", max_length=200, default="", blank=True)
    text = models.TextField("全文")
    sha256 = models.CharField("校验和", max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="revisions", verbose_name="作者"
    )
    created_at = models.DateTimeField("提交时间")
    reason = models.CharField("修改原因", max_length=500, blank=True)
    is_material = models.BooleanField("实质性修改", default=False)
    state = models.CharField("状态", max_length=10, choices=State)
    origin = models.CharField("来源", max_length=5, choices=Origin)
    commit = models.CharField("提交号", max_length=40, default="", blank=True)  # of git, for a file in it
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors", verbose_name="改自")
    effective = models.DateField("生效日期", null=True)
    file_text = models.TextField("所合并的文件", default="", blank=True)  # where the text is a merge with a file
    alone = models.BooleanField("一人发布", default=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reviewed_revisions", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间", null=True)
    note = models.TextField("审核意见", default="", blank=True)
    published_at = models.DateTimeField("发布时间", null=True)

    objects = RevisionManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "版本"
        verbose_name_plural = "版本"
        permissions = [("review_revision", "可以审核")]
        indexes = [
            models.Index(fields=["state", "page"], name="revision_state"),
            models.Index(fields=["published_at"], name="revision_published_at"),
        ]
        constraints = [
            models.CheckConstraint(
                name="revision_of_page_or_document",
                condition=Q(page__isnull=False, document="") | (Q(page__isnull=True) & ~Q(document="")),
            ),
            models.UniqueConstraint("page", "number", name="revision_number_of_page"),
            models.UniqueConstraint("document", "number", name="revision_number_of_document", condition=Q(page=None)),
            models.UniqueConstraint("page", name="one_live_revision_of_page", condition=Q(state="published")),
            models.UniqueConstraint(
                "document", name="one_live_revision_of_document", condition=Q(state="published", page=None)
            ),
            models.CheckConstraint(
                name="published_needs_a_second_person",
                condition=(Q(published_at=None) & ~Q(state__in=["published", "scheduled"]))
                | Q(reviewer__isnull=False) | Q(origin="file") | Q(alone=True),
            ),
            models.CheckConstraint(
                name="published_has_a_time", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="reviewer_is_not_the_author",
                condition=Q(reviewer=None) | Q(author=None) | ~Q(reviewer=F("author")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title or self.document} · 第 {self.number} 版"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.alone and not settings.SINGLE_PERSON_PUBLISHING:
            raise AppendOnlyError("一人发布没有打开：SINGLE_PERSON_PUBLISHING。")
        self.sha256 = fingerprint(self.text)
        super().save(*args, **kwargs)

    @property
    def body(self) -> str:
        """The text below the front matter."""
        return syntax.body_of(self.text)

    @property
    def is_live(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has still to decide."""
        return self.state == self.State.IN_REVIEW


DECIDED = {"reviewer", "decided_at", "note", "published_at"}
# From which state a revision may go to which others.
TRANSITIONS: dict[str, set[str]] = {
    Revision.State.IN_REVIEW: {
        Revision.State.SCHEDULED, Revision.State.PUBLISHED, Revision.State.REJECTED, Revision.State.SUPERSEDED,
    },
    Revision.State.SCHEDULED: {Revision.State.PUBLISHED, Revision.State.IN_REVIEW, Revision.State.REJECTED},
    Revision.State.PUBLISHED: {Revision.State.SUPERSEDED},
}  # fmt: skip


def fingerprint(text: str) -> str:
    """The SHA-256 of exactly this text."""
    return sha256(text.encode()).hexdigest()


class PlacementQuerySet(AppendOnlyQuerySet):
    """Every question about where pages stood."""

    def open(self) -> Self:
        """Where pages stand now."""
        return self.filter(until=None)

    def at(self, moment: Any) -> Self:
        """Where pages stood at `moment`."""
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)

    def close(self, pks: Iterable[int], moment: Any) -> int:
        """Say that these placements ended at `moment`: the one thing ever written into a placement."""
        return models.QuerySet.update(self.filter(pk__in=list(pks), until=None), until=moment)


class PlacementManager(models.Manager.from_queryset(PlacementQuerySet)):  # type: ignore[misc]
    """Answers with PlacementQuerySet."""


class Placement(AppendOnlyModel):
    """Where a page stood from one moment to another; without an end, where it stands."""

    page = models.ForeignKey("pages.Page", models.PROTECT, related_name="placements", verbose_name="页面")
    parent = models.ForeignKey("pages.Page", models.PROTECT, null=True, related_name="+", verbose_name="上级")
    position = models.PositiveIntegerField("次序")
    since = models.DateTimeField("自")
    until = models.DateTimeField("至", null=True)

    objects = PlacementManager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = "位置"
        verbose_name_plural = "位置"
        constraints = [models.UniqueConstraint("page", name="one_open_placement", condition=Q(until=None))]

    def __str__(self) -> str:
        return f"{self.page}：{self.since:%Y-%m-%d}—{self.until or ''}"
