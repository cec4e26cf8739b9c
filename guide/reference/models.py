"""What pages lean on: glossary terms, sources with their provisions, standard phrases, local values, synonyms.

Every row is derived from a document of the guide (glossary.yml, sources.yml …) by `publishing`, in place, and is
read-only elsewhere.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models


class ReferenceQuerySet(models.QuerySet[Any]):
    """Questions about terms and sources."""

    def visible_to(self, user: Any) -> Self:
        """All rows, or none where reading needs a sign-in that `user` lacks."""
        return self.none() if settings.READING == "signed-in" and not user.is_authenticated else self.all()


class GuideInfo(models.Model):
    """What the guide says of itself (guide.yml); one row at most."""

    title = models.CharField("名称", max_length=200)
    edition = models.CharField("版次", max_length=100)
    as_of = models.DateField("依据截至", null=True)
    scope = models.TextField("适用范围")
    posts = models.JSONField("岗位", default=dict)  # id -> label, in the order of the file
    relations = models.JSONField("关系名称", default=dict)  # id -> label

    class Meta:
        verbose_name = "指南说明"
        verbose_name_plural = "指南说明"

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """A glossary term with the everyday words that mean the same."""

    slug = models.SlugField("标识", unique=True, max_length=100)
    term = models.CharField("术语", max_length=100)
    pinyin = models.CharField("拼音", max_length=200)
    english = models.CharField("英文", max_length=200)
    definition = models.TextField("释义")
    aliases = models.JSONField("别称", default=list)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "slug"]
        verbose_name = "术语"
        verbose_name_plural = "术语"

    def __str__(self) -> str:
        return self.term


class Source(models.Model):
    """A law, regulation, standard or method on which the guide rests."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "现行"
        REVISED = "revised", "已修订"  # in force in a newer wording than the one that was read
        SUPERSEDED = "superseded", "已被取代"
        UNKNOWN = "unknown", "状态待核"
        REFERENCE = "reference", "资料"

    class Kind(models.TextChoices):
        LAW = "law", "法律"
        ADMIN_REGULATION = "admin_regulation", "行政法规"
        DEPARTMENTAL_RULE = "departmental_rule", "部门规章"
        NORMATIVE_DOCUMENT = "normative_document", "规范性文件"
        ANNOUNCEMENT = "announcement", "公告"
        NATIONAL_STANDARD = "national_standard", "国家标准"
        INDUSTRY_STANDARD = "industry_standard", "行业标准"
        GROUP_STANDARD = "group_standard", "团体标准"
        INTERNATIONAL_STANDARD = "international_standard", "国际标准"
        SELF_REGULATION = "self_regulation", "行业自律"
        REPORT = "report", "行业报告"
        METHOD = "method", "方法"

    key = models.SlugField("键", unique=True, max_length=100)
    title = models.CharField("名称", max_length=300)
    kind = models.CharField("类别", max_length=30, choices=Kind)
    issuer = models.CharField("制定机构", max_length=300)
    number = models.CharField("文号", max_length=300, blank=True)
    issued = models.CharField("发布日期", max_length=50, blank=True)  # as the register words it; empty means not confirmed
    effective = models.CharField("施行日期", max_length=50, blank=True)
    status = models.CharField("状态", max_length=20, choices=Status)
    official = models.CharField("官方查询", max_length=200, blank=True)
    checked = models.DateField("核对日", null=True)
    note = models.TextField("说明", blank=True)
    position = models.PositiveIntegerField("次序", default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = "依据"
        verbose_name_plural = "依据"

    def __str__(self) -> str:
        return self.title


class Provision(models.Model):
    """One fact of a source, as far as it has been confirmed."""

    class Confirmed(models.TextChoices):
        FULL_TEXT = "full_text", "已核条文"
        QUOTED = "quoted", "已核引文"
        SECONDARY = "secondary", "据公开资料，原文待核"

    source = models.ForeignKey(Source, models.CASCADE, related_name="provisions", verbose_name="依据")
    slug = models.SlugField("标识", max_length=20)
    text = models.TextField("内容")
    article = models.CharField("条款", max_length=50, blank=True)  # empty: not confirmed, so not printed
    confirmed = models.CharField("核对方式", max_length=20, choices=Confirmed, blank=True)  # empty: a method
    position = models.PositiveIntegerField("次序", default=0)

    class Meta:
        ordering = ["source__position", "position"]
        constraints = [models.UniqueConstraint(fields=["source", "slug"], name="provision_once_a_source")]
        verbose_name = "条款事实"
        verbose_name_plural = "条款事实"

    def __str__(self) -> str:
        return f"{self.source.title} {self.article}".strip()


class StandardPhrase(models.Model):
    """Wording that must read the same everywhere."""

    slug = models.SlugField("标识", unique=True, max_length=100)
    text = models.TextField("用语")

    class Meta:
        ordering = ["slug"]
        verbose_name = "标准用语"
        verbose_name_plural = "标准用语"

    def __str__(self) -> str:
        return self.text


class LocalValue(models.Model):
    """A value of the institution itself, such as its complaint telephone."""

    slug = models.SlugField("标识", unique=True, max_length=100)
    label = models.CharField("名称", max_length=100)
    value = models.CharField("本行填写", max_length=300, blank=True)
    position = models.PositiveIntegerField("次序", default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = "本行信息"
        verbose_name_plural = "本行信息"

    def __str__(self) -> str:
        return self.value or f"〔本行填写：{self.label}〕"


class SynonymGroup(models.Model):
    """Words of the workplace that mean the same to someone who searches."""

    words = models.JSONField("同义词", default=list)
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveIntegerField("次序", unique=True)

    class Meta:
        ordering = ["position"]
        verbose_name = "同义词组"
        verbose_name_plural = "同义词组"

    def __str__(self) -> str:
        return " ".join(self.words)
