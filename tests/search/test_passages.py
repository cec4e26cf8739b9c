import pytest

from guide.search.passages import LENGTH, cut, mark_words, markable

LONG = "银行网点每天开门前要做准备。" * 20


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        (("投诉", "的", "客户投诉"), ("客户投诉", "投诉")),
        (("投诉", "人"), ("投诉",)),
        (("茶",), ("茶",)),
        (("的",), ()),
        (("a", "kyc"), ("kyc",)),
        ((), ()),
    ],
)
def test_only_words_worth_marking_are_marked(asked, marked):
    assert markable(asked) == marked


def test_passage_begins_with_the_sentence_of_the_first_word():
    assert cut(f"{LONG}客户来投诉时先登记。之后再核实。{LONG}", ("投诉",)).startswith("…客户来<mark>投诉</mark>时先登记。")


def test_passage_of_a_long_sentence_begins_with_a_clause():
    sentence = "这是一句很长很长而且一直没有说完的话" * 3
    text = f"{LONG}{sentence}，客户来投诉时先登记。"

    assert cut(text, ("投诉",)).startswith("…客户来<mark>投诉</mark>")


def test_passage_is_where_most_words_stand_together():
    assert "<mark>登记</mark>并<mark>答复</mark>" in cut(f"登记。{LONG}收到就登记并答复。{LONG}", ("登记", "答复"))


def test_longest_word_is_marked_whole():
    assert mark_words("客户投诉处理", ("投诉", "客户投诉", "户投")) == "<mark>客户投诉</mark>处理"


def test_traditional_and_wide_characters_are_marked_where_they_stand():
    assert mark_words("投訴與ＡＰＰ", ("投诉", "app")) == "<mark>投訴</mark>與<mark>ＡＰＰ</mark>"


def test_text_is_escaped_and_short():
    assert cut("<b>&投诉", ("投诉",)) == "&lt;b&gt;&amp;<mark>投诉</mark>"
    assert len(cut(LONG, ())) == LENGTH + 1
