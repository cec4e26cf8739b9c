import pytest

from guide.search.lexicon import FILE, load, make, save

WORDS = {"投诉": ["tou", "su"], "投诉处理": ["tou", "su", "chu", "li"], "投资": ["tou", "zi"], "受理": ["shou", "li"]}


def test_lexicon_is_read_as_it_was_stored(tmp_path):
    save(
        make(dictionary=["风险等级"], same={"骂人": ["辱骂", "发火"]}, syllables=WORDS, own=["投诉"], usual={"行": "xing"}),
        tmp_path,
    )
    read = load(tmp_path)

    assert (read.dictionary, read.same("骂人"), read.usual("行")) == (("风险等级",), ["辱骂", "发火"], "xing")
    assert (read.is_own("投诉"), read.is_own("骂人"), read.same("投诉")) == (True, False, [])


def test_longest_word_tells_the_pinyin():
    assert make(syllables=WORDS).syllables("投诉处理完") == ["tou", "su", "chu", "li"]


def test_words_begun_come_in_the_order_they_were_given():
    assert make(syllables=WORDS).begun("投", "s") == ["投诉"]
    assert make(syllables={"投资": ["tou", "zi"], "投注": ["tou", "zhu"]}).begun("投", "z") == ["投资", "投注"]


def test_other_dictionary_leaves_the_rest_as_it_is():
    lexicon = make(dictionary=["风险等级"], syllables=WORDS)

    assert lexicon.cut_with(["风险"]).tobytes() == make(dictionary=["风险"], syllables=WORDS).tobytes()


@pytest.mark.parametrize("place", [0, 100, -1])
def test_one_wrong_byte_is_noticed(tmp_path, place):
    save(make(syllables=WORDS), tmp_path)
    data = bytearray((tmp_path / FILE).read_bytes())
    data[place] ^= 1
    (tmp_path / FILE).write_bytes(data)

    with pytest.raises(ValueError, match="not as it was written"):
        load(tmp_path)
