import pytest

from guide.search import words
from guide.search.lexicon import make
from guide.search.queries import parse
from guide.search.slips import correct

PARTS = {
    "same": {"骂人": ["辱骂", "发火"]},
    "spelled": {"tousu": ["投诉"], "ts": ["投诉"]},
    "syllables": {"投诉": ["tou", "su"], "投资": ["tou", "zi"]},
    "english": {"complaint": ["消费投诉"]},
    "sounds": {"tousu": ["投诉"], "manyidu": ["满意度"]},
    "readings": {"投": ["tou"], "述": ["su"], "满": ["man"], "意": ["yi"], "渡": ["du"], "处": ["cu"], "理": ["ni"]},
}
LEXICON = make(**PARTS)


@pytest.fixture(autouse=True, scope="module")
def no_words_of_its_own():
    """Cut with the general dictionary, whatever guide was searched before."""
    words.use_dictionary(())


KNOWN = {"投诉", "处理", "满意", "满意度", "客户"}


def concepts(text):
    return [concept.text for concept in parse(text, LEXICON).concepts]


def stands_for(text):
    return {word for concept in parse(text, LEXICON).concepts for other in concept.alternatives for word in other.words}


def test_words_of_asking_are_left_out():
    assert concepts("客户投诉怎么办") == ["客户", "投诉"]


def test_only_words_of_asking_are_searched_after_all():
    assert not parse("怎么办", LEXICON).is_empty


def test_quoted_words_are_a_phrase():
    query = parse("“客户投诉” 登记", LEXICON)

    assert [(concept.text, concept.is_phrase) for concept in query.concepts] == [("客户投诉", True), ("登记", False)]


def test_word_behind_a_minus_is_excluded():
    query = parse("投诉 -电话", LEXICON)

    assert (concepts("投诉 -电话"), query.excluded) == (["投诉"], ("电话",))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.5", "3.5"), ("３．５", "3.5"), (" 3.5 ", "3.5"), ("3.5节", "3.5"), ("3-5", "3.5"), ("第三章第五节", "3.5"),
        ("第3章", "3"), ("三章", "3"), ("第2章 2.3节", "2.3"), ("第七章第三节", "7.3"), ("3", "3"), ("3.5.1", "3.5.1"),
        ("投诉3.5", ""), ("15日", ""), ("投诉", ""),
    ],
)  # fmt: skip
def test_section_number_is_known_in_every_spelling(text, number):
    assert parse(text, LEXICON).number == number


@pytest.mark.parametrize("text", ["", "   ", "？？", "\0", "“”", "-"])
def test_nothing_to_search_is_an_empty_query(text):
    assert parse(text, LEXICON).is_empty


@pytest.mark.parametrize(
    ("text", "word"), [("骂人", "辱骂"), ("tousu", "投诉"), ("ts", "投诉"), ("投su", "投诉"), ("complaint", "消费投诉")]
)
def test_word_stands_for_others(text, word):
    assert word in stands_for(text)


def test_traditional_is_read_as_simplified():
    assert concepts("客戶投訴") == ["客户", "投诉"]


@pytest.mark.parametrize(("text", "corrected"), [("投述处理", "投诉处理"), ("满意渡", "满意度")])
def test_slip_is_corrected_by_its_sound(text, corrected):
    assert correct(parse(text, LEXICON), LEXICON, KNOWN.__contains__).corrected == corrected


@pytest.mark.parametrize("text", ["投诉处理", "客户满意", "处理", "xyz"])
def test_known_words_are_never_touched(text):
    assert correct(parse(text, LEXICON), LEXICON, KNOWN.__contains__) is None


def test_everyday_character_by_itself_is_no_slip():
    assert correct(parse("满意渡", LEXICON), LEXICON, {*KNOWN, "渡"}.__contains__) is None


def test_characters_typed_apart_are_one_word():
    assert concepts(" 投 诉 ") == ["投诉"]


def test_asking_by_saying_both_bears_no_meaning():
    assert concepts("要不要投诉") == ["投诉"]


@pytest.mark.parametrize(
    ("text", "corrected"), [("满度评价", "满意度评价"), ("满意意度", "满意度"), ("意满度", "满意度"), ("生命周斯", "生命周期")]
)
def test_slip_is_corrected_by_its_look(text, corrected):
    lexicon = make(**PARTS | {"syllables": {"满意度": ["man", "yi", "du"], "生命周期": ["sheng", "ming", "zhou", "qi"]}})

    assert correct(parse(text, lexicon), lexicon, set().__contains__).corrected == corrected


def test_one_of_three_characters_put_for_another_is_no_slip():
    lexicon = make(**PARTS | {"syllables": {"不能办": ["bu", "neng", "ban"]}})

    assert correct(parse("不能栋", lexicon), lexicon, {"能"}.__contains__) is None


def test_number_can_be_read_as_a_word():
    assert (parse("三十", LEXICON).number, parse("三十", LEXICON, as_words=True).number) == ("310", "")


def test_words_gathered_by_the_editors_are_the_guides_own():
    lexicon = make(**PARTS, own=["投诉"])

    assert [concept.is_own for concept in parse("投诉 量子", lexicon).concepts] == [True, False]


@pytest.mark.parametrize(
    ("text", "whole"), [("投诉处理", "投诉处理"), ("投诉 处理", ""), ("kyc", "kyc"), ("客户投诉处理怎么办", "")]
)
def test_a_short_run_of_characters_may_be_one_word(text, whole):
    assert parse(text, LEXICON).whole == whole


def test_letters_that_are_a_word_of_the_guide_are_no_initials():
    lexicon = make(**PARTS | {"spelled": {"kyc": ["卡异常"]}}, own=["kyc"])

    assert [other.words for other in parse("KYC", lexicon).concepts[0].alternatives] == [("kyc",)]
