"""check_tree [--repair]: list what is wrong with the stored tree, and put it right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.pages import changes, tree


class Command(BaseCommand):
    help = "检查树的各列是否与上级和次序相符；--repair 改正。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="改正查出的错误")

    def handle(self, *args: Any, **options: Any) -> None:
        found = changes.repair() if options["repair"] else tree.check()
        for wrong in found:
            self.stdout.write(f"{wrong.page.slug}: {wrong.column} 是 {wrong.stored!r}，应为 {wrong.right!r}")
        if found and not options["repair"]:
            raise CommandError(f"{len(found)} 处不符。运行 check_tree --repair 改正。")
        self.stdout.write("树已改正。" if found else "树是完好的。")
