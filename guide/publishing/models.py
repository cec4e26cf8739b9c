"""Documents, drafts, who took part in a revision, conflicts with files, roles per chapter, the audit log."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from guide.pages.models import Page, Revision
from guide.pages.revisions import AppendOnlyModel, AppendOnlyQuerySet
from guide.publishing.arrangements import Arrangement

__all__ = [
    "Arrangement", "AuditEntry", "ChapterRole", "Conflict", "Document", "Draft", "LoadedFolder", "Participation",
    "Reminder", "keys_of",
]  # fmt: skip

USER = settings.AUTH_USER_MODEL
_PAGE_OR_DOCUMENT = Q(page__isnull=False, document="") | (Q(page__isnull=True) & ~Q(document=""))


class DocumentManager(models.Manager["Document"]):
    """Documents that are part of the guide."""

    def get_queryset(self) -> models.QuerySet["Document"]:
        return super().get_queryset().filter(is_withdrawn=False)


class Document(models.Model):
    """One YAML file of the guide: glossary.yml, sources.yml, a section's questions …"""

    name = models.CharField("文件", max_length=300, unique=True, editable=False)  # its path below content/
    text = models.TextField("全文")
    file_text = models.TextField("文件上次的全文", default="", editable=False)
    changed_at = models.DateTimeField("更新时间")
    is_withdrawn = models.BooleanField("已撤下", default=False, editable=False)  # its file is gone; its history stays

    objects = DocumentManager()
    everything = models.Manager["Document"]()

    class Meta:
        ordering = ["name"]
        verbose_name = "文档"
        verbose_name_plural = "文档"

    def __str__(self) -> str:
        return self.name


class DraftQuerySet(models.QuerySet["Draft"]):
    """Every question about many drafts."""

    def of(self, target: Page | Document) -> Self:
        return self.filter(**keys_of(target))


