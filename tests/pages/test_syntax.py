import pytest

from guide.pages import syntax


def targets(body):
    return [mark.target for mark in syntax.scan(body).marks]


def test_marks_are_read_with_their_lines():
    marks = syntax.scan("甲\n[[a]] [[b#c|词]] [@k#f1]\n{{local:phone}}").marks

    assert [(mark.line, mark.target, mark.words) for mark in marks] == [
        (2, "a", ""), (2, "b#c", "词"), (2, "cite:k#f1", ""), (3, "local:phone", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body", ["`[[a]]`", "```\n[[a]]\n```", "~~~\n[[a]]\n~~~", "甲\n\n    [[a]]", "``x ` [[a]]``"], ids=repr
)
def test_marks_in_code_are_not_marks(body):
    assert targets(body) == []


def test_marks_in_a_nested_list_are_marks():
    assert targets("- 甲\n\n    [[a]]") == ["a"]


def test_principle_heading_is_read():
    heading = syntax.scan('## 登记 {#register .principle level=must basis=law posts="a b"}\n\n文字').headings[0]

    assert (heading.title, heading.attributes.id, heading.is_principle) == ("登记", "register", True)
    assert heading.attributes.values == {"level": "must", "basis": "law", "posts": "a b"}
    assert heading.attributes.order == "ickkk"


def test_principle_runs_to_the_next_heading_of_its_rank():
    headings = syntax.scan("## 甲\n一\n### 乙\n二\n## 丙\n三").headings

    assert [(heading.line, heading.end) for heading in headings] == [(1, 5), (3, 5), (5, 7)]


def test_phrase_rows_keep_the_bar_of_a_reference():
    rows = syntax.scan("| 宜说 | 忌说 |\n|---|---|\n| 见[[a|词]] | 不 |\n{audience=staff}").phrases

    assert [(row.say, row.avoid) for row in rows] == [("见[[a|词]]", "不")]
    assert rows[0].attributes.values == {"audience": "staff"}


def test_other_tables_hold_no_phrases():
    assert syntax.scan("| 甲 | 乙 |\n|---|---|\n| 一 | 二 |").phrases == ()


def test_plain_text_has_no_markup():
    body = "## 标题 {#a .principle level=may basis=guide}\n\n**做到：** 见[[b|词]][@k#f1]。\n\n"
    body += "| 宜说 | 忌说 |\n|---|---|\n| 好 | 坏 |\n"

    assert syntax.plain(body).split() == ["标题", "做到：", "见词。", "宜说", "忌说", "好", "坏"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("甲。乙。", "甲。"),
        ("他说：“给我。现在。”再说。", "他说：“给我。现在。”"),
        ("没有句号", "没有句号"),
        ("甲“乙。”丙。丁。", "甲“乙。”"),
    ],
)
def test_first_sentence_does_not_end_inside_a_quotation(text, sentence):
    assert syntax.first_sentence(text) == sentence


def test_a_long_run_of_blanks_is_read_like_a_short_one():
    blanks = " " * 3_000  # would take a minute if each way to part them were tried

    assert [heading.title for heading in syntax.scan(f"## 甲{blanks}乙{blanks}##{blanks}").headings] == [f"甲{blanks}乙"]
    assert syntax.plain(f"甲\n{blanks}乙\n{blanks}|") == f"甲\n{blanks}乙"
