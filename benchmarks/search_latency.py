"""How long a search takes, from the text as typed to ten rows with their passages, beside SQLite FTS5 and tantivy.

    .venv/bin/python -m benchmarks.search_latency [--sizes 100,1000,10000,100000] [--profile] [--no-peers] [--keep FOLDER]

For each size a site of its own is filled with that many synthetic pages (benchmarks/corpus.py; the guide's own terms and
synonyms stay) and indexed by `rebuild_index`'s own code; then `guide.search.results.search` is asked, database and all.
The size "guide" is the guide itself. Pages are written straight into the table: publishing is not what is measured here.
The peers are given the same words, cut by the same segmenter, and the same function cuts their passages; they know no
pinyin, no slips and no synonyms, so for these kinds they are asked the right words. All in one process, one after another.
Sites kept in a folder are taken as they stand by the next run: large ones take most of an hour to index.
"""

import argparse
import cProfile
import os
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import corpus
from benchmarks.asking import set_up
from benchmarks.search_peers import FIRST, Ask, peers

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
CHAPTERS = 8
SECTIONS_IN = 5  # one page in so many is a section, the others are cases below it
SUGGESTED = ("投", "客户", "tou", "ts", "礼仪", "kyc", "风险提", "排", "接待", "yin")


def main() -> None:
    options = _options()
    if options.one:
        measure(options.one, options)
        return
    print(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; p50 / p95 in ms [of the processor], {ROUNDS} rounds",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="latency-") as temporary:
        for size in options.sizes.split(","):
            site = (options.keep or Path(temporary)) / size
            command = [sys.executable, "-m", "benchmarks.search_latency", "--one", size, *_passed_on(options)]
            _run(site, command + ["--built"] * _begin(site))
            if not options.keep:
                shutil.rmtree(site)


def _begin(site: Path) -> bool:
    """Whether the site in this folder is filled and indexed; one that is not is begun with the guide itself."""
    if (site / "built").exists():
        return True
    shutil.rmtree(site, ignore_errors=True)
    _manage(site, "migrate", "-v0")
    _manage(site, "load_content")
    return False


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="guide,100,1000,10000", help="numbers of pages, with commas; or guide")
    parser.add_argument("--profile", action="store_true", help="show where the time of natural questions goes")
    parser.add_argument("--no-peers", action="store_true", help="leave out FTS5 and tantivy")
    parser.add_argument("--keep", type=Path, help="a folder for the sites, kept for the next run")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--built", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _passed_on(options: argparse.Namespace) -> list[str]:
    return ["--profile"] * options.profile + ["--no-peers"] * options.no_peers


def _manage(data: Path, *arguments: str) -> None:
    _run(data, [sys.executable, "manage.py", *arguments], stdout=subprocess.DEVNULL)


def _run(data: Path, command: list[str], **options: object) -> None:
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATA_DIR": str(data)}, check=True, **options)


def measure(size: str, options: argparse.Namespace) -> None:
    """Fill the site in DATA_DIR and index it where that is not done yet, and print a line a kind of question."""
    set_up()
    texts = texts_of(size, options.built)
    if not options.built:
        index(size, len(texts))
    engines = {"this site": site_asker()} | ({} if options.no_peers else peers(texts))
    print(f"{'':<18}" + "".join(f"{name:>34}" for name in engines))
    for kind, asked in corpus.questions(texts).items():
        print(f"{kind:<18}" + "".join(f"{timed(ask, asked, kind):>34}" for ask in engines.values()), flush=True)
    print(f"{'suggestions':<18}{timed(*suggestions()):>34}", flush=True)
    if options.profile:
        profile(engines["this site"], corpus.questions(texts)["natural question"])


def texts_of(size: str, is_filled: bool) -> list[corpus.Text]:
    """What the pages of the site say."""
    if size == "guide":
        return guide_texts()
    return corpus.make(int(size)) if is_filled else fill(int(size))


def index(size: str, pages: int) -> None:
    """Index the site in DATA_DIR, say how long that took, and mark the site as built."""
    from guide.search import outbox

    begun = time.perf_counter()
    count = outbox.rebuild()
    print(f"\n{size}: {pages} pages, {count} documents; index built in {time.perf_counter() - begun:.1f} s", flush=True)
    (Path(os.environ["DATA_DIR"]) / "built").touch()


