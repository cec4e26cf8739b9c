import pytest

from guide.publishing import wording
from guide.publishing.source import parse

LAW = "## 登记 {#r .principle level=must basis=law}\n\n"
NOT = "## 不说 {#n .principle level=must-not basis=guide}\n\n"


def codes(body, **options):
    head = "id: a\ntitle: 甲\n" + options.get("head", "")
    return {fault.code for fault in wording.check(parse(f"---\n{head}---\n{body}\n", "x.md", options.get("kind", "section")))}


def case(body, relation="breach"):
    head = f'type: bad\nsimulated: true\nprinciples:\n  - {{to: "a#b", relation: {relation}, note: 甲}}\n'
    return codes(body, head=head, kind="case")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("按《商业银行法》办。", "uncited-law"),
        ("法律规定要这样。", "uncited-law"),
        ("这是监管要求。", "uncited-law"),
        ("国家规定如此[@k#f1]，见第十二条。", "typed-article"),
        ("依第20条答复。", "typed-article"),
        ("投诉15个工作日内办结。", "forbidden"),
        ("国家规定取款5万元必须登记用途[@k#f1]。", "forbidden"),
        ("双录资料保存20年。", "forbidden"),
        ("沟通中55%靠肢体语言。", "forbidden"),
        ("老客户的成本是新客户的五分之一。", "forbidden"),
        ("理财产品也受存款保险保护。", "forbidden"),
        ("贷款适用适当性办法。", "forbidden"),
        ("向60周岁以上客户履行特别注意义务。", "forbidden"),
        ("四分之三以上的全额兑换。", "forbidden"),
        ("依据银保监发〔2021〕12号。", "forbidden"),
        ("请坐席回告。", "banned-word"),
        ("您先别激动。", "banned-word"),
        ("客户说,好。", "half-width"),
        ("客户(本人)来办。", "half-width"),
        ("好!下一位。", "half-width"),
        ('他说"好"。', "straight-quote"),
        ("他说'好'。", "straight-quote"),
        ("他说“好。", "unbalanced"),
        ("（见下。", "unbalanced"),
        ("好）。", "unbalanced"),
    ],
)
def test_passage_is_refused(body, code):
    assert code in codes(body)


@pytest.mark.parametrize(
    "body",
    [
        "按《商业银行法》办[@k#f1]。",
        "客户问：“法律规定在哪里？”",
        "15日内答复，3.5节，12378，App 里也能查。",
        "本产品不是存款，不受存款保险保护。",
        "| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n| 好 | 您先别激动，15个工作日再来。 | 因 |",
        "## 不能说\n\n- “您先别激动。”",
        f"{NOT}不说“理财也受存款保险保护”。",
        "一分钟内问清，24小时内回电，是10至30元。",
    ],
)
def test_passage_is_fine(body):
    assert codes(body) == set()


def test_breach_case_may_quote_what_is_forbidden():
    assert case("## 经过\n\n他说：“理财也受存款保险保护，您先别激动。”") == set()
    assert "forbidden" in case("## 经过\n\n理财也受存款保险保护。")


def test_front_matter_is_read_too():
    assert "straight-quote" in codes("文。", head="summary: 说'好'就办\n")


def test_fault_names_its_line():
    source = parse("---\nid: a\ntitle: 甲\n---\n好。\n\n坏,处。\n", "x.md", "section")

    assert [(fault.line, fault.code) for fault in wording.check(source)] == [(7, "half-width")]


def test_long_sentence_is_a_warning_and_tables_are_left_out():
    body = "字" * 81 + "。\n\n| 甲 | 乙 |\n|---|---|\n| " + "字" * 99 + " | 二 |"

    warnings = wording.warn(parse(f"---\nid: a\ntitle: 甲\n---\n{body}\n", "x.md", "section"))

    assert len(warnings) == 1
    assert warnings[0].startswith("x.md:5:")
