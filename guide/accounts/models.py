"""Who: the project's own User, in place from the first migration."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.utils.functional import cached_property

from guide.accounts.roles import STAFF_ROLES


class UserManager(DjangoUserManager["User"]):
    """Makes users without the stored `is_staff` of Django's own user."""

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, email, password, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in. Who may enter the admin follows from roles (groups) and is stored nowhere else."""

    objects = UserManager()  # type: ignore[misc]

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of the user's groups, read once a request."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_staff(self) -> bool:  # type: ignore[override]
        """Whether the user may enter the admin. In place of Django's column: roles are the one truth."""
        return self.is_superuser or not STAFF_ROLES.isdisjoint(self.roles)
