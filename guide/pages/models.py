"""Page and PageQuerySet: kinds, tree, paths, numbers, who sees what."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey
from mptt.querysets import TreeQuerySet

from guide.pages.links import CaseLink, Citation, Phrase, Principle, Reference
from guide.pages.revisions import Placement, Revision

__all__ = [
    "CaseLink", "Citation", "FormerPath", "GuideVersion", "Page", "Phrase", "Picture", "Placement", "Principle",
    "Reference", "Revision",
]  # fmt: skip


def _may_read(user: Any) -> bool:
    return settings.READING == "open" or bool(user.is_authenticated)


class PageQuerySet(TreeQuerySet):
    """Every question about many pages."""

    def published(self) -> Self:
        """Pages that are part of the guide today."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: Any) -> Self:
        """Published pages that `user` may read: all of them, or none where reading needs a sign-in."""
        return self.published() if _may_read(user) else self.none()

    def withdrawn_for(self, user: Any) -> Self:
        """Pages that `user` could read before they were withdrawn."""
        return self.exclude(withdrawn_at=None).filter(is_proposed=False) if _may_read(user) else self.none()

    def once_visible_to(self, user: Any) -> Self:
        """Pages that `user` may read the history of: those that are part of the guide, or were."""
        return self.filter(is_proposed=False) if _may_read(user) else self.none()

    def proposed(self) -> Self:
        """Pages that an editor has begun and nobody has published yet."""
        return self.filter(is_proposed=True)

    def in_reading_order(self) -> Self:
        return self.order_by("tree_id", "lft")

    def chapters(self) -> Self:
        return self.filter(kind=Page.Kind.CHAPTER)

    def numbered(self) -> Self:
        """Chapters and sections: the pages that carry a number."""
        return self.filter(kind__in=NUMBERED)

    def cases(self) -> Self:
        return self.filter(kind=Page.Kind.CASE)

    def below(self, page: "Page") -> Self:
        """The pages under `page` at any depth, itself left out."""
        return self.filter(tree_id=page.tree_id, lft__gt=page.lft, rght__lt=page.rght)

    def siblings_of(self, page: "Page") -> Self:
        """Pages of the same kind under the same parent, itself included."""
        return self.filter(parent_id=page.parent_id, kind=page.kind)

    def for_post(self, post: str) -> Self:
        """Pages written for `post`. Compared here, not in SQL: SQLite cannot look into a JSON list."""
        rows = self.order_by().values_list("pk", "posts")
        return self.filter(pk__in=[pk for pk, posts in rows if post in posts])

    def shaped_like_lists(self) -> Self:
        """The same pages without their long texts, for lists of many."""
        return self.defer("text", "file_text", "body")


class PageManager(TreeManager.from_queryset(PageQuerySet)):  # type: ignore[misc]
    """mptt's manager that answers with PageQuerySet."""


class Page(MPTTModel):
    """One page of the guide. Its truth is `text`, the whole file; the other columns are derived from it when it is
    published, and `lft` to `number` from where it stands (`guide.pages.tree`)."""

    class Kind(models.TextChoices):
        CHAPTER = "chapter", "章"
        SECTION = "section", "节"
        CASE = "case", "案例"
        CARD = "card", "问题卡"
        DRILL = "drill", "演练"

    class CaseType(models.TextChoices):
        GOOD = "good", "正例"
        BAD = "bad", "反例"
        DILEMMA = "dilemma", "两难"

    kind = models.CharField("种类", max_length=10, choices=Kind)
    slug = models.SlugField("标识", unique=True, max_length=100, editable=False)
    parent = TreeForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    position = models.PositiveIntegerField("次序", default=0, editable=False)
    path = models.CharField("路径", max_length=500, default="", editable=False, db_index=True)
    number = models.CharField("编号", max_length=20, default="", editable=False, db_index=True)

    text = models.TextField("全文")
    file_text = models.TextField("文件上次的全文", default="", editable=False)
    file_path = models.CharField("文件", max_length=500, default="", editable=False)

    title = models.CharField("标题", max_length=200)
    summary = models.CharField("一句话", max_length=500, blank=True)
    posts = models.JSONField("岗位", default=list)
    keywords = models.JSONField("关键词", default=list)
    topics = models.JSONField("主题", default=list)
    asked = models.JSONField("常见问法", default=list)
    owner = models.CharField("归口部门", max_length=100, blank=True)
    review_by = models.DateField("复核期限", null=True, blank=True)
    card = models.JSONField("首屏", default=dict)  # {"say": row of the phrase table, "case": slug}
    case_type = models.CharField("案例类型", max_length=10, choices=CaseType, blank=True)
    choices = models.JSONField("选择", default=list)  # [{"text", "outcome", "principle"}]
    body = models.TextField("正文")

    changed_at = models.DateTimeField("更新时间")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True, editable=False)

    is_proposed = models.BooleanField("尚未发布", default=False, editable=False)  # new, and kept from readers like withdrawn

    objects = PageManager()

    class Meta:
        verbose_name = "页面"
        verbose_name_plural = "页面"
        constraints = [
            models.CheckConstraint(
                name="proposed_page_is_not_read", condition=models.Q(is_proposed=False) | models.Q(withdrawn_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("pages:page", args=[self.path])

    @property
    def is_published(self) -> bool:
        return self.withdrawn_at is None

    @property
    def is_numbered(self) -> bool:
        return self.kind in NUMBERED

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which the page was to be looked through again has passed."""
        return self.review_by is not None and self.review_by < timezone.localdate()


NUMBERED = (Page.Kind.CHAPTER, Page.Kind.SECTION)

# Which kinds may stand directly under which; None is the root of the tree.
PARENT_KINDS: dict[str, tuple[str | None, ...]] = {
    Page.Kind.CHAPTER: (None,),
    Page.Kind.SECTION: (Page.Kind.CHAPTER, Page.Kind.SECTION),
    Page.Kind.CASE: (Page.Kind.SECTION,),
    Page.Kind.CARD: (Page.Kind.SECTION,),
    Page.Kind.DRILL: (Page.Kind.SECTION,),
}


class FormerPath(models.Model):
    """An address a page once had; it keeps answering with a permanent redirect."""

    path = models.CharField("旧路径", max_length=500, unique=True)
    page = models.ForeignKey(Page, models.CASCADE, related_name="former_paths", verbose_name="页面")

    class Meta:
        verbose_name = "旧地址"
        verbose_name_plural = "旧地址"

    def __str__(self) -> str:
        return self.path


class Picture(models.Model):
    """A picture of the guide: the name its texts know it by, and the file that holds it."""

    name = models.CharField("名称", max_length=300, unique=True)  # its path below content/
    file = models.CharField("文件", max_length=80)  # "hash.suffix" below PICTURES_DIR

    class Meta:
        verbose_name = "图片"
        verbose_name_plural = "图片"

    def __str__(self) -> str:
        return self.name


class GuideVersion(models.Model):
    """The version of the whole guide: one row, raised by every write."""

    number = models.PositiveBigIntegerField("版本号", default=0)

    class Meta:
        verbose_name = "版本"
        verbose_name_plural = "版本"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """The number of the version readers see now; 0 before the first load."""
        number: int | Combinable | None = cls.objects.filter(pk=1).values_list("number", flat=True).first()
        return int(number) if isinstance(number, int) else 0
