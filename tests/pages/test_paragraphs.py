import pytest

from guide.pages.paragraphs import Paragraph, find, paragraphs_in

TEXT = """<p><strong>做到：</strong> 自收到之日起<a href="/x">15日</a>内答复。</p><h3>标题</h3>
<ul><li>一步<ul><li>里面</li></ul></li><li><p>二步</p></li></ul>
<table><thead><tr><th>宜说</th></tr></thead><tbody><tr><td>您 慢慢说</td><td><p>不归我管</p></td></tr></tbody></table>
<p><img src="/a.png"></p>"""


def test_paragraphs_items_and_rows_are_read_in_order_and_headings_left_out():
    assert [one.text for one in paragraphs_in(TEXT)] == [
        "做到： 自收到之日起15日内答复。",
        "一步",
        "里面",
        "二步",
        "您 慢慢说 不归我管",
    ]


@pytest.mark.parametrize(
    ("opening", "words", "found"),
    [
        ("做到：自收到", "", "做到： 自收到之日起15日内答复。"),
        ("一步里面", "", "一步"),
        ("不归我管", "", "您 慢慢说 不归我管"),
        ("您慢慢说不归我管", "慢慢说", "您 慢慢说 不归我管"),
        ("做到：自收到", "没有这句", None),
        ("没有这段", "", None),
        ("", "", None),
        (" ", "15日", None),
    ],
)
def test_paragraph_is_found_by_its_opening_and_the_words_in_it(opening, words, found):
    assert getattr(find(paragraphs_in(TEXT), opening, words), "text", None) == found


def test_words_are_quoted_as_the_page_has_them():
    assert Paragraph(("做到： 自收到之日起",)).quoted("到：自\n收 到") == "到： 自收到"
    assert Paragraph(("做到",)).quoted("做 不到") == Paragraph(("做到",)).quoted(" ") == ""


def test_stretch_begins_and_ends_at_punctuation():
    row = Paragraph(("客户一开口就登记受理，当场告知受理编号和办理人，写在纸上或发短信。", "快"))

    assert row.stretch() == "客户一开口就登记受理，当场告知受理编号和办理人"
    assert row.stretch("写在纸") == "写在纸上或发短信。"
    assert row.stretch("快") == "快"
