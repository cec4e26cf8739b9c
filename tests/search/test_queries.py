import pytest

from guide.search.queries import parse


def test_words_of_asking_are_left_out():
    assert parse("客户投诉怎么办").terms == ("客户", "投诉")


def test_quoted_words_are_a_phrase():
    assert parse("“客户投诉” 登记").phrases == ("客户投诉",)


@pytest.mark.parametrize("text", ["3.5", "３．５", " 3.5 "])
def test_section_number_is_known(text):
    assert parse(text).number == "3.5"


@pytest.mark.parametrize("text", ["", "   ", "？？", "\0", "“”"])
def test_nothing_to_search_is_an_empty_query(text):
    assert parse(text).is_empty


def test_only_words_of_asking_are_searched_after_all():
    assert not parse("怎么办").is_empty
