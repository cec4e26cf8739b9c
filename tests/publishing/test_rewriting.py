from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from guide.publishing.rewriting import CannotRewrite, add_entry, remove_entry, set_entry, set_head, set_value
from tests.factories import CASE, COMPLAINTS, GLOSSARY, GUIDE, SOURCES

WORDS = st.text(st.sampled_from("投诉: #[]{},'\"-\\&*!|>%@`甲1"), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text
)
COMMENTED = """\
# 先写的说明
- id: kyc  # 行尾说明
  term: 尽职调查
  aliases: [KYC, "CDD"]

# 下一条的说明
- {id: first, term: 首问}
"""


def changed_lines(before, after):
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_only_the_line_of_the_key_changes():
    out = set_head(COMPLAINTS, {"summary": "先听完再答。", "review_by": date(2031, 2, 3), "posts": ["counter", "lobby"]})

    assert changed_lines(COMPLAINTS, out) == (
        ["summary: 先听完，再核实，按期答复。", "review_by: 2030-01-01"],
        ["summary: 先听完再答。", "review_by: 2031-02-03"],
    )


def test_new_key_stands_where_the_format_has_it_and_an_empty_one_goes():
    out = set_head(CASE, {"owner": "消保部", "topics": []})

    assert "topics" not in out
    assert out.index("posts:") < out.index("owner: 消保部\n") < out.index("principles:")


def test_links_that_stay_are_not_rewritten():
    rows = [{"to": "complaints#register", "relation": "breach", "note": "没有登记"}, {"to": "a#b", "relation": "example"}]

    out = set_head(CASE, {"principles": rows})

    assert '  - {to: "complaints#register", relation: breach, note: 没有登记}\n  - {to: "a#b", relation: example}\n---\n' in out


def test_entry_is_rewritten_alone_and_comments_stay():
    out = set_entry(COMMENTED, 0, {"term": "客户尽职调查", "aliases": ["KYC"]})

    assert out == COMMENTED.replace("term: 尽职调查", "term: 客户尽职调查").replace('[KYC, "CDD"]', "[KYC]")


def test_facts_of_a_source_are_kept_by_their_id():
    facts = [{"id": "f2", "text": "未核的事实"}, {"id": "f1", "text": "十五日", "article": "第20条", "confirmed": "quoted"}]

    out = set_entry(SOURCES, 0, {"provisions": facts})

    assert "    - {id: f2, text: 未核的事实}\n    - {id: f1, text: 十五日, article: 第20条, confirmed: quoted}\n" in out
    assert 'issued: "2020-01-14"\n' in out


def test_entries_come_and_go():
    added = add_entry(COMMENTED, {"id": "new", "term": "新: 词", "aliases": ["甲"]})

    assert added == f'{COMMENTED}\n- id: new\n  term: "新: 词"\n  aliases: [甲]\n'.replace("首问}\n\n-", "首问}\n-")
    assert remove_entry(COMMENTED, 1) == COMMENTED.removesuffix("- {id: first, term: 首问}\n")
    assert "# 下一条的说明" in remove_entry(COMMENTED, 0)


def test_local_value_is_set_in_its_place():
    assert set_value(GUIDE, ["local", "complaint-phone"], "value", "95500") == GUIDE.replace(
        '电话, value: ""', '电话, value: "95500"'
    )


@pytest.mark.parametrize("text", ["没有头部\n", "---\nid: [\n---\n", "---\n- a\n---\n"])
def test_text_that_cannot_be_read_is_refused(text):
    with pytest.raises(CannotRewrite):
        set_head(text, {"title": "新"})


@given(title=WORDS, words=st.lists(WORDS, min_size=1, max_size=4, unique=True), note=WORDS)
def test_whatever_is_set_is_read_back_and_nothing_else_changes(title, words, note):
    links = [{"to": "complaints#register", "relation": "breach", "note": note}]
    out = set_head(CASE, {"title": title, "keywords": words, "principles": links})
    head = YAML(typ="safe").load(out.split("---\n")[1])
    before = YAML(typ="safe").load(CASE.split("---\n")[1])

    assert head == before | {"title": title, "keywords": words, "principles": links}
    assert out.split("---\n", 2)[2] == CASE.split("---\n", 2)[2]


@given(words=st.lists(WORDS, min_size=1, max_size=4, unique=True), place=st.integers(0, 1))
def test_other_entries_keep_every_byte(words, place):
    out = set_entry(GLOSSARY, place, {"aliases": words})

    assert YAML(typ="safe").load(out)[place]["aliases"] == words
    assert out.split("\n")[1 - place] == GLOSSARY.split("\n")[1 - place]
