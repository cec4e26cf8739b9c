import pytest

from guide.search import words


def found(cut, text):
    return [word.text for word in cut(text)]


def test_words_inside_a_sentence_are_found():
    assert {"客户", "投诉"} <= set(found(words.dictionary_words, "接到客户投诉后请登记"))


def test_pairs_are_every_two_neighbours():
    assert found(words.pairs, "客户投诉。好") == ["客户", "户投", "投诉", "好"]


@pytest.mark.parametrize("cut", [words.dictionary_words, words.pairs])
def test_offsets_are_true_and_positions_count_words(cut):
    text = "Ａ柜：客户投诉12378，见3.5节"
    cut_words = list(cut(text))

    assert all(words.normalise(text)[word.start : word.end] == word.text for word in cut_words)
    assert [word.position for word in cut_words] == sorted({word.position for word in cut_words})


def test_latin_words_and_numbers_stay_whole():
    assert {"kyc", "12378", "3.5"} <= set(found(words.dictionary_words, "KYC与12378，3.5节"))


def test_normalising_keeps_the_length():
    text = "ＫＹＣ３．５①㎏İﬁ"

    assert len(words.normalise(text)) == len(text)
    assert words.normalise("ＫＹＣ３．５") == "kyc3.5"


def test_word_that_leaves_the_dictionary_is_cut_again():
    words.use_dictionary(["首问负责制", "一次性告知"])
    whole = words.segments("首问负责制")
    words.use_dictionary(["一次性告知"])

    assert whole == ["首问负责制"]
    assert words.segments("首问负责制") == ["首", "问", "负责制"]
    words.use_dictionary(["一次性告知", "首问负责制"])
    assert words.segments("首问负责制") == ["首问负责制"]
