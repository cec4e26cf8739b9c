import pytest
from django.contrib.auth.models import AnonymousUser

from guide.pages.outline import outline_for
from guide.search.facets import Filters
from guide.search.finding import Found
from guide.search.queries import Alternative, Concept, Query
from guide.search.results import View, search, survey

NOBODY = AnonymousUser()


def groups(text, view=View(), **filters):  # noqa: B008  # frozen
    found = survey(text, NOBODY, outline_for(NOBODY), Filters(**filters), view)
    return {group.name: [hit.id for hit in group.hits] for group in found.groups}


def first(text, name, **filters):
    found = survey(text, NOBODY, outline_for(NOBODY), Filters(**filters), View())
    return next(group for group in found.groups if group.name == name).hits[0]


def test_sections_cases_phrases_terms_and_sources_stand_in_groups(indexed):
    found = groups("投诉")

    assert (found["sections"], found["told"], found["sources"]) == (["complaints"], ["come-back"], ["rule-2020"])
    assert groups("首问负责制")["terms"] == ["first-contact"]


def test_row_of_a_phrase_table_is_found_and_leads_to_its_page(indexed):
    hit = first("慢慢说", "phrases")

    assert "慢慢说" in hit.said.say.replace("<mark>", "").replace("</mark>", "")
    assert (hit.said.avoid, hit.url, hit.section) == ("这不归我管。", "/guide/talk/complaints/", "1.1")


def test_section_leads_to_the_principle_that_matched_best(indexed):
    assert first("登记受理", "sections").principle.slug == "register"
    assert first("不推诿", "sections").principle.slug == "no-refusal"


def test_level_chooses_the_principle_that_is_shown(indexed):
    assert first("投诉 推诿", "sections", level="must").principle.slug == "register"
    assert first("投诉 推诿", "sections", level="must-not").principle.slug == "no-refusal"


def test_case_tells_what_it_is_to_which_principle(indexed):
    told = first("周一再来", "told").told

    assert (told.link.relation, told.link.rule.slug, told.url) == ("breach", "register", "/guide/talk/complaints/#register")
    assert told.section == "1.1"


@pytest.mark.parametrize(
    ("filters", "sections", "told"),
    [
        ({"kind": "case"}, None, ["come-back"]),
        ({"chapter": "talk"}, ["complaints"], ["come-back"]),
        ({"chapter": "practice"}, None, ["come-back"]),
        ({"post": "lobby"}, ["complaints"], None),
        ({"relation": "breach"}, None, ["come-back"]),
        ({"relation": "breach", "level": "should"}, None, ["come-back"]),
        ({"relation": "example"}, None, None),
        ({"level": "may"}, None, None),
    ],
)
def test_filters_narrow(indexed, filters, sections, told):
    found = groups("投诉", **filters)

    assert (found.get("sections"), found.get("told")) == (sections, told)


def test_one_group_is_shown_by_itself_in_pages(indexed, monkeypatch):
    monkeypatch.setattr("guide.search.results.PAGE_SIZE", 1)
    second = survey("客户", NOBODY, outline_for(NOBODY), Filters(), View("sections", 2))

    assert [group.name for group in second.groups] == ["sections"]
    assert (second.groups[0].page.number, len(second.groups[0].hits)) == (2, 1)
    assert second.total > second.groups[0].total


def test_group_with_nothing_in_it_shows_all_groups(indexed):
    assert list(groups("周一再来", View("terms"))) == ["told"]


def test_offset_goes_on_where_the_limit_ended(indexed):
    outline = outline_for(NOBODY)
    both = [hit.url for hit in search("投诉", NOBODY, outline, limit=2).hits]
    later = search("投诉", NOBODY, outline, limit=1, offset=1)

    assert [hit.url for hit in later.hits] == both[1:]
    assert later.total == search("投诉", NOBODY, outline).total


def test_word_that_stands_everywhere_is_not_marked_beside_a_rare_one():
    query = Query("客户骂人", (Concept("客户", (Alternative(("客户",)),)), Concept("骂人", (Alternative(("骂人",)),))))

    assert Found(query, weights=(0.5, 4.0)).telling.marked == ("骂人",)
    assert Found(query, weights=(1.0, 1.2)).telling.marked == ("客户", "骂人")


def test_way_of_asking_leads_to_its_principle_and_is_shown(indexed):
    hit = first("拖了半个月", "sections")

    assert (hit.id, hit.principle.slug) == ("complaints", "register")
    assert "<mark>" in hit.asked
    assert hit.asked.replace("<mark>", "").replace("</mark>", "") == "拖了半个月没下文"


def test_way_of_asking_is_left_out_where_the_row_says_it_all(indexed):
    assert first("登记受理", "sections").asked == ""


def test_excluded_word_leaves_a_page_out_with_all_its_parts(indexed):
    assert groups("拖了半个月")["sections"] == ["complaints"]
    assert groups("拖了半个月 -首问负责制") == {}


def test_phrase_ranks_by_how_much_a_page_says_it(indexed):
    assert groups("“投诉”")["sections"][0] == "complaints"
