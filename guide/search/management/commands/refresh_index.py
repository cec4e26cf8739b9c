"""refresh_index: apply what the outbox notes, unless the worker is at it."""

from typing import Any

from django.core.management.base import BaseCommand

from guide.search import index, outbox


class Command(BaseCommand):
    help = "把待更新的页面写进搜索索引；后台进程正在写时由它完成。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(f"索引已更新：{outbox.drain()} 项。")
        except index.IndexBusy:
            self.stdout.write("后台进程正在更新索引。")
        except (index.IndexUnavailable, OSError) as error:
            # What is noted stays noted: the worker, or the next call, tries again.
            self.stderr.write(f"索引没有更新（{error}），指南本身不受影响；后台进程会再试。")
