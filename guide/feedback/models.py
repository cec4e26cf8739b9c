"""Reports of readers, and whether a page helped. Neither says who it came from."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from guide.pages.models import Page, Principle, Revision


class ReportQuerySet(models.QuerySet["Report"]):
    """Every question about many reports."""

    def open(self) -> Self:
        """Reports that an editor has still to answer."""
        return self.filter(state__in=Report.OPEN)


class Report(models.Model):
    """What a reader says is wrong with a page, or with one of its principles."""

    class About(models.TextChoices):
        WRONG = "wrong", "内容有误或过时"
        UNCLEAR = "unclear", "看不懂"
        UNFIT = "unfit", "实际工作中做不到"
        MISSING = "missing", "缺少内容"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        NEW = "new", "新"
        TAKEN = "taken", "处理中"
        MENDED = "mended", "已改"
        DECLINED = "declined", "不改"

    OPEN = (State.NEW, State.TAKEN)

    page = models.ForeignKey(Page, models.CASCADE, related_name="reports", verbose_name="页面")
    principle = models.ForeignKey(
        Principle, models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name="原则"
    )
    place = models.CharField("位置", max_length=200, blank=True)  # the principle's title then, whatever becomes of it
    about = models.CharField("问题", max_length=10, choices=About)
    paragraph = models.CharField(
        "段落", max_length=100, blank=True, default=""
    )  # how it began: the page's words, not the reader's
    quote = models.CharField("原句", max_length=300, blank=True)  # words of it that the reader had marked
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="reports", verbose_name="所读版本")
    text = models.TextField("说明")
    email = models.EmailField("回复地址", blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.NEW, db_index=True)
    note = models.TextField("答复", blank=True)
    reported_at = models.DateTimeField("报告时间", auto_now_add=True)
    closed_at = models.DateTimeField("结束时间", null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "问题报告"
        verbose_name_plural = "问题报告"
        constraints = [
            models.CheckConstraint(
                name="closed_report_has_its_time",
                condition=Q(state__in=("new", "taken"), closed_at=None)
                | Q(state__in=("mended", "declined"), closed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.page}：{self.get_about_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Answer(models.Model):
    """How many readers said on one day that a page helped them, or did not."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="answers", verbose_name="页面")
    day = models.DateField("日期")
    helped = models.PositiveIntegerField("有帮助", default=0)
    failed = models.PositiveIntegerField("没有帮助", default=0)

    class Meta:
        ordering = ["-day", "page"]
        verbose_name = "有没有帮助"
        verbose_name_plural = "有没有帮助"
        constraints = [models.UniqueConstraint("page", "day", name="one_answer_of_page_and_day")]

    def __str__(self) -> str:
        return f"{self.page}：{self.day}"

    @classmethod
    def count(cls, page: Page, day: object, is_helpful: bool) -> None:
        """Count one more answer about `page`."""
        row, _ = cls.objects.get_or_create(page=page, day=day)
        column = "helped" if is_helpful else "failed"
        cls.objects.filter(pk=row.pk).update(**{column: F(column) + 1})
