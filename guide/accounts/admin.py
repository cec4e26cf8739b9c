"""Users in the admin. Roles are given as groups; they alone decide who may enter."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from guide.accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Django's own user admin without the column that this User does not have.

    Superusers are in the hands of superusers: whoever could set the password of one would be one.
    """

    list_display = ("username", "roles", "last_name", "first_name", "email", "is_active")
    list_filter = ("groups", "is_active", "is_superuser")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("个人信息", {"fields": ("last_name", "first_name", "email")}),
        ("角色", {"fields": ("is_active", "groups", "is_superuser")}),
        ("日期", {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="角色")
    def roles(self, person: User) -> str:
        return "、".join(role.name for role in person.groups.all())

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles as boxes to tick: there are five."""
        told = {**kwargs, "widget": CheckboxSelectMultiple(), "label": "角色", "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **told)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only a superuser makes superusers."""
        own = tuple(self.readonly_fields)
        return own if request.user.is_superuser else (*own, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _may_touch(request, obj) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without the deletion of many at once, which asks of none of them whether they may be deleted."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    return person is None or not person.is_superuser or bool(request.user.is_superuser)


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(admin.ModelAdmin[Group]):
    """Roles are defined in code and shown here; what a role may do is not edited."""

    list_display = ("name",)
    fields = ("name", "permissions")
    filter_horizontal = ("permissions",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False
