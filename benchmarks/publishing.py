"""How long one page takes from draft to live text on a guide of 4,000 sections: save, submit, approve, move.

    .venv/bin/python -m benchmarks.publishing [SECTIONS]

The guide is loaded by a process of its own; each act is then timed alone: the median of the time on the clock, of that
on the processor (which a busy machine does not lengthen), and the worst on the clock.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.loading import ROOT, write_sections

ROUNDS = 15


class Stopwatch:
    """Times acts by name, on the clock and on the processor, in milliseconds."""

    def __init__(self) -> None:
        self.times = defaultdict(list)

    def time(self, name, act, *arguments):
        begun, used = time.perf_counter(), time.process_time()
        result = act(*arguments)
        self.times[name].append(((time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000))
        return result

    def report(self) -> None:
        for name, values in self.times.items():
            clock, processor = zip(*values, strict=True)
            print(
                f"{name:<24} median {statistics.median(clock):7.0f} ms, processor {statistics.median(processor):7.0f} ms, "
                f"worst {max(clock):7.0f} ms", flush=True,
            )  # fmt: skip


def measure() -> None:
    """Time each act in this process, on the database that the environment names."""
    import django

    django.setup()
    from guide.pages.models import Page

    writer, reviewer = _people()
    watch = Stopwatch()
    sections = Page.objects.filter(kind="section").count()
    for number in range(ROUNDS):
        publish_one(Page.objects.get(slug=f"section-{number * 97 % sections}"), number, writer, reviewer, watch)
    watch.report()


def publish_one(page, number, writer, reviewer, watch) -> None:
    """Take a change of `page` from draft to live text, then move the page."""
    from guide.publishing import arranging, drafting, workflow

    draft = drafting.open_draft(page, writer)
    watch.time("save a draft", drafting.save_draft, draft, draft.text.replace("其余", f"其余{number}"), writer)
    revision = watch.time("submit", workflow.submit, draft, writer).revision
    watch.time("approve and publish", workflow.approve, revision, reviewer)
    asked = watch.time("ask for a move", arranging.propose_move, page, page.parent, number, writer)
    watch.time("approve and move", arranging.approve, asked, reviewer)


def _people():
    """Somebody who writes and somebody who reviews."""
    from django.contrib.auth import get_user_model

    from guide.publishing.audit import Actor

    create = get_user_model().objects.create_superuser
    return [Actor(create(name, password="benchmark-1")) for name in ("writer", "reviewer")]  # noqa: S106


def main() -> None:
    sections = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    print(f"{sections} sections, {os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {ROUNDS}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "content"
        write_sections(folder, sections)
        environment = os.environ | {"DATA_DIR": f"{temporary}/data", "DJANGO_SETTINGS_MODULE": "guide.settings"}
        manage = [sys.executable, "manage.py"]
        for command in (["migrate", "-v0"], ["load_content", str(folder)]):
            subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
        code = "from benchmarks.publishing import measure; measure()"
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
