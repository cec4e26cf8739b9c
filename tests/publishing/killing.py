"""Run by test_killed.py in a process of its own: kills processes in the middle of a write, and looks at what is left.

    python -m tests.publishing.killing load|publish CONTENT

Prints a line for each kill: "before" or "after", or what is wrong.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import django

TIMES = 20
OLD, NEW = "不打断", "绝不打断"


def forked(act):
    """Run `act` in a process that shares nothing with this one but the disk; its pid, and a pipe that tells of its start."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    try:
        os.close(reader)
        act(lambda said="1": os.write(writer, said.encode()))
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  # the process ends here, whatever it was
        print(f"failed: {error!r}", flush=True)
        os._exit(1)


def finished(act):
    """Run `act` to its end in a process of its own; seconds from the start it told of to its end."""
    pid, reader = forked(act)
    os.read(reader, 1)
    begun = time.perf_counter()
    os.waitpid(pid, 0)
    os.close(reader)
    return time.perf_counter() - begun


def killed(act, after):
    pid, reader = forked(act)
    os.read(reader, 1)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reader)


class Acts:
    """The writes that are killed. Each goes from the old text to the new one, or back."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.path = self.folder / "01-talk/02-listening.md"

    def prepare(self, started):
        from guide.accounts.models import User
        from guide.publishing.loading import load
        from guide.search import outbox

        started()
        load(self.folder)
        outbox.drain()
        User.objects.create_superuser("writer", password="pass-word-12")
        User.objects.create_superuser("reviewer", password="pass-word-12")

    def load(self, started):
        from guide.publishing.loading import load

        text = self.path.read_text()
        self.path.write_text(text.replace(NEW, OLD) if NEW in text else text.replace(OLD, NEW))
        started()
        load(self.folder)

    def publish(self, started):
        from guide.accounts.models import User
        from guide.pages.models import Page, Revision
        from guide.publishing import drafting, workflow
        from guide.publishing.audit import Actor

        by, reviewer = (Actor(User.objects.get(username=name)) for name in ("writer", "reviewer"))
        waiting = Revision.objects.in_review().first()
        if waiting is None:
            draft = drafting.open_draft(Page.objects.get(slug="listening"), by)
            text = draft.text.replace(NEW, OLD) if NEW in draft.text else draft.text.replace(OLD, NEW)
            waiting = workflow.submit(drafting.save_draft(draft, text, by), by).revision
        started()
        workflow.approve(waiting, reviewer)

    def look(self, started):
        """Say whether the site is as before or as after, and all of it."""
        from guide.pages import tree
        from guide.pages.models import Page, Placement
        from guide.search import index, outbox
        from guide.search.matching import match
        from guide.search.queries import parse
        from tests.publishing.test_workflow import history_is_whole

        started()
        page = Page.objects.get(slug="listening")
        outbox.drain()
        is_found = ("section", page.pk) in {(row.kind, row.pk) for row in match(parse(f"“{NEW}”", index.lexicon())).rows}
        wrong = [
            name
            for name, is_right in {
                "tree": tree.check() == [], "history": history_is_whole(), "index": is_found == (NEW in page.text),
                "rows": (NEW in page.body) == (NEW in page.text) == (NEW in page.principles.get().text),
                "places": Placement.objects.open().count() == Page.objects.published().count(),
            }.items()
            if not is_right
        ]  # fmt: skip
        print(" ".join(wrong) or ("after" if NEW in page.text else "before"), flush=True)


def main():
    django.setup()
    acts = Acts(sys.argv[2])
    act = getattr(acts, sys.argv[1])
    finished(acts.prepare)
    whole = sorted(finished(act) for _ in range(3))[1]
    chance = random.Random(7)  # noqa: S311
    for _ in range(TIMES):
        killed(act, chance.uniform(0, whole * 1.2))
        finished(acts.look)


if __name__ == "__main__":
    main()
