"""Principle, CaseLink, Reference, Citation, Phrase: what points where, seen from both ends.

Every row is derived from the text of a page when it is published, updated in place, and read-only elsewhere.
"""

from django.db import models
from django.urls import reverse


class Principle(models.Model):
    """A rule of the guide: a heading of a section marked `.principle`, with the text below it."""

    class Level(models.TextChoices):
        MUST = "must", "必须"
        SHOULD = "should", "应当"
        MAY = "may", "可以"
        MUST_NOT = "must-not", "不得"

    class Basis(models.TextChoices):
        LAW = "law", "法定"
        STANDARD = "standard", "标准"
        GUIDE = "guide", "本指南"

    page = models.ForeignKey("pages.Page", models.CASCADE, related_name="principles", verbose_name="所在页")
    slug = models.SlugField("标识", max_length=100)
    title = models.CharField("标题", max_length=200)
    level = models.CharField("级别", max_length=10, choices=Level)
    basis = models.CharField("依据", max_length=10, choices=Basis)
    posts = models.JSONField("岗位", default=list)
    position = models.PositiveIntegerField("次序")
    text = models.TextField("正文")
    asked = models.JSONField("常见问法", default=list)
    applies = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="applied_by", verbose_name="同一义务写在"
    )

    class Meta:
        ordering = ["page__tree_id", "page__lft", "position"]
        constraints = [models.UniqueConstraint(fields=["page", "slug"], name="principle_once_a_page")]
        verbose_name = "原则"
        verbose_name_plural = "原则"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:principle", args=[self.page.slug, self.slug])


class CaseLink(models.Model):
    """A case, problem card or drill that shows, breaks, mends or excepts a principle."""

    class Relation(models.TextChoices):
        EXAMPLE = "example", "示范"
        BREACH = "breach", "反例"
        REMEDY = "remedy", "补救"
        EXCEPTION = "exception", "例外"

    principle = models.ForeignKey(Principle, models.PROTECT, related_name="case_links", verbose_name="原则")
    case = models.ForeignKey("pages.Page", models.CASCADE, related_name="principle_links", verbose_name="案例")
    relation = models.CharField("关系", max_length=10, choices=Relation)
    note = models.CharField("说明", max_length=300, blank=True)
    position = models.PositiveIntegerField("次序")

    class Meta:
        ordering = ["case", "position"]
        constraints = [models.UniqueConstraint(fields=["principle", "case"], name="case_once_a_principle")]
        verbose_name = "案例与原则"
        verbose_name_plural = "案例与原则"

    def __str__(self) -> str:
        return f"{self.case.title}：{self.get_relation_display()}“{self.principle.title}”"


class Reference(models.Model):
    """A mention in a page's text of another page, a principle, a term, a standard phrase or a local value."""

    page = models.ForeignKey("pages.Page", models.CASCADE, related_name="references", verbose_name="出自")
    target = models.CharField("写作", max_length=210)  # as written: id, id#principle, term:id, say:id, local:id
    to_page = models.ForeignKey("pages.Page", models.PROTECT, null=True, related_name="referred_by", verbose_name="页面")
    to_principle = models.ForeignKey(Principle, models.PROTECT, null=True, related_name="referred_by", verbose_name="原则")
    to_term = models.ForeignKey("reference.Term", models.PROTECT, null=True, related_name="referred_by", verbose_name="术语")
    to_phrase = models.ForeignKey(
        "reference.StandardPhrase", models.PROTECT, null=True, related_name="referred_by", verbose_name="标准用语"
    )
    to_local = models.ForeignKey(
        "reference.LocalValue", models.PROTECT, null=True, related_name="referred_by", verbose_name="本行信息"
    )
    is_plain = models.BooleanField("自动识别", default=False)  # a term found in the text without being marked
    position = models.PositiveIntegerField("次序")

    class Meta:
        ordering = ["page", "position"]
        constraints = [models.UniqueConstraint(fields=["page", "target"], name="target_once_a_page")]
        verbose_name = "引用"
        verbose_name_plural = "引用"

    def __str__(self) -> str:
        return self.target


class Citation(models.Model):
    """A provision on which a page, or one of its principles, rests."""

    page = models.ForeignKey("pages.Page", models.CASCADE, related_name="citations", verbose_name="页面")
    principle = models.ForeignKey(Principle, models.CASCADE, null=True, related_name="citations", verbose_name="原则")
    provision = models.ForeignKey("reference.Provision", models.PROTECT, related_name="citations", verbose_name="条款")
    position = models.PositiveIntegerField("次序")

    class Meta:
        ordering = ["page", "position"]
        constraints = [
            models.UniqueConstraint(fields=["principle", "provision"], name="provision_once_a_principle"),
            models.UniqueConstraint(
                fields=["page", "provision"], condition=models.Q(principle=None), name="provision_once_outside_principles"
            ),
        ]
        verbose_name = "依据引用"
        verbose_name_plural = "依据引用"

    def __str__(self) -> str:
        return str(self.provision)


class Phrase(models.Model):
    """One row of a phrase table: what to say, what not to say, and why."""

    class Audience(models.TextChoices):
        CUSTOMER = "customer", "对客户"
        STAFF = "staff", "对同事"

    page = models.ForeignKey("pages.Page", models.CASCADE, related_name="phrases", verbose_name="页面")
    principle = models.ForeignKey(Principle, models.SET_NULL, null=True, related_name="phrases", verbose_name="原则")
    position = models.PositiveIntegerField("次序")
    say = models.TextField("宜说", blank=True)
    avoid = models.TextField("忌说", blank=True)
    why = models.TextField("为什么", blank=True)
    audience = models.CharField("对谁说", max_length=10, choices=Audience, default=Audience.CUSTOMER)
    posts = models.JSONField("岗位", default=list)

    class Meta:
        ordering = ["page__tree_id", "page__lft", "position"]
        constraints = [models.UniqueConstraint(fields=["page", "position"], name="phrase_once_a_position")]
        verbose_name = "话术"
        verbose_name_plural = "话术"

    def __str__(self) -> str:
        return self.say or self.avoid
