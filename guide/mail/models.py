"""Mail to be sent: one row a letter."""

from django.db import models


class Letter(models.Model):
    """A mail to be sent by the worker, written in the transaction of what it tells of, so that neither goes without."""

    to = models.EmailField("收件人")
    subject = models.CharField("主题", max_length=200)
    body = models.TextField("正文")
    written_at = models.DateTimeField("写于", auto_now_add=True)
    sent_at = models.DateTimeField("发出时间", null=True)
    tries = models.PositiveIntegerField("尝试次数", default=0)
    next_try = models.DateTimeField("下次尝试", null=True)
    forget_at = models.DateTimeField("删除时间", null=True)  # for addresses that are kept only so long
    problem = models.CharField("未发出的原因", max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "邮件"
        verbose_name_plural = "邮件"

    def __str__(self) -> str:
        return f"{self.to}：{self.subject}"
