"""How well search answers graded questions, and how often it takes right text for a slip.

    DATA_DIR=… .venv/bin/python -m benchmarks.relevance [QUERIES.jsonl …] [--scorer SCORER.py]

Each line of a set is {"q": …, "kind": …, "rel": {"3.5": 3}}; grade 3 is the section wanted, an empty `rel` a senseless
question that should find nothing. Without names, our own sets in benchmarks/queries are asked. A scorer of one's own is
run as `SCORER.py --queries SET --callable benchmarks/relevance.py:ranked`. The guide must be loaded and indexed in
DATA_DIR.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import log2
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # a scorer loads this file by its path

from benchmarks.asking import sections, set_up  # noqa: E402

OWN_SETS = ROOT / "benchmarks" / "queries"
WANTED = 3
FIRST = 10
TOP = 3
EVERY = 9  # one clause of the guide in so many is asked as it stands


@dataclass(frozen=True)
class Answer:
    """What was found for one graded question: the grades of the sections, best place first."""

    kind: str
    rel: dict[str, int]
    found: tuple[str, ...]

    @cached_property
    def place(self) -> int:
        """The place of the first section wanted, counted from 1; 0 when it is not among the first."""
        return next((place for place, number in enumerate(self.found, 1) if self.rel.get(number, 0) >= WANTED), 0)

    @cached_property
    def gain(self) -> float:
        """The discounted gain of the order, as a share of the best order's."""
        best = sorted(self.rel.values(), reverse=True)[:FIRST]
        return _discounted([self.rel.get(number, 0) for number in self.found]) / _discounted(best)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sets", nargs="*", type=Path, default=sorted(OWN_SETS.glob("*.jsonl")))
    parser.add_argument("--scorer", type=Path, help="a program that scores the sets as well")
    options = parser.parse_args()
    set_up()
    for path in options.sets:
        score(path)
        if options.scorer:
            run_scorer(options.scorer, path)
    clauses = sorted(set(right_text()))[::EVERY]
    print(f"right text taken for a slip: {sum(bool(sections(clause).query.corrected) for clause in clauses)} of {len(clauses)}")


def score(path: Path) -> None:
    """Print a line for the whole set and one for each kind of question in it."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    answers = [Answer(row["kind"], row["rel"], tuple(ranked(row["q"]))) for row in rows]
    print(f"{path.name}: {len(answers)} questions")
    kinds = sorted({answer.kind for answer in answers})
    for kind in kinds if len(kinds) == 1 else ["all", *kinds]:
        print_line(kind, [answer for answer in answers if kind in ("all", answer.kind)])


def print_line(kind: str, answers: list[Answer]) -> None:
    graded = [answer for answer in answers if answer.rel]
    senseless = [answer for answer in answers if not answer.rel]
    if graded:
        print(f"  {kind:<18}{len(graded):>5}  success@1 {_share(answer.place == 1 for answer in graded):.3f}  "
              f"in the top {TOP} {_share(0 < answer.place <= TOP for answer in graded):.3f}  "
              f"MRR@{FIRST} {_share(1 / answer.place if answer.place else 0 for answer in graded):.3f}  "
              f"nDCG@{FIRST} {_share(answer.gain for answer in graded):.3f}", flush=True)  # fmt: skip
    if senseless and kind != "all":
        print(f"  {kind:<18}{len(senseless):>5}  find nothing: {sum(not answer.found for answer in senseless)}", flush=True)


def ranked(text: str) -> list[str]:
    """The numbers of the sections found for `text`, best first."""
    set_up()
    return [hit.number for hit in sections(text, limit=FIRST).hits]


def run_scorer(scorer: Path, queries: Path) -> None:
    command = [sys.executable, str(scorer), "--queries", str(queries), "--callable", f"{Path(__file__).resolve()}:ranked"]
    subprocess.run(command, cwd=ROOT, check=True)


def right_text() -> Iterator[str]:
    """Clauses of the guide's own text of three to twelve characters."""
    from guide.pages.models import Page, Principle

    yield from Principle.objects.values_list("title", flat=True)
    for page in Page.objects.published():
        clauses = re.split(r"\W+", f"{page.summary}，{page.body}")
        yield from (clause for clause in clauses if re.fullmatch(r"[\u4e00-\u9fff]{3,12}", clause))


def _discounted(grades: list[int]) -> float:
    return sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))


def _share(values) -> float:
    found = list(values)
    return sum(found) / len(found)


if __name__ == "__main__":
    main()
