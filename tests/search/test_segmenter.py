import random
import re
from importlib import metadata
from pathlib import Path

import pytest
import rjieba

from guide.search import segmenter
from guide.search.segmenter import Segmenter

CONTENT = Path(__file__).resolve().parents[2] / "content"
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
OWN = ("首问负责制", "一次性告知", "客户", "转错人", "听客户说完")


@pytest.fixture(scope="module")
def runs():
    """Every run of Chinese in the guide, and words of the general dictionary that never stood side by side."""
    written = [run for path in sorted(CONTENT.rglob("*.md")) for run in HAN.findall(path.read_text(encoding="utf-8"))]
    rows = Path(str(metadata.distribution("jieba").locate_file("jieba/dict.txt"))).read_text(encoding="utf-8").splitlines()
    words = [row.split(" ")[0] for row in rows]
    chance = random.Random(40)  # noqa: S311  # a sample, the same each time
    mixed = ["".join(chance.sample(words, 3) + chance.sample(OWN, 1)) for _ in range(5_000)]
    return list(dict.fromkeys([*written, *(run for text in mixed for run in HAN.findall(text))]))


@pytest.mark.parametrize("own", [(), OWN], ids=["general", "with the guide's words"])
def test_cuts_as_the_reference_segmenter_does(runs, own):
    reference = rjieba.Jieba()
    for word in own:
        reference.add_word(word, segmenter.OWN_FREQUENCY, "n")
    ours = Segmenter(segmenter.general(), frozenset(own))

    assert [ours.cut(run) for run in runs] == [reference.cut(run, hmm=False) for run in runs]
    assert [list(ours.cut_for_search(run)) for run in runs] == [
        [(word, start) for word, start, _ in reference.tokenize(run, mode="search", hmm=False)] for run in runs
    ]


def test_characters_that_no_dictionary_knows_stand_alone():
    assert Segmenter(segmenter.general()).cut("㐂客户㐂㐂") == ["㐂", "客户", "㐂", "㐂"]


def test_no_word_is_longer_than_what_is_looked_at():
    assert max(map(len, segmenter.general().words())) <= segmenter.LONGEST


def test_dictionary_is_kept_and_read_again(tmp_path):
    segmenter.save(segmenter.pack(["客户 30 n", "客 2 n", "投诉 0 v"]), tmp_path / "general")
    read = segmenter.load(tmp_path / "general")

    assert {word: read.frequency(word) for word in ("客户", "客", "投诉", "户")} == {"客户": 30, "客": 2, "投诉": 1, "户": 0}
    assert [path.name for path in tmp_path.iterdir()] == ["general"]


@pytest.fixture
def kept_in(tmp_path):
    """Nothing packed yet, and a directory to keep it in."""
    before = segmenter._kept.directory
    segmenter.general.cache_clear()
    segmenter.keep_in(tmp_path)
    yield tmp_path
    segmenter.general.cache_clear()
    segmenter.keep_in(before)


@pytest.mark.parametrize("broken", [b"", b"\0" * 100, None], ids=["empty", "another", "cut short"])
def test_broken_dictionary_is_packed_anew(kept_in, broken):
    whole = segmenter.general().tobytes()
    (file,) = kept_in.iterdir()
    file.write_bytes(file.read_bytes()[:-7] if broken is None else broken)
    segmenter.general.cache_clear()

    assert segmenter.general().tobytes() == whole
    assert segmenter.load(file).tobytes() == whole


def test_dictionary_serves_where_it_cannot_be_kept(kept_in):
    segmenter.keep_in(kept_in / "missing")

    assert "客户" in segmenter.general()
    assert list(kept_in.iterdir()) == []
