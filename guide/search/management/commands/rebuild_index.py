"""rebuild_index: build the whole search index anew and swap it in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.search import index, outbox


class Command(BaseCommand):
    help = "重建搜索索引。重建时站点照常用旧索引。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = outbox.rebuild()
        except index.IndexBusy as error:
            raise CommandError(f"{error}，稍后再试。") from error
        self.stdout.write(f"索引已重建：{count} 条。")
