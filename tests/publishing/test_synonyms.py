import pytest

from guide.publishing.synonyms import Unplaced, groups, with_word

TEXT = """\
# 工装类
- words: [工装, 制服]  # 常用
- note: 情绪
  words: [投诉, 抱怨]

# 尾注
"""


def test_word_joins_the_group_of_a_word_and_all_else_stays():
    assert with_word(TEXT, "牢骚", ["抱怨"]) == TEXT.replace("抱怨]", "抱怨, 牢骚]")


def test_words_of_no_group_make_a_new_one():
    changed = with_word(TEXT, "叫号", ["排队", "取号"])

    assert changed.startswith(TEXT)
    assert groups(changed)[-1] == ("排队", "取号", "叫号")


def test_first_group_of_an_empty_document():
    assert groups(with_word("", "叫号", ["排队"])) == [("排队", "叫号")]


@pytest.mark.parametrize("word", ["骂 街", "no", "123", "a: b", "# x", "他说“好”", '"', "]", "- x"])
def test_any_word_is_read_back_as_it_was(word):
    assert groups(with_word(TEXT, word, ["抱怨"]))[1] == ("投诉", "抱怨", word)


def test_words_of_two_groups_are_refused():
    with pytest.raises(Unplaced, match="分属不同的词组"):
        with_word(TEXT, "牢骚", ["工装", "投诉"])


def test_word_that_stands_in_a_group_is_refused():
    with pytest.raises(Unplaced, match="已经在词组“投诉 抱怨”里"):
        with_word(TEXT, "投诉", ["工装"])
