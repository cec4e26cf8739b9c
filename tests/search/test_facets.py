import pytest

from guide.search.facets import Filters, Traits, count, passes

SECTION = Traits("section", frozenset({"talk"}), frozenset({"counter"}), rules=frozenset({("must", ""), ("may", "")}))
CASE = Traits(
    "case", frozenset({"talk", "practice"}), frozenset({"lobby"}), rules=frozenset({("must", "breach"), ("may", "example")})
)
NOTICE = Traits("section", frozenset({"talk"}), is_for_all=True)
TERM = Traits("term")
ROWS = [SECTION, CASE, NOTICE, TERM]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(), ROWS),
        (Filters(kind="term"), [TERM]),
        (Filters(chapter="practice"), [CASE]),
        (Filters(post="counter"), [SECTION, NOTICE]),
        (Filters(level="must"), [SECTION, CASE]),
        (Filters(relation="breach"), [CASE]),
        (Filters(level="may", relation="breach"), []),
        (Filters(level="may", relation="example", post="lobby"), [CASE]),
    ],
)
def test_filters_narrow_together(filters, left):
    assert [row for row in ROWS if passes(row, filters)] == left


@pytest.mark.parametrize("filters", [Filters(), Filters(post="lobby"), Filters(level="must"), Filters("case", level="may")])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "section"),
        ("chapter", "talk"),
        ("post", "counter"),
        ("post", "lobby"),
        ("level", "may"),
        ("relation", "breach"),
    ],
)
def test_count_is_the_number_of_rows_that_the_choice_leaves(filters, name, value):
    chosen = Filters(**{field: getattr(filters, field) for field in filters.active} | {name: value})

    assert count(ROWS, filters, ["counter", "lobby"])[name][value] == sum(passes(row, chosen) for row in ROWS)
