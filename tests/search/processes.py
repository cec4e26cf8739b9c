"""Processes that write the index, read it, and die: run by `test_contract_processes` on a site of their own.

    DATA_DIR=… python -m tests.search.processes TRIAL

Each trial forks what it needs from one process that has not touched the index, asserts, and ends with 0 when all held.
"""

import os
import random
import resource
import signal
import sys
import time
import traceback
from contextlib import suppress

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")
django.setup()

from django.db import connections, transaction  # noqa: E402

from guide.pages.changes import conclude_write  # noqa: E402
from guide.pages.models import Page  # noqa: E402
from guide.search import index, outbox  # noqa: E402
from guide.search.generations import IndexBusy, writing_lock  # noqa: E402
from guide.search.lexicon import Lexicon  # noqa: E402
from guide.search.matching import match  # noqa: E402
from guide.search.models import Outbox  # noqa: E402
from guide.search.queries import parse  # noqa: E402

KILLS = 20
SECONDS = 3.0
PUBLISHED = 12  # by each of two writers
_running = set()


def found(text):
    """The slugs of the sections found for `text`, each as often as the index holds it."""
    rows = match(parse(text, Lexicon())).rows
    return [Page.objects.get(pk=row.pk).slug for row in rows if row.kind == "section"]


def publish(slug, word):
    """Give the page `slug` a text that says `word` alone."""
    page = Page.objects.get(slug=slug)
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(body=f"常备用语 {word}")
        conclude_write([page.pk])


def word_of(slug):
    return Page.objects.get(slug=slug).body.split()[-1]


def forked(work, *arguments):
    """Run `work` in a process of its own; gives its pid."""
    connections.close_all()
    pid = os.fork()
    if pid:
        _running.add(pid)
        return pid
    _running.clear()
    try:
        work(*arguments)
    except BaseException:  # noqa: BLE001  # whatever it was, a fork must not go on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def done(pid):
    """Whether the process ended well."""
    _running.discard(pid)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    assert not done(pid)


def publish_for_ever(slug):
    number = 0
    while True:
        publish(slug, f"{slug}{number}")
        outbox.drain()
        number += 1


def check_recovered(slug):
    """The index is whole as it was left; drained, it holds the last text once and no earlier one."""
    assert index.is_sound(to_the_end=True)
    assert len(found("常备用语")) <= 2
    outbox.drain()
    assert not Outbox.objects.exists()
    assert found(word_of(slug)) == [slug]
    number = int(word_of(slug).removeprefix(slug))
    assert not [earlier for earlier in range(number) if found(f"{slug}{earlier}")]


def kill_in_commit():
    chance = random.Random(7)  # noqa: S311
    for _ in range(KILLS):
        writer = forked(publish_for_ever, "complaints")
        time.sleep(chance.uniform(0.05, 0.4))
        kill(writer)
        assert done(forked(check_recovered, "complaints"))


def publish_several(slug):
    for number in range(PUBLISHED):
        publish(slug, f"{slug}{number}")
        with suppress(IndexBusy):  # the other one is at it: what is noted stays noted
            outbox.drain()


def two_writers():
    writers = [forked(publish_several, slug) for slug in ("complaints", "listening")]
    assert all(map(done, writers))
    for slug in ("complaints", "listening"):
        assert done(forked(check_recovered, slug))


def second_writer_is_refused():
    publish("complaints", "complaints0")
    with writing_lock():
        assert done(forked(_is_refused))
        assert Outbox.objects.exists()
    assert done(forked(check_recovered, "complaints"))


def _is_refused():
    try:
        outbox.drain()
    except IndexBusy:
        return
    raise AssertionError("a second writer was let in")


def read_for_a_while(seconds):
    """Open the index again and again: the page is there once, whatever the writer is doing."""
    end, opened = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        index.let_go()
        assert found("常备用语") == ["complaints"]
        opened += 1
    assert opened > 3


def read_while_committing():
    publish("complaints", "complaints0")
    outbox.drain()
    writer = forked(publish_for_ever, "complaints")
    readers = [forked(read_for_a_while, SECONDS) for _ in range(2)]
    assert all(map(done, readers))
    kill(writer)


def read_while_rebuilding():
    publish("complaints", "complaints0")
    outbox.drain()
    reader = forked(read_for_a_while, SECONDS)
    assert done(forked(outbox.rebuild))
    assert done(reader)


def killed_before_forgetting():
    publish("complaints", "complaints0")
    assert not done(forked(_apply_and_die))
    assert Outbox.objects.exists()
    assert done(forked(check_recovered, "complaints"))


def _apply_and_die():
    outbox._forget = lambda rows: os.kill(os.getpid(), signal.SIGKILL)
    outbox.drain()


def full_disk():
    assert done(forked(_meet_a_full_disk))


def _meet_a_full_disk():
    """The old index goes on answering; the same process writes as soon as there is room again."""
    publish("complaints", "complaints0")
    outbox.drain()
    publish("complaints", "complaints1")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (0, 50, 1000):  # bytes of a file: fails at the first file, or later in the commit
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
        try:
            _is_refused_room()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        assert found("complaints0") == ["complaints"]
    check_recovered("complaints")


def _is_refused_room():
    from guide.search import writing

    pk = Page.objects.get(slug="complaints").pk
    try:
        writing.refresh([pk])
    except OSError:
        return
    raise AssertionError("nothing was refused")


if __name__ == "__main__":
    try:
        globals()[sys.argv[1]]()
    finally:
        for pid in set(_running):
            kill(pid)
