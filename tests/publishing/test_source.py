import pytest

from guide.publishing.faults import WORDS, SourceError
from guide.publishing.source import decode, examine, parse
from tests.factories import CASE, COMPLAINTS


def codes(text, kind="section"):
    return {(fault.code, fault.line) for fault in examine(text, "x.md", kind)[1]}


def section(body="导语。\n", head="id: a\ntitle: 甲\n"):
    return f"---\n{head}---\n{body}"


def test_section_is_read_whole():
    source = parse(COMPLAINTS, "01-talk/01-complaints.md", "section")

    assert (source.id, source.kind, source.title) == ("complaints", "section", "客户投诉处理")
    assert source.text == COMPLAINTS
    assert [rule.slug for rule in source.principles] == ["register", "no-refusal"]
    assert source.principles[0].posts == ("counter", "lobby")
    assert source.card == {"say": 1, "case": "come-back"}


ASKED = "id: a\ntitle: 甲\nasked:\n  b: [去哪里登记, 登记要多久]\n"
RULE = "## 登记 {#b .principle level=should basis=guide}\n\n**做到：** 登记。\n"


def test_ways_of_asking_belong_to_a_principle():
    source = parse(section(RULE, ASKED), "x.md", "section")

    assert source.principles[0].asked == ("去哪里登记", "登记要多久")


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (ASKED.replace("  b:", "  c:"), ("asked-principle", 5)),
        (ASKED.replace("登记要多久", "去哪里登记"), ("duplicate-word", 5)),
        (ASKED.replace("[去哪里登记, 登记要多久]", "去哪里登记"), ("bad-value", 4)),
    ],
)
def test_ways_of_asking_that_belong_nowhere_are_refused(head, fault):
    assert fault in codes(section(RULE, head))


def test_case_is_read_with_its_links():
    source = parse(CASE, "x.md", "case")

    assert [(link.to, link.relation, link.note) for link in source.links] == [
        ("complaints#register", "breach", "没有登记"), ("listening#listen-first", "breach", "没有听完"),
    ]  # fmt: skip


def test_what_stands_in_a_principle_is_known_by_its_line():
    source = parse(COMPLAINTS, "x.md", "section")
    places = {mark.target: source.principle_at(mark.line) for mark in source.marks}

    assert (places["cite:rule-2020#f1"], places["say:not-deposit"], places["term:kyc"]) == ("register", "no-refusal", "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("没有头部\n", ("front-matter", 1)),
        ("---\nid: a\n", ("front-matter", 1)),
        ("---\n- a\n---\n", ("front-matter", 2)),
        ("---\nid: a\ntitle: [甲\n---\n", ("yaml", 4)),
        ("---\nid: a\n*b: c: d\n---\n", ("yaml", 3)),
        ("---\nid: a\n? [[b]]\n: c\n---\n", ("yaml", 2)),
        (section(head="title: 甲\n"), ("missing-key", 1)),
        (section(head="id: a\n"), ("missing-key", 1)),
        (section(head="id: a\ntitle: 甲\ncolour: 红\n"), ("unknown-key", 4)),
        (section(head="id: A b\ntitle: 甲\n"), ("bad-id", 2)),
        (section(head="id: a\ntitle: 3.5 投诉\n"), ("numbered-title", 3)),
        (section(head="id: a\ntitle: 甲\nposts: counter\n"), ("bad-value", 4)),
        (section(head="id: a\ntitle: 甲\nreview_by: 明年\n"), ("bad-value", 4)),
        (section(head="id: a\ntitle: 甲\nkind: poem\n"), ("bad-value", 4)),
        (section(head="id: a\ntitle: 甲\ncard: {say: 9}\n"), ("card-say", 4)),
        ("---\r\nid: a\r\ntitle: 甲\r\n---\r\n", ("line-ends", 1)),
        (section("没有换行"), ("final-newline", 5)),
        ("\ufeff" + section(), ("encoding", 1)),
        (section("## 甲 {.principle level=may basis=guide}\n"), ("principle-id", 5)),
        (section("## 甲 {#a .principle basis=guide}\n"), ("principle-level", 5)),
        (section("## 甲 {#a .principle level=never basis=guide}\n"), ("principle-level", 5)),
        (section("## 甲 {#a .principle level=may}\n"), ("principle-basis", 5)),
        (section("## 甲 {.principle #a level=may basis=guide}\n"), ("principle-order", 5)),
        (section("## 甲 {#a .principle level=may basis=guide color=red}\n"), ("unknown-key", 5)),
        (section("## 甲 {#a .principle level=must basis=guide}\n"), ("must-needs-law", 5)),
        (section("## 甲\n\n#### 乙\n"), ("rank-skip", 7)),
        (section("# 甲\n"), ("rank-skip", 5)),
        (section("## 甲 {#a}\n\n## 乙 {#a}\n"), ("duplicate-heading", 7)),
        (section("## 甲\n\n## 甲\n"), ("duplicate-heading", 7)),
    ],
)
def test_fault_is_named_with_its_line(text, fault):
    assert fault in codes(text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("  - {to:", "  #"), "no-principles"),
        (("simulated: true", "simulated: false"), "not-simulated"),
        (("relation: breach", "relation: likes"), "bad-value"),
        ((", relation: breach", ""), "missing-key"),
        (("listening#listen-first", "complaints#register"), "duplicate-link"),
        (("type: bad", "type: sad"), "bad-value"),
    ],
)
def test_case_faults(change, code):
    assert code in {fault for fault, _ in codes(CASE.replace(*change), "case")}


def test_all_faults_of_a_file_come_at_once():
    text = "---\nid: A\ntitle: 甲\nx: 1\n---\n## 乙 {#b .principle}\n"

    with pytest.raises(SourceError) as caught:
        parse(text, "x.md", "section")

    assert len(caught.value.faults) == 4
    assert all(str(fault).startswith("x.md:") and "改法：" in str(fault) for fault in caught.value.faults)


def test_file_that_is_not_utf8_is_refused_with_its_line():
    with pytest.raises(SourceError) as caught:
        decode("甲\n".encode() + "乙".encode("gbk"), "x.md")

    assert (caught.value.faults[0].code, caught.value.faults[0].line) == ("encoding", 2)


def test_every_fault_has_a_remedy():
    assert all(message and remedy for message, remedy in WORDS.values())
