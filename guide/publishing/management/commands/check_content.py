"""check_content [DIR]: judge the files of the guide without touching the database."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from guide.publishing.faults import SourceError
from guide.publishing.loading import check


class Command(BaseCommand):
    help = "只检查 content/（或 DIR），不改任何东西。退出码：0 无错；1 有错。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=settings.CONTENT_DIR, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            warnings = check(options["directory"])
        except SourceError as error:
            self.stderr.write(f"{error}\n共 {len(error.faults)} 处错误。")
            sys.exit(1)
        for warning in warnings:
            self.stderr.write(f"提醒：{warning}")
        self.stdout.write("没有错误。")
