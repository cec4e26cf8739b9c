import pytest

from guide.search.lexicon import make
from guide.search.queries import Alternative, Concept, Query, parse
from guide.search.readings import Reading, readings

LEXICON = make(
    same={"抱怨": ["投诉"]}, spelled={"tousu": ["投诉"]}, syllables={"投诉": ["tou", "su"]}, english={"complaint": ["投诉"]}
)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("投诉", ()),
        ("tousu", (Reading("spelled", "tousu", ("投诉",)),)),
        ("投su", (Reading("spelled", "投su", ("投诉",)),)),
        ("complaint", (Reading("spelled", "complaint", ("投诉",)),)),
        ("抱怨", (Reading("same", "抱怨", ("投诉",)),)),
        ("“登记受理”", (Reading("whole", "登记受理"),)),
        ("投诉 -电话", (Reading("without", "电话"),)),
        ("投訴", (Reading("written", "投訴", ("投诉",)),)),
    ],
)
def test_what_one_may_not_expect_is_told(typed, told):
    assert readings(parse(typed, LEXICON)) == told


def test_parts_of_a_word_are_not_told_as_its_synonyms():
    concept = Concept("投诉电话", (Alternative(("投诉电话",)), Alternative(("投诉", "电话"), 0.6), Alternative(("投诉",), 0.6)))

    assert readings(Query("投诉电话", (concept,))) == ()


def test_a_corrected_query_is_not_told_as_written_otherwise():
    assert readings(Query("投訴", corrected="投诉")) == ()
