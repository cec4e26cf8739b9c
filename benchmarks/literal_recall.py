"""Whether every word of the guide, typed as it stands, finds every section whose own text holds it.

    DATA_DIR=… .venv/bin/python -m benchmarks.literal_recall [--all] [--misses FILE]

Words are those the segmenter cuts from the sections, two to five characters long, and all runs of two to five Chinese
characters that stand together in them; of the runs one in RUNS is asked, or all with --all. A section's own text is its
title, its summary and its body without markup. The guide must be loaded and indexed in DATA_DIR.
"""

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.asking import ALL, sections, set_up

LENGTHS = range(2, 6)
RUNS = 4000  # runs of characters that are asked when not all are
SHOWN = 15
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def main() -> None:
    options = _options()
    set_up()
    texts = own_texts()
    cut, runs = set(), set()
    for text in texts.values():
        cut |= set(words_of(text))
        runs |= set(runs_of(text))
    asked_runs = sorted(runs) if options.all else random.Random(5).sample(sorted(runs), min(RUNS, len(runs)))
    missed = report("words as the segmenter cuts them", sorted(cut), len(cut), texts)
    missed |= report("runs of characters", asked_runs, len(runs), texts)
    if options.misses:
        lines = (f"{word}\t{' '.join(sorted(numbers))}\n" for word, numbers in sorted(missed.items()))
        options.misses.write_text("".join(lines), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="ask every run of characters, not a sample")
    parser.add_argument("--misses", type=Path, help="where to write what was not found, a word a line with its sections")
    return parser.parse_args()


def own_texts() -> dict[str, str]:
    """The text of each section, by number, as it is compared."""
    from guide.pages.models import Page
    from guide.search import words
    from guide.search.documents import page_text

    pages = Page.objects.published().filter(kind=Page.Kind.SECTION)
    return {page.number: words.normalise(f"{page.title}\n{page_text(page)}") for page in pages}


def words_of(text: str) -> Iterator[str]:
    from guide.search import words

    return (word.text for word in words.dictionary_words(text) if len(word.text) in LENGTHS)


def runs_of(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        for length in LENGTHS:
            yield from (run[start : start + length] for start in range(len(run) - length + 1))


def report(name: str, asked: list[str], of: int, texts: dict[str, str]) -> dict[str, set[str]]:
    """Ask each word; print how much is found and return what is not: sections by word."""
    missed, wanted = defaultdict(set), 0
    for word in asked:
        holding = {number for number, text in texts.items() if _holds(text, word)}
        wanted += len(holding)
        if lost := holding - {hit.number for hit in sections(word, limit=ALL).hits}:
            missed[word] = lost
    lost_pairs = sum(map(len, missed.values()))
    print(f"{name}: {len(asked)} of {of} asked; {100 * (1 - len(missed) / len(asked)):.2f} % find every section that holds "
          f"them; {100 * (1 - lost_pairs / wanted):.2f} % of {wanted} pairs of word and section")  # fmt: skip
    for word in list(missed)[:SHOWN]:
        print(f"  {word}: not in the results: {', '.join(sorted(missed[word]))}")
    return missed


def _holds(text: str, word: str) -> bool:
    """Whether `text` holds `word`; a Latin word or number only where it stands by itself."""
    if _HAN.fullmatch(word):
        return word in text
    return re.search(rf"(?<![a-z0-9.]){re.escape(word)}(?![a-z0-9]|\.[0-9])", text) is not None


if __name__ == "__main__":
    main()
