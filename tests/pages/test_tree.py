import pytest
from django.core.management import CommandError, call_command

from guide.pages import changes, tree
from guide.pages.models import FormerPath, Page
from guide.publishing import workflow


def page(slug):
    return Page.objects.get(slug=slug)


def test_numbers_and_paths_follow_from_the_place(guide):
    assert [(row.number, row.path) for row in Page.objects.numbered().in_reading_order()] == [
        ("1", "talk"), ("1.1", "talk/complaints"), ("1.2", "talk/listening"), ("2", "practice"), ("2.1", "practice/cases"),
    ]  # fmt: skip
    assert page("come-back").number == ""


def test_tree_columns_nest(guide):
    assert list(page("practice").get_descendants().values_list("slug", flat=True)) == ["cases", "come-back"]


def test_moving_renumbers_and_keeps_the_old_address(guide):
    workflow.move(page("listening"), page("practice"), 0)

    assert (page("listening").number, page("listening").path) == ("2.1", "practice/listening")
    assert page("cases").number == "2.2"
    assert FormerPath.objects.get(path="talk/listening").page == page("listening")


def test_moving_inside_a_chapter_leaves_other_chapters_rows_alone(guide, django_assert_num_queries):
    before = Page.objects.filter(tree_id=2).values_list("pk", "lft", "rght", "tree_id").order_by("pk")
    kept = list(before)

    workflow.move(page("listening"), page("talk"), 0)

    assert page("listening").number == "1.1"
    assert list(before.all()) == kept


@pytest.mark.parametrize(
    ("slug", "parent"), [("talk", "practice"), ("come-back", "talk"), ("listening", None), ("listening", "listening")]
)
def test_page_does_not_go_where_its_kind_may_not_stand(guide, slug, parent):
    with pytest.raises(tree.InvalidMove):
        workflow.move(page(slug), page(parent) if parent else None, 0)

    assert tree.check() == []


def test_withdrawn_section_has_no_number(guide):
    Page.objects.filter(slug="complaints").update(withdrawn_at="2026-01-01T00:00Z")
    changes.repair()

    assert (page("complaints").number, page("listening").number) == ("", "1.1")


def test_check_finds_and_repair_mends_a_broken_tree(guide):
    Page.objects.filter(slug="listening").update(lft=99, rght=3, number="9.9", path="elsewhere")

    with pytest.raises(CommandError, match="check_tree --repair"):
        call_command("check_tree")
    call_command("check_tree", repair=True)

    assert tree.check() == []
    assert page("listening").number == "1.2"


def test_sections_may_have_sub_sections(guide):
    source = "---\nid: deeper\ntitle: 更深\n---\n导语。\n"
    from guide.publishing.source import parse

    workflow.publish(workflow.Batch(pages=[workflow.PageChange(parse(source, "x", "section"), "listening", 1)]))

    assert (page("deeper").number, page("deeper").path) == ("1.2.1", "talk/listening/deeper")
