"""Arrangement: that pages are moved or leave the guide, as it was asked for, decided and done. The register only grows."""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from guide.pages.models import Page, Revision
from guide.pages.revisions import AppendOnlyError, AppendOnlyModel, AppendOnlyQuerySet

USER = settings.AUTH_USER_MODEL
_DECIDED = {"reviewer", "decided_at", "note", "became", "done_at"}


@dataclass(frozen=True)
class Stand:
    """Where a page stood, as the register keeps it; cases have no number."""

    number: str
    path: str


class ArrangementQuerySet(AppendOnlyQuerySet):
    """Every question about many arrangements."""

    def in_review(self) -> Self:
        return self.filter(state=Arrangement.State.IN_REVIEW).order_by("created_at", "pk")

    def done(self) -> Self:
        """What was carried out, the latest first."""
        return self.filter(state=Arrangement.State.DONE).order_by("-done_at", "-pk")

    def of_page(self, page: Page) -> Self:
        return self.filter(pages=page)

    def decide(self, state: "Arrangement.State", **values: Any) -> int:
        """Bring these arrangements, those alone that wait, into `state`; returns how many went. For `arranging` only."""
        if unknown := set(values) - _DECIDED:
            raise AppendOnlyError(f"{sorted(unknown)} 不能修改。")
        return models.QuerySet.update(self.filter(state=Arrangement.State.IN_REVIEW), state=state, **values)


class ArrangementManager(models.Manager.from_queryset(ArrangementQuerySet)):  # type: ignore[misc]
    """Answers with ArrangementQuerySet."""


class Arrangement(AppendOnlyModel):
    """One move of a page, or one withdrawal of pages with what takes the place of links to them.

    `pages`: those asked for, and once it is done all that went with them. `replacements`: target as texts write it
    (id, id#principle) -> the one that links are turned to.
    """

    class Act(models.TextChoices):
        MOVE = "move", "移动"
        WITHDRAW = "withdraw", "撤下"

    class State(models.TextChoices):
        IN_REVIEW = "in-review", "待审核"
        DONE = "done", "已执行"
        REJECTED = "rejected", "已退回"

    act = models.CharField("做什么", max_length=8, choices=Act)
    pages = models.ManyToManyField(Page, related_name="arrangements", verbose_name="页面")
    document = models.CharField("文档", max_length=300, default="", blank=True)  # one that leaves the guide
    parent = models.ForeignKey(Page, models.PROTECT, null=True, related_name="+", verbose_name="移到哪一页之下")
    index = models.PositiveIntegerField("次序", default=0)  # among its siblings, itself left out
    replacements = models.JSONField("改引用", default=dict)
    origin = models.CharField("来源", max_length=5, choices=Revision.Origin, default=Revision.Origin.ADMIN)
    commit = models.CharField("提交号", max_length=40, default="", blank=True)
    author = models.ForeignKey(USER, models.PROTECT, null=True, related_name="arrangements", verbose_name="提交人")
    created_at = models.DateTimeField("提交时间")
    reason = models.CharField("原因", max_length=500, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.IN_REVIEW)
    alone = models.BooleanField("一人执行", default=False)
    reviewer = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    decided_at = models.DateTimeField("审核时间", null=True)
    note = models.TextField("审核意见", default="", blank=True)
    done_at = models.DateTimeField("执行时间", null=True)
    was = models.CharField("原来的编号与地址", max_length=600, default="", blank=True)  # "1.2 talk/listening"
    became = models.CharField("后来的编号与地址", max_length=600, default="", blank=True)

    objects = ArrangementManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "移动与撤下"
        verbose_name_plural = "移动与撤下"
        indexes = [models.Index(fields=["state", "done_at"], name="arrangement_state")]
        constraints = [
            models.CheckConstraint(
                name="arrangement_needs_a_second_person",
                condition=~Q(state="done") | Q(reviewer__isnull=False) | Q(origin="file") | Q(alone=True),
            ),
            models.CheckConstraint(name="arrangement_done_has_a_time", condition=~Q(state="done") | Q(done_at__isnull=False)),
            models.CheckConstraint(
                name="arrangement_reviewer_is_not_its_author",
                condition=Q(reviewer=None) | Q(author=None) | ~Q(reviewer=F("author")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}：{self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.alone and not settings.SINGLE_PERSON_PUBLISHING:
            raise AppendOnlyError("一人发布没有打开：SINGLE_PERSON_PUBLISHING。")
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """The pages that were asked for, the first of them by name."""
        if self.document or not self.pk:
            return self.document
        titles = list(self.pages.order_by("tree_id", "lft").values_list("title", flat=True))
        return "、".join(titles[:2]) + (f" 等 {len(titles)} 页" if len(titles) > 2 else "")

    @property
    def is_move(self) -> bool:
        return self.act == self.Act.MOVE

    @property
    def old(self) -> Stand:
        return self._stand(self.was)

    @property
    def new(self) -> Stand:
        return self._stand(self.became)

    @staticmethod
    def _stand(words: str) -> Stand:
        number, _, path = words.rpartition(" ")
        return Stand(number, path)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has still to decide."""
        return self.state == self.State.IN_REVIEW
