"""Tags for the admin that only ask and draw: the desk on its front page, and whether one person may publish alone."""

from typing import Any

from django import template
from django.conf import settings

from guide.publishing.desk import Desk

register = template.Library()


@register.simple_tag
def publishing_alone() -> bool:
    """Whether the site lets one person publish without another."""
    return bool(settings.SINGLE_PERSON_PUBLISHING)


@register.simple_tag
def mail_folder() -> str:
    """Where mail is written to instead of being sent; empty where it is sent."""
    return str(settings.EMAIL_FILE_PATH) if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") else ""


@register.simple_tag
def desk_of(user: Any) -> Desk:
    """What waits for `user`."""
    return Desk(user)
