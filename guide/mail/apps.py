"""The mail app: letters that rooms write and the worker sends."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "guide.mail"
    verbose_name = "邮件"
