import pytest

from guide.pages.rendering import Target, render


def resolve(mark):
    return Target(mark.words or mark.target, f"/to/{mark.target}")


def html(body, **options):
    return render(body, resolve, **options).html


def test_reference_in_a_table_survives_its_bar():
    assert '<a href="/to/b">词</a></td>' in html("| 甲 | 乙 |\n|---|---|\n| 一 | [[b|词]] |")


def test_citation_and_local_value_are_resolved():
    out = html("文[@k#f1]，{{local:phone}}")

    assert 'href="/to/cite:k#f1"' in out
    assert 'href="/to/local:phone"' in out


def test_marks_in_code_stay_as_written():
    assert "<code>[[a|&lt;b&gt;]]</code>" in html("`[[a|<b>]]`")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<a href="javascript:alert(1)" onclick="x()">y</a>',
        "<img src=x onerror=alert(1)>",
        '<p style="position:fixed">x</p>',
        "[[a|<script>alert(1)</script>]]",
        "## 甲 {#a onclick=alert(1)}",
        "[x](data:text/html;base64,AAAA)",
        "<iframe src='/admin/'></iframe><svg onload=alert(1)>",
        '<div id="x" data-x="y" formaction="javascript:alert(1)">z</div>',
    ],
)
def test_dangerous_markup_comes_out_harmless(body):
    out = html(body)

    for word in ("<script", "javascript:", "onclick=", "onerror=", "onload=", "style=", "<iframe", "data:text", "formaction"):
        assert word not in out


def test_private_characters_in_the_text_forge_nothing():
    out = html("\ue0000\ue001 \ue0021\ue002 [[a]]")

    assert out.count("<a ") == 1


@pytest.mark.parametrize(
    "written", ["&#xe002;7&#xe002;", "&#57346;7&#57346;", "&#xe0&#xe002;02;7&#xe002;", "<p>&#x00e002;7&#57346</p>"]
)
def test_private_characters_spelled_by_number_forge_nothing(written):
    assert [part.slug for part in render(f"前\n\n{written}\n\n后", resolve).parts] == [""]


def test_private_characters_in_a_title_forge_nothing():
    assert ">甲\ufffd5\ufffd</a>" in render("[[a]]", lambda mark: Target("甲\ue0005\ue001", "/a")).html


def test_principles_are_cut_with_level_and_basis():
    parts = render("前\n\n## 登记 {#r .principle level=must basis=law}\n\n文\n\n## 别的\n\n后", resolve).parts

    assert [(part.slug, part.title, part.level, part.basis) for part in parts] == [
        ("", "", "", ""), ("r", "登记", "must", "law"), ("", "别的", "", ""),
    ]  # fmt: skip
    assert "文" in parts[1].html
    assert "后" in parts[2].html


def test_principle_keeps_the_headings_inside_it():
    parts = render("## 登记 {#r .principle level=may basis=guide}\n\n### 细则\n\n文", resolve).parts

    assert len(parts) == 1
    assert "<h3" in parts[0].html


def test_chinese_heading_gets_a_stable_id():
    first, second = html("## 情景\n\n甲"), html("## 别的\n\n乙\n\n## 情景\n\n甲")

    assert 'id="情景"' in first
    assert 'id="情景"' in second


def test_phrase_table_is_marked_and_takes_its_attributes():
    out = html("| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n| 好 | 坏 | 因 |\n{audience=staff}")

    assert '<table class="phrases staff">' in out
    assert '<td class="say">好</td>' in out
    assert "audience" not in out


def test_first_plain_mention_of_a_term_is_linked_once():
    out = html("首问负责制。\n\n首问负责制。", terms={"首问负责制": Target("首问负责制", "/t/", "term")})

    assert out.count('class="term"') == 1


def test_term_inside_a_link_is_left_alone():
    out = html("[首问负责制](https://example.com)", terms={"首问负责制": Target("首问负责制", "/t/", "term")})

    assert 'class="term"' not in out


def test_missing_picture_becomes_its_text():
    assert "〔图：营业厅〕" in html("![营业厅](a.png)")


def test_picture_that_exists_is_shown():
    assert '<img alt="营业厅" src="/media/a.png">' in html("![营业厅](a.png)", picture=lambda source: f"/media/{source}")


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        ("甲[^1]\n\n[^1]: 乙", "footnote"),
        ("甲\n:   乙", "<dd>"),
        ('!!! note "甲"\n    乙', "admonition"),
        ("甲\n{: .x }", 'class="x"'),
    ],
)
def test_extensions_of_the_format_work(body, tag):
    assert tag in html(body)


@pytest.mark.parametrize("body", ["", "[[", "]]", "[[a", "{{local:", "[@]", "| 宜说 |", "## ", "[[a|]]", "\0", "![](", "```"])
def test_odd_text_never_fails(body):
    assert render(body, resolve).parts is not None
