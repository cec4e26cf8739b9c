"""The outbox: which pages the index has still to hear of. Written in the transaction that changes them."""

from django.db import models


class Outbox(models.Model):
    """One page whose rows changed, or (without a page) a change of terms and sources."""

    page_pk = models.BigIntegerField("页面", null=True)
    noted_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "待更新索引"
        verbose_name_plural = "待更新索引"

    def __str__(self) -> str:
        return f"{self.page_pk or '术语与依据'}"