def timed(ask: Ask, asked: list[corpus.Question], kind: str) -> str:
    """Median and 95th percentile in ms, once everything has been asked before; of the clock, and of the processor alone,
    which other work on the machine leaves as it is."""
    for question in asked:
        ask(question, kind)
    walls, processor = [], []
    for question in asked * ROUNDS:
        begun, worked = time.perf_counter(), time.thread_time()
        ask(question, kind)
        processor.append((time.thread_time() - worked) * 1000)
        walls.append((time.perf_counter() - begun) * 1000)
    return f"{_p50_p95(walls)} [{_p50_p95(processor)}]"


def _p50_p95(taken: list[float]) -> str:
    return f"{statistics.median(taken):.2f} / {statistics.quantiles(taken, n=20)[-1]:.2f}"


def suggestions() -> tuple[Ask, list[corpus.Question], str]:
    """How to ask for suggestions, what is typed, and what the kind is called."""
    from django.contrib.auth.models import AnonymousUser

    from guide.pages.outline import outline_for
    from guide.search.suggestions import suggest

    reader = AnonymousUser()
    outline = outline_for(reader)
    return (
        lambda question, kind: suggest(question.text, reader, outline),
        [corpus.Question(text, ()) for text in SUGGESTED],
        "s",
    )


def site_asker() -> Ask:
    from django.contrib.auth.models import AnonymousUser

    from guide.pages.outline import outline_for
    from guide.search.results import search

    reader = AnonymousUser()
    outline = outline_for(reader)  # as a request holds it
    return lambda question, kind: search(question.text, reader, outline, limit=FIRST)


def fill(size: int) -> list[corpus.Text]:
    """Write `size` pages into the table in place of the guide's own; returns what they say."""
    from django.utils import timezone

    from guide.pages.models import Page

    texts, now = corpus.make(size), timezone.now()
    Page.objects.update(withdrawn_at=now)
    chapters = [
        Page(kind="chapter", slug=f"x{place}", title=f"第{place}部分", number=str(place), path=f"x{place}", changed_at=now,
             tree_id=1000 + place, lft=1, rght=2, level=0)
        for place in range(1, CHAPTERS + 1)
    ]  # fmt: skip
    Page.objects.bulk_create(chapters)
    sections = [_page(place, text, chapters, now) for place, text in enumerate(texts[::SECTIONS_IN])]
    Page.objects.bulk_create(sections, batch_size=200)
    others = [text for place, text in enumerate(texts) if place % SECTIONS_IN]
    Page.objects.bulk_create((_case(place, text, sections, now) for place, text in enumerate(others)), batch_size=200)
    return texts


def _page(place: int, text: corpus.Text, chapters: list, now: object):
    from guide.pages.models import Page

    chapter = chapters[place % CHAPTERS]
    return Page(
        kind="section", slug=f"s{place}", title=text.title, summary=text.summary, body=text.body, parent=chapter,
        number=f"{chapter.number}.{place // CHAPTERS + 1}", path=f"{chapter.path}/s{place}", changed_at=now,
        tree_id=chapter.tree_id, lft=2 * place + 2, rght=2 * place + 3, level=1,
    )  # fmt: skip


def _case(place: int, text: corpus.Text, sections: list, now: object):
    from guide.pages.models import Page

    section = sections[place % len(sections)]
    return Page(
        kind="case", slug=f"c{place}", title=text.title, summary=text.summary, body=text.body, parent=section,
        path=f"{section.path}/c{place}", changed_at=now, tree_id=section.tree_id, lft=section.lft, rght=section.rght, level=2,
    )  # fmt: skip


def guide_texts() -> list[corpus.Text]:
    from guide.pages.models import Page
    from guide.search.documents import page_text

    return [corpus.Text(page.title, page.summary, page_text(page)) for page in Page.objects.published()]


def profile(ask: Ask, asked: list[corpus.Question]) -> None:
    """Print where the time of these questions goes."""
    profiler = cProfile.Profile()
    profiler.enable()
    for question in asked:
        ask(question, "natural question")
    profiler.disable()
    pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
