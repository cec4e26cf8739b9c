"""The five roles and what each may do. A role is a Django group, filled after every migration."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Q

READER = "读者"
TRAINER = "培训师"
EDITOR = "编辑"
REVIEWER = "审核人"
ADMINISTRATOR = "管理员"

STAFF_ROLES = frozenset({EDITOR, REVIEWER, ADMINISTRATOR})

# Apps whose rows make up the guide; a role's rights on them are given by action.
GUIDE_APPS = ("pages", "reference", "publishing", "search", "feedback")
EDITABLE = Q(
    content_type__app_label__in=GUIDE_APPS, codename__in=("add_page", "change_page", "change_document", "change_report")
)


def fill_roles(sender: AppConfig, **kwargs: Any) -> None:
    """Make the five groups and give each exactly its permissions, once the last app has made its own.

    Harmless when repeated.
    """
    if sender.label != [app.label for app in apps.get_app_configs() if app.models_module][-1]:
        return
    permission = apps.get_model("auth", "Permission")
    group = apps.get_model("auth", "Group")
    for name, rights in _rights().items():
        role, _ = group.objects.get_or_create(name=name)
        role.permissions.set(permission.objects.filter(rights) if rights else [])


def _rights() -> dict[str, Q]:
    of_guide = Q(content_type__app_label__in=GUIDE_APPS)
    view = of_guide & Q(codename__startswith="view_")
    edit = view | EDITABLE
    review = Q(content_type__app_label="pages", codename="review_revision")
    people = Q(content_type__app_label="accounts", content_type__model="user")
    chapters = Q(content_type__app_label="publishing", content_type__model="chapterrole")
    groups = Q(content_type__app_label="auth", content_type__model="group", codename__startswith="view_")
    return {
        READER: Q(),
        TRAINER: Q(),
        EDITOR: edit,
        REVIEWER: view | review,
        ADMINISTRATOR: edit | review | people | groups | chapters,
    }
