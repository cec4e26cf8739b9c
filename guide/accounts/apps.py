"""The accounts app: who uses the guide."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "guide.accounts"
    verbose_name = "用户与角色"

    def ready(self) -> None:
        from guide.accounts.roles import fill_roles

        # Permissions do not exist inside a fresh migration: each app makes its own when its turn comes afterwards.
        post_migrate.connect(fill_roles)
