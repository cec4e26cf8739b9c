import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.publishing.differences import compare, compare_words

WRITTEN = st.text(st.sampled_from("投诉登记受理，。客户 ab|\n"), max_size=60)


def kinds(pieces):
    return [(piece.kind, piece.text) for piece in pieces]


def test_chinese_is_compared_by_words_not_by_characters():
    pieces = compare_words("接到投诉即登记受理。", "接到投诉当天登记受理。")

    assert kinds(pieces) == [("same", "接到投诉"), ("removed", "即"), ("added", "当天"), ("same", "登记受理。")]


def test_a_word_that_shares_a_character_is_exchanged_whole():
    pieces = compare_words("由营业部答复客户。", "由营销部答复客户。")

    assert ("removed", "营业部") in kinds(pieces) or ("removed", "营业") in kinds(pieces)


def rows_of(before, after):
    return [row for stretch in compare(before, after).stretches for row in stretch.rows]


def test_rows_stand_side_by_side_with_their_line_numbers():
    rows = rows_of("甲\n第一条不推诿\n丙\n", "甲\n新的一行\n第一条不得推诿\n丙\n")

    assert [(row.before, row.after) for row in rows] == [(1, 1), (None, 2), (2, 3), (3, 4), (4, 5)]
    assert "".join(piece.text for piece in rows[2].old) == "第一条不推诿"
    assert "".join(piece.text for piece in rows[2].new) == "第一条不得推诿"


def test_long_runs_without_change_are_folded():
    before = "".join(f"第{number}行\n" for number in range(30))
    folded = [stretch.is_folded for stretch in compare(before, before.replace("第15行", "改过的第15行")).stretches]

    assert folded == [True, False, True]


def test_same_texts_differ_in_nothing():
    assert compare("甲\n乙\n", "甲\n乙\n").is_empty
    assert not compare("甲\n乙\n", "甲\n乙").is_empty


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b"])
def test_text_is_kept_as_it_is(text):
    assert [piece.text for row in rows_of("", text) for piece in row.new] == [text]


@given(WRITTEN, WRITTEN)
def test_both_texts_can_be_read_back_from_the_rows(before, after):
    rows = rows_of(before, after)

    old = ["".join(piece.text for piece in row.old) for row in rows if row.before]
    new = ["".join(piece.text for piece in row.new) for row in rows if row.after]
    assert "\n".join(old) == before
    assert "\n".join(new) == after