class Draft(models.Model):
    """What one person is writing for one page or document: theirs to change, and never seen by readers."""

    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="drafts", verbose_name="页面")
    document = models.CharField("文档", max_length=300, default="", blank=True)
    author = models.ForeignKey(USER, models.CASCADE, related_name="drafts", verbose_name="作者")
    base = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+", verbose_name="改自")
    # A revision of somebody that this draft takes up: its writers are writers of what becomes of the draft.
    continues = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+", verbose_name="接着写")
    text = models.TextField("全文")
    reason = models.CharField("修改原因", max_length=500, blank=True)
    is_material = models.BooleanField("实质性修改", default=False)
    effective = models.DateField("生效日期", null=True, blank=True)
    file_text = models.TextField("所合并的文件", default="", blank=True, editable=False)
    created_at = models.DateTimeField("开始时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = "草稿"
        verbose_name_plural = "草稿"
        constraints = [
            models.CheckConstraint(name="draft_of_page_or_document", condition=_PAGE_OR_DOCUMENT),
            models.UniqueConstraint("page", "author", name="one_draft_of_page_and_author"),
            models.UniqueConstraint(
                "document", "author", name="one_draft_of_document_and_author", condition=Q(page=None)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.page or self.document}（{self.author}）"


class Participation(AppendOnlyModel):
    """Somebody's part in a revision: writer or reviewer, and (by the constraint) never both."""

    class Part(models.TextChoices):
        WRITER = "writer", "作者"
        REVIEWER = "reviewer", "审核人"

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="participations", verbose_name="版本")
    user = models.ForeignKey(USER, models.PROTECT, related_name="participations", verbose_name="用户")
    part = models.CharField("身份", max_length=8, choices=Part)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "参与"
        verbose_name_plural = "参与"
        constraints = [models.UniqueConstraint("revision", "user", name="one_part_in_a_revision")]

    def __str__(self) -> str:
        return f"{self.user}：{self.get_part_display()}"


class Conflict(models.Model):
    """Guide and file both changed, in a way that does not merge: kept until a person settles it."""

    class Kind(models.TextChoices):
        BOTH_CHANGED = "both-changed", "两边都改过"
        FILE_GONE = "file-gone", "文件没有了"

    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="conflicts", verbose_name="页面")
    document = models.CharField("文档", max_length=300, default="", blank=True)
    kind = models.CharField("种类", max_length=12, choices=Kind)
    base_text = models.TextField("上次一致的全文")
    live_text = models.TextField("后台的全文")
    file_text = models.TextField("文件的全文", blank=True)
    why = models.CharField("原因", max_length=500, blank=True)
    found_at = models.DateTimeField("发现时间")
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+", verbose_name="处理成的版本")

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = "冲突"
        verbose_name_plural = "冲突"
        constraints = [
            models.CheckConstraint(name="conflict_of_page_or_document", condition=_PAGE_OR_DOCUMENT),
            models.UniqueConstraint("page", name="one_open_conflict_of_page", condition=Q(settled_at=None)),
            models.UniqueConstraint(
                "document", name="one_open_conflict_of_document", condition=Q(settled_at=None, page=None)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.page or self.document}：{self.get_kind_display()}"


class LoadedFolder(models.Model):
    """The folder that the guide was last in step with; one row at most."""

    path = models.CharField("文件夹", max_length=1000)
    commit = models.CharField("提交号", max_length=40, default="", blank=True)  # of git, where it was clean

    class Meta:
        verbose_name = "载入的文件夹"
        verbose_name_plural = "载入的文件夹"

    def __str__(self) -> str:
        return self.path


class ChapterRole(models.Model):
    """Who edits or reviews one chapter. A chapter without a row for a part is open to all who may do that part."""

    chapter = models.ForeignKey(
        Page, models.CASCADE, limit_choices_to={"kind": Page.Kind.CHAPTER}, related_name="chapter_roles", verbose_name="章"
    )
    user = models.ForeignKey(USER, models.CASCADE, related_name="chapter_roles", verbose_name="用户")
    part = models.CharField("身份", max_length=8, choices=Participation.Part)

    class Meta:
        verbose_name = "分章权限"
        verbose_name_plural = "分章权限"
        constraints = [models.UniqueConstraint("chapter", "user", "part", name="chapter_role_once")]

    def __str__(self) -> str:
        return f"{self.chapter}：{self.user}（{self.get_part_display()}）"


class AuditEntry(AppendOnlyModel):
    """One act: who, what, on what, when, from where. Nobody changes or deletes it."""

    class Act(models.TextChoices):
        PROPOSED = "proposed", "新建页面"
        SUBMITTED = "submitted", "提交审核"
        MERGED = "merged", "合并"
        APPROVED = "approved", "批准"
        REJECTED = "rejected", "退回"
        RETRACTED = "retracted", "撤回"
        SCHEDULED = "scheduled", "定期发布"
        RETURNED = "returned", "重回审核"
        PUBLISHED = "published", "发布"
        PUBLISHED_ALONE = "published-alone", "一人发布"
        RESTORED = "restored", "恢复旧版"
        WITHDRAWN = "withdrawn", "撤下"
        MOVED = "moved", "移动"
        LOADED = "loaded", "载入文件"
        EXPORTED = "exported", "导出文件"
        SETTLED = "settled", "处理冲突"
        OTHER = "other", "其他"

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="用户")
    who = models.CharField("谁", max_length=150)  # the name as it was then
    act = models.CharField("做了什么", max_length=16, choices=Act, db_index=True)
    page = models.ForeignKey(Page, models.PROTECT, null=True, related_name="+", verbose_name="页面")
    document = models.CharField("文档", max_length=300, default="", blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+", verbose_name="版本")
    detail = models.TextField("说明", blank=True)
    where = models.CharField("从哪里", max_length=200, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "操作记录"
        verbose_name_plural = "操作记录"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.get_act_display()}"


class Reminder(models.Model):
    """That those who may edit a page were written to about the day by which it is to be looked through again."""

    class Stage(models.IntegerChoices):
        MONTH = 30, "30 天前"
        WEEK = 7, "7 天前"
        OVERDUE = -1, "过期后"

    page = models.ForeignKey(Page, models.CASCADE, related_name="reminders", verbose_name="页面")
    due = models.DateField("复核期限")
    stage = models.SmallIntegerField("何时", choices=Stage)
    written_at = models.DateTimeField("写于", auto_now_add=True)

    class Meta:
        verbose_name = "复核提醒"
        verbose_name_plural = "复核提醒"
        constraints = [models.UniqueConstraint("page", "due", "stage", name="reminded_once")]

    def __str__(self) -> str:
        return f"{self.page}：{self.due}（{self.get_stage_display()}）"


def keys_of(target: Page | Document) -> dict[str, Any]:
    """The columns by which drafts, revisions and conflicts name `target`."""
    if isinstance(target, Page):
        return {"page": target, "document": ""}
    return {"page": None, "document": target.name}
