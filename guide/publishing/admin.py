"""Publishing in the admin: each subject has a module of its own; here they are brought together and named."""

from django.contrib import admin

from guide.publishing import (
    admin_arrangements,
    admin_audit,
    admin_conflicts,
    admin_derived,
    admin_documents,
    admin_pages,
    admin_review,
)
from guide.publishing.admin_editor import actor

__all__ = [
    "actor",
    "admin_arrangements",
    "admin_audit",
    "admin_conflicts",
    "admin_derived",
    "admin_documents",
    "admin_pages",
    "admin_review",
]


def _describe_site() -> None:
    admin.site.site_header = "服务规范指南 · 管理后台"
    admin.site.site_title = "服务规范指南"
    admin.site.index_title = "管理"


_describe_site()
