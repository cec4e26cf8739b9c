"""load_content [DIR] [--plan] [--allow-removals] [--continues]: bring the guide in step with its files."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from guide.publishing.faults import SourceError
from guide.publishing.loading import load
from guide.publishing.plan import Plan

# Progress is shown from this many pages on; below it the load is over before anyone looks.
SHOWN_FROM = 200
# So many pages of each kind of change are named after a load; --plan names all.
NAMED = 8


class Command(BaseCommand):
    help = "把 content/（或 DIR）读进指南。退出码：0 完成；1 有错，什么都没改；2 完成，有冲突留给人处理。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=settings.CONTENT_DIR, metavar="DIR")
        parser.add_argument("--plan", action="store_true", help="只打印会做什么，不改任何东西")
        parser.add_argument("--allow-removals", action="store_true", help="允许一次撤下较多页面")
        parser.add_argument("--continues", action="store_true", help="这个文件夹接着上次载入的那个：没有的页撤下，位置跟着移动")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = load(
                options["directory"],
                plan_only=options["plan"],
                allow_removals=options["allow_removals"],
                continues=options["continues"],
                progress=self._show,
            )
        except SourceError as error:
            self.stderr.write(f"{error}\n共 {len(error.faults)} 处错误，什么都没有改。")
            sys.exit(1)
        except DatabaseError as error:
            self.stderr.write(f"数据库写不进去（{error}），什么都没有改。")
            sys.exit(1)
        self._tell(plan, most=None if options["plan"] else NAMED)
        if not options["plan"]:
            # By its name: publishing knows that there is an index to refresh, not how.
            call_command("refresh_index", stdout=self.stdout, stderr=self.stderr)
        if plan.exit_status:
            sys.exit(plan.exit_status)

    def _tell(self, plan: Plan, most: int | None) -> None:
        if plan.is_foreign:
            self.stderr.write(
                "不是上次载入的文件夹：逐页与历史版本比对，只加它新写的；要删改的留给人处理，它没有的页不撤下，位置不移动。"
                "接着上次的用 --continues。"
            )
        for warning in plan.warnings:
            self.stderr.write(f"提醒：{warning}")
        self.stdout.write(plan.as_text(most))

    def _show(self, stage: str, done: int, total: int) -> None:
        if total >= SHOWN_FROM and done % SHOWN_FROM == 0:
            self.stderr.write(f"{stage} {done}/{total}")
