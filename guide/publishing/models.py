"""Documents: the guide's YAML files, kept verbatim like the text of a page."""

from django.db import models


class Document(models.Model):
    """One YAML file of the guide: glossary.yml, sources.yml, a section's questions …"""

    name = models.CharField("文件", max_length=300, unique=True, editable=False)  # its path below content/
    text = models.TextField("全文")
    file_text = models.TextField("文件上次的全文", default="", editable=False)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        ordering = ["name"]
        verbose_name = "文档"
        verbose_name_plural = "文档"

    def __str__(self) -> str:
        return self.name
