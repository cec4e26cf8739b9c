"""How long 4,000 sections take to load, against mptt's own way of one insert after another.

    .venv/bin/python -m benchmarks.loading [SECTIONS]

Every figure is of a whole process on a database of its own; the reference writes the same number of bare nodes.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = 8
PARAGRAPH = "接到投诉即登记受理，当场告知受理编号和办理人，到期前没有结果也要告知进度。" * 6

REFERENCE = """
import django; django.setup()
from django.utils import timezone
from django.db import transaction
from guide.pages.models import Page
now = timezone.now()
with transaction.atomic():
    roots = [Page.objects.create(slug=f"c{c}", kind="chapter", title="章", changed_at=now) for c in range(CHAPTERS)]
    for n in range(SECTIONS):
        Page.objects.create(slug=f"s{n}", kind="section", title="节", changed_at=now, parent_id=roots[n % CHAPTERS].pk)
"""


def write_sections(folder: Path, sections: int) -> None:
    """Write a guide of `sections` sections of about 1,000 characters, each with a principle and two references."""
    folder.mkdir(parents=True)
    (folder / "guide.yml").write_text(
        "title: 大指南\nposts: {counter: 柜面}\nrelations: {example: 示范, breach: 反例, remedy: 补救, exception: 例外}\n",
        encoding="utf-8",
    )
    for chapter in range(CHAPTERS):
        home = folder / f"{chapter + 1:02}-chapter-{chapter}"
        home.mkdir()
        (home / "index.md").write_text(f"---\nid: chapter-{chapter}\ntitle: 第{chapter}\n---\n导语。\n", encoding="utf-8")
    for number in range(sections):
        home = folder / f"{number % CHAPTERS + 1:02}-chapter-{number % CHAPTERS}"
        text = (
            f"---\nid: section-{number}\ntitle: 规范{number}\nsummary: 一句话。\nposts: [counter]\nkeywords: [投诉]\n---\n"
            f"导语：见[[section-{(number * 7) % sections}]]和[[chapter-{number % CHAPTERS}]]。\n\n"
            f"## 登记受理 {{#register .principle level=should basis=guide}}\n\n**做到：** {PARAGRAPH}\n\n"
            f"## 其余\n\n{PARAGRAPH}{PARAGRAPH}\n"
        )
        (home / f"{number // CHAPTERS + 1:03}-section-{number}.md").write_text(text, encoding="utf-8")


def timed(name: str, command: list[str], environment: dict[str, str]) -> None:
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    print(f"{name:<46} {time.perf_counter() - begun:6.1f} s", flush=True)


def main() -> None:
    sections = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    print(f"{sections} sections, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "content"
        write_sections(folder, sections)
        manage = [sys.executable, "manage.py"]
        first = os.environ | {"DATA_DIR": f"{temporary}/first", "DJANGO_SETTINGS_MODULE": "guide.settings"}
        timed("migrate", [*manage, "migrate", "-v0"], first)
        timed("load_content, into an empty guide", [*manage, "load_content", str(folder)], first)
        timed("load_content again, nothing changed", [*manage, "load_content", str(folder)], first)
        timed("rebuild_index", [*manage, "rebuild_index"], first)
        second = first | {"DATA_DIR": f"{temporary}/second"}
        timed("migrate", [*manage, "migrate", "-v0"], second)
        code = REFERENCE.replace("CHAPTERS", str(CHAPTERS)).replace("SECTIONS", str(sections))
        timed("reference: bare nodes, one mptt insert each", [sys.executable, "-c", code], second)


if __name__ == "__main__":
    main()
