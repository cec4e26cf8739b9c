import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.publishing.merging import merge, merge_document, reconcile
from tests.factories import COMPLAINTS, GLOSSARY, GUIDE

TABLE = "| 宜说 | 忌说 |\n|---|---|\n| 一 | 二 |\n| 三 | 四 |\n| 五 | 六 |\n"
PAGE = (
    f"---\nid: a\ntitle: 题\nkeywords: [甲]\nowner: 部\n---\n导语。\n\n第一段。\n\n{TABLE}\n- 一项\n- 二项\n- 三项\n\n末段。\n"
)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("题", "新题"), ("[甲]", "[甲, 乙]")),
        (("导语。", "新导语。"), ("末段。", "新末段。")),
        (("| 一 | 二 |", "| 一 | 改 |"), ("| 五 | 六 |", "| 五 | 改 |")),
        (("- 一项", "- 一项改"), ("- 三项", "- 三项改")),
        (("owner: 部\n", "owner: 部\nreview_by: 2030-01-01\n"), ("title: 题", "title: 新题")),
        (("第一段。", "第一段。\n\n插入。"), ("末段。", "末段。\n\n再加。")),
    ],
)
def test_changes_in_different_places_are_both_taken(ours, theirs):
    merged = merge(PAGE, PAGE.replace(*ours), PAGE.replace(*theirs))

    assert merged.is_clean
    assert merged.text == PAGE.replace(*ours).replace(*theirs)


@pytest.mark.parametrize(
    ("old", "ours", "theirs"),
    [("第一段。", "甲写的。", "乙写的。"), ("title: 题", "title: 甲", "title: 乙"), ("第一段。\n\n", "", "第一段改。\n\n"),
     ("| 三 | 四 |", "| 三 | 甲 |", "| 三 | 乙 |")],
)  # fmt: skip
def test_changes_of_the_same_piece_are_a_conflict_with_both_texts(old, ours, theirs):
    merged = merge(PAGE, PAGE.replace(old, ours), PAGE.replace(old, theirs))

    (conflict,) = merged.conflicts
    assert (conflict.ours.strip() in ours, conflict.theirs.strip() in theirs) == (True, True)
    assert merged.text == PAGE.replace(old, ours)


def test_terms_that_both_sides_add_are_both_kept():
    ours, theirs = GLOSSARY + "- {id: a, term: 甲}\n", GLOSSARY + "- {id: b, term: 乙}\n"

    assert merge_document(GLOSSARY, ours, theirs).text == ours + "- {id: b, term: 乙}\n"


def test_entry_removed_here_and_changed_there_is_a_conflict():
    ours, theirs = GLOSSARY.split("\n")[0] + "\n", GLOSSARY.replace("了解客户", "认识客户")

    assert not merge_document(GLOSSARY, ours, theirs).is_clean


def test_keys_of_a_mapping_merge_one_by_one():
    merged = merge_document(GUIDE, GUIDE.replace("第一版", "第二版"), GUIDE.replace("江边银行", "海边银行"))

    assert merged.text == GUIDE.replace("第一版", "第二版").replace("江边银行", "海边银行")


def test_comments_stay_with_their_entry():
    base = "# 头\n- words: [甲, 乙]\n# 丁\n- words: [丙, 丁]\n"

    assert merge_document(base, base + "- words: [戊, 己]\n", base.replace("甲", "假")).text == (
        "# 头\n- words: [假, 乙]\n# 丁\n- words: [丙, 丁]\n- words: [戊, 己]\n"
    )


LINES = st.lists(st.sampled_from(["甲", "乙", "丙", "", "| 一 |", "- 项", "# 题", "```", "    缩进"]), max_size=12)
TEXTS = st.builds("\n".join, LINES).map(lambda text: f"{text}\n")
PAGES = st.builds("---\nid: {}\ntitle: {}\n---\n{}".format, st.sampled_from("ab"), st.sampled_from("xyz"), TEXTS)


@given(PAGES | TEXTS, PAGES | TEXTS)
def test_a_side_that_changed_nothing_gives_way(base, changed):
    assert merge(base, base, changed).text == merge(base, changed, base).text == merge(base, changed, changed).text == changed


@given(PAGES | TEXTS, PAGES | TEXTS, PAGES | TEXTS)
def test_no_line_of_either_side_is_lost_but_what_the_other_removed(base, ours, theirs):
    merged = merge(base, ours, theirs)
    shown = set(merged.marked.split("\n"))

    kept = set(base.split("\n"))
    assert set(ours.split("\n")) - kept <= shown
    assert set(theirs.split("\n")) - kept <= shown


@given(TEXTS, TEXTS, TEXTS)
def test_every_text_is_decided_on(base, live, file):
    decision = reconcile(base, live, file)

    assert decision.kind in {"same", "taken", "kept", "merged", "conflict"}
    assert decision.kind != "conflict" or decision.text == live


def test_merging_keeps_every_byte_of_a_real_page():
    assert merge(COMPLAINTS + "\n", COMPLAINTS, COMPLAINTS + "\n").text == COMPLAINTS
