"""check_content on a copy of the real guide with faults planted in it: each is found, with file and line."""

import re
import shutil

import pytest
from django.conf import settings

from guide.publishing.faults import SourceError
from guide.publishing.loading import check

TALK = "03-communication-skills/05-complaint-handling.md"
OTHER = "03-communication-skills/04-building-relationships.md"
CASES = "08-cases-and-practice/01-typical-cases/"
CARD = "08-cases-and-practice/03-problem-solving/abuse-and-threats.md"
QUESTIONS = "03-communication-skills/05-complaint-handling.questions.yml"
# Paragraphs with one fault of wording each, and one whose first sentence stands in 3.5 already.
FAULTY = """
投诉最容易坏在头十分钟：没人接、没记下、没说下一步。

按《商业银行法》办。

依第八条办。

投诉15个工作日办结。

甲,乙。

他说"好"。

（乙。

坐席。
"""


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")


def plant(copy, name, old, new):
    path = copy / name
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text, re.M | re.S), f"{name} holds no {old}"
    path.write_text(re.sub(old, new, text, count=1, flags=re.M | re.S), encoding="utf-8")


def found(copy):
    with pytest.raises(SourceError) as caught:
        check(copy)
    return {(fault.path, fault.code) for fault in caught.value.faults}


def test_the_real_guide_has_no_fault():
    assert isinstance(check(settings.CONTENT_DIR), list)


PLANTED = [
    (TALK, r"^summary: .*?\n", "", "missing-part"),
    (TALK, r"^card: .*?\n", "", "missing-part"),
    (TALK, r"^导语：", "", "missing-part"),
    (TALK, r"\*\*怎么查：\*\*", "**查：**", "missing-part"),
    (TALK, r"^\| 宜说 \| 忌说", "| 好说 | 忌说", "missing-part"),
    (TALK, r"^## 不推诿.*", "", "length"),
    (TALK, r"\Z", FAULTY, "typed-article"),
    (CARD, r"^## 时限.*?(?=^## )", "", "missing-part"),
    (CASES + "come-back-on-monday.md", r"^## 正确做法.*?(?=^## )", "", "missing-part"),
    (CASES + "come-back-on-monday.md", r", note: 没有登记[^}]*", "", "missing-part"),
    (QUESTIONS, r"situational: true", "situational: false", "missing-part"),
    ("glossary.yml", r"^  pinyin: .*?\n", "", "missing-part"),
    ("guide.yml", r"cards: 24", "cards: 999", "too-few"),
    (TALK, r"\[@cbirc-2020-3#f1\]", "[@m-pdca#f1]", "law-needs-citation"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code"), PLANTED, ids=lambda value: str(value)[:24])
def test_planted_fault_is_found(copy, name, old, new, code):
    if code == "law-needs-citation":
        plant(copy, name, r"\[@cbirc-2020-3#f2\]", "")
    plant(copy, name, old, new)

    assert (name, code) in found(copy)


def test_all_faults_of_wording_come_in_one_report(copy):
    plant(copy, OTHER, r"\Z", FAULTY)

    assert {code for path, code in found(copy) if path in (OTHER, TALK)} >= {
        "typed-article", "uncited-law", "forbidden", "half-width", "straight-quote", "unbalanced", "banned-word",
        "shared-sentence",
    }  # fmt: skip


def test_principle_without_a_case_is_found(copy):
    plant(
        copy,
        TALK,
        r"\Z",
        "\n## 新的一条 {#brand-new .principle level=should basis=guide}\n\n**做到：** 甲。\n\n**怎么查：** 乙。\n",
    )

    assert (TALK, "no-case") in found(copy)


def test_citation_of_a_fact_nobody_confirmed_is_found(copy):
    plant(copy, "sources.yml", r"(key: cbirc-2020-3\n.*?)      confirmed: quoted\n", r"\1")

    assert (TALK, "unconfirmed") in found(copy)


def test_alias_of_two_terms_is_found(copy):
    plant(copy, "glossary.yml", r"(aliases: \[)([^\],]+)(.*?aliases: \[)", r"\1\2\3\2, ")

    assert ("glossary.yml", "duplicate-word") in found(copy)
