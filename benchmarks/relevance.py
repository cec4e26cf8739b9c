"""How well search answers graded questions, and how often it takes right text for a slip.

    DATA_DIR=… .venv/bin/python -m benchmarks.relevance QUERIES.jsonl [MORE.jsonl …]

Each line of a set is {"q": …, "kind": …, "rel": {"3.5": 3}}; grade 3 is the section wanted, an empty `rel` a senseless
question that should find nothing. The guide must be loaded and indexed in DATA_DIR.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django

WANTED = 3
FIRST = 10
EVERY = 9  # one clause of the guide in so many is asked as it stands


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")
    django.setup()
    for name in sys.argv[1:]:
        score(Path(name))
    clauses = sorted(set(right_text()))[::EVERY]
    print(f"right text taken for a slip: {sum(bool(found(clause).query.corrected) for clause in clauses)} of {len(clauses)}")


def found(text: str):
    from django.contrib.auth.models import AnonymousUser

    from guide.pages.outline import outline_for
    from guide.search.results import search

    reader = AnonymousUser()
    return search(text, reader, outline_for(reader), kind="section", limit=FIRST)


def score(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    ranks = [rank(row) for row in rows if row["rel"]]
    senseless = [found(row["q"]).total == 0 for row in rows if not row["rel"]]
    if ranks:
        print(f"{path.name}: {len(ranks)} questions, success@1 {sum(place == 1 for place in ranks) / len(ranks):.2f}, "
              f"top three {sum(0 < place <= 3 for place in ranks) / len(ranks):.2f}, "
              f"MRR@{FIRST} {sum(1 / place for place in ranks if place) / len(ranks):.2f}")  # fmt: skip
    if senseless:
        print(f"{path.name}: senseless ones that find nothing: {sum(senseless)} of {len(senseless)}")


def rank(row: dict) -> int:
    """The place of the first wanted section, counted from 1; 0 when it is not among the first."""
    numbers = [hit.number for hit in found(row["q"]).hits]
    return next((place for place, number in enumerate(numbers, 1) if row["rel"].get(number, 0) >= WANTED), 0)


def right_text() -> Iterator[str]:
    """Clauses of the guide's own text of three to twelve characters."""
    from guide.pages.models import Page, Principle

    yield from Principle.objects.values_list("title", flat=True)
    for page in Page.objects.published():
        clauses = re.split(r"\W+", f"{page.summary}，{page.body}")
        yield from (clause for clause in clauses if re.fullmatch(r"[\u4e00-\u9fff]{3,12}", clause))


if __name__ == "__main__":
    main()
