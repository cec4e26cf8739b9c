"""rebuild_index: build the whole search index anew and swap it in."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.search import index, outbox


class Command(BaseCommand):
    help = "重建搜索索引。重建时站点照常用旧索引，期间的修改也照常生效。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--gently", action="store_true", help="让其他进程先用处理器")

    def handle(self, *args: Any, gently: bool, **options: Any) -> None:
        if gently:
            os.nice(10)
        try:
            count = outbox.rebuild()
        except index.IndexBusy as error:
            raise CommandError(f"{error}，稍后再试。") from error
        except OSError as error:
            raise CommandError(f"索引没有重建（{error}），旧索引照常使用。") from error
        self.stdout.write(f"索引已重建：{count} 条。")
