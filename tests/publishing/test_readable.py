"""What readers are shown of a difference: words and names, no Markdown."""

import pytest

from guide.pages.models import Page
from guide.publishing import drafting
from guide.publishing.audit import Actor
from guide.publishing.readable import readable


def read(body):
    return readable([body])[0].split("\n")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("见[[listening|倾听]]与[[listening]]。", "见倾听与1.2 倾听。"),
        ("照[[listening#listen-first]]办。", "照1.2“先听完”办。"),
        ("**做到：** 听完*再*说`话`。", "做到：听完再说话。"),
        ("- 一条\n> 引文", "一条"),
        ("1. **停。** 手离开。", "1. 停。手离开。"),
        ("![流程图](flow.png) 见[官网](https://example.org/)。", "〔图：流程图〕 见官网（https://example.org/）。"),
        (
            "十五日[@rule-2020#f1]，拨{{local:complaint-phone}}。",
            "十五日〔依据：投诉处理管理办法 第20条〕，拨〔本行填写：投诉电话〕。",
        ),
        ("说：[[say:not-deposit]]叫[[term:kyc]]。", "说：本产品不是存款。叫客户尽职调查。"),
        ("| 宜说 | 忌说 |", "宜说 ｜ 忌说"),
        ("见[[nowhere]]和[[term:nothing]]。", "见nowhere和nothing。"),
    ],
)
def test_markdown_reads_as_words(guide, written, words):
    assert read(written)[0] == words


def test_heading_of_a_principle_tells_level_basis_and_posts(guide):
    heading = '## 先听完 {#listen-first .principle level=must-not basis=law posts="counter" applies="listening#listen-first"}'

    assert read(heading) == ["先听完（不得·法定；写给柜面；同一义务写在1.2“先听完”）"]
    assert read("## 普通标题 {#plain}") == ["普通标题"]


def test_lines_that_only_hold_markup_are_left_out(guide):
    table = '| 宜说 | 忌说 |\n|---|:--:|\n| 好 | 不好 |\n{posts="counter"}\n\n---\n\n末句。\n{audience=staff}'

    assert read(table) == ["宜说 ｜ 忌说", "好 ｜ 不好", "（以上写给柜面）", "末句。", "（以上写给同事）"]


def test_what_is_only_proposed_is_called_by_its_id(guide, editor):
    drafting.propose_page(
        Page.objects.get(slug="talk"), "---\nid: secret\ntitle: 还没发布\n---\n导语：新。\n", Actor(editor, "test")
    )

    assert read("见[[secret]]。") == ["见secret。"]


def test_names_cost_the_same_queries_however_many(guide, django_assert_max_num_queries):
    body = (
        "[[listening]][[listening#listen-first]][[term:x]][[say:y]]{{local:z}}[@a#f1]\n## 原则 {.principle posts=counter}\n"
        * 30
    )
    with django_assert_max_num_queries(7):
        readable([body, body])
