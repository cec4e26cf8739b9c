"""export_content DIR [--into]: write the live guide as files, byte for byte."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.publishing.exporting import ExportRefused, export


class Command(BaseCommand):
    help = "把现行指南写成文件（新的或空的文件夹）；--into 写回载入过的文件夹，只动它认得的文件。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--into", action="store_true", help="写回已载入过的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = export(options["directory"].resolve(), into=options["into"])
        except (ExportRefused, OSError) as error:
            raise CommandError(f"没有导出：{error}") from error
        self.stdout.write(f"写出 {len(done.written)}，移去 {len(done.removed)}，不变 {done.unchanged}。")
        for path in done.left:
            self.stderr.write(f"没有动（文件的文字还在等人处理或审核）：{path}")
