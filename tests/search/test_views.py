import re
import shutil

import pytest

from guide.pages.models import Page
from guide.publishing.loading import load
from guide.search import index, outbox
from tests.factories import write_guide

SECTION = "/guide/talk/complaints/"


def api(client, **query):
    return client.get("/api/search/", query).json()


def test_results_lead_to_the_section_and_its_best_principle(indexed, client):
    out = client.get("/search/", {"q": "登记受理"}).content.decode()

    assert f'href="{SECTION}"' in out
    assert f'href="{SECTION}#register"' in out
    assert "<mark>" in out


def test_api_says_what_was_found_and_where(indexed, client):
    body = api(client, q="投诉")
    first = body["results"][0]

    assert body["query"] == "投诉"
    assert {"kind", "id", "number", "section", "title", "url", "passage"} <= set(first)
    assert (first["kind"], first["id"], first["section"], first["url"]) == ("section", "complaints", "1.1", SECTION)


def test_section_is_one_row_and_cases_come_after(indexed, client):
    rows = [(row["kind"], row["id"]) for row in api(client, q="投诉")["results"]]

    assert rows.count(("section", "complaints")) == 1
    assert rows.index(("section", "complaints")) < rows.index(("case", "come-back"))


def test_case_tells_the_section_it_lies_in(indexed, client):
    row = api(client, q="周一再来")["results"][0]

    assert (row["kind"], row["section"]) == ("case", "2.1")


def test_kind_and_limit_narrow(indexed, client):
    assert {row["kind"] for row in api(client, q="投诉", kind="section")["results"]} == {"section"}
    assert len(api(client, q="投诉", limit=1)["results"]) == 1
    assert api(client, q="投诉", limit=1)["total"] > 1


@pytest.mark.parametrize("query", [{"kind": "poem"}, {"limit": 0}, {"limit": "x"}, {"q": "x" * 300}])
def test_wrong_question_is_answered_with_400(indexed, client, query):
    response = client.get("/api/search/", {"q": "投诉", **query})

    assert response.status_code == 400
    assert response.json()["errors"]


def test_number_finds_its_section_first(indexed, client):
    assert api(client, q="1.2")["results"][0]["id"] == "listening"


@pytest.mark.parametrize("q", ["量子力学", "xyzzy", "'; DROP TABLE--", "*", "\\", "(", "AND OR NOT", "[[", "<script>x"])
def test_nonsense_finds_nothing_and_harms_nothing(indexed, client, q):
    response = client.get("/search/", {"q": q})

    assert response.status_code == 200
    assert response.context["results"].total == 0
    assert "<script>x" not in response.content.decode()


def test_empty_page_helps(indexed, client):
    out = client.get("/search/", {"q": "量子力学"}).content.decode()

    assert "没有找到" in out
    assert SECTION in out


def test_words_that_do_not_all_stand_together_are_a_partial_match(indexed, client):
    response = client.get("/search/", {"q": "投诉 量子"})

    assert response.context["results"].is_partial
    assert "部分匹配" in response.content.decode()


def test_database_has_the_last_word(indexed, client):
    Page.objects.filter(slug="complaints").update(withdrawn_at="2026-01-01T00:00Z")

    assert "complaints" not in {row["id"] for row in api(client, q="投诉")["results"]}
    assert api(client, q="投诉")["total"] == len(api(client, q="投诉", limit=100)["results"])


def test_missing_index_still_answers(indexed, client, settings):
    shutil.rmtree(settings.INDEX_DIR)
    index._shared.postings = None
    response = client.get("/search/", {"q": "投诉"})

    assert response.status_code == 200
    assert SECTION in response.content.decode()
    assert "索引正在重建" in response.content.decode()


def test_strangers_find_nothing_where_reading_needs_a_sign_in(indexed, client, settings, reader):
    settings.READING = "signed-in"
    stranger = client.get("/search/", {"q": "投诉"}).context["results"].total, client.get("/api/search/?q=1").status_code
    client.force_login(reader)

    assert stranger == (0, 403)
    assert api(client, q="首问负责制")["total"] > 0


def test_passage_is_escaped(indexed, client):
    Page.objects.filter(slug="complaints").update(body="投诉<script>alert(1)</script>&amp;", summary="")

    assert "<script>alert" not in client.get("/search/", {"q": "投诉"}).content.decode()


def test_passage_names_the_section_that_a_reference_leads_to(indexed, client):
    assert "1.1节" in client.get("/api/search/", {"q": "先让客户说完"}).json()["results"][0]["passage"]


def test_slip_is_corrected_and_said_with_a_way_back(indexed, client):
    out = client.get("/search/", {"q": "投述"}).content.decode()

    assert "已显示“<b>投诉</b>”的结果" in out
    assert SECTION in out
    assert client.get("/search/", {"q": "投述", "typed": "on"}).context["results"].total == 0


@pytest.mark.parametrize("q", ["tousu", "投su", "客戶投訴", "抱怨"])
def test_other_ways_of_writing_find_the_section(indexed, client, q):
    assert api(client, q=q)["results"][0]["id"] == "complaints"


def test_excluded_word_leaves_its_pages_out(indexed, client):
    assert "come-back" in {row["id"] for row in api(client, q="投诉")["results"]}
    assert "come-back" not in {row["id"] for row in api(client, q="投诉 -周五")["results"]}


def test_synonym_finds_what_the_guide_calls_otherwise(guide, client):
    write_guide(guide, {"synonyms.yml": "- words: [牢骚, 投诉]\n"})
    load(guide)
    outbox.rebuild()

    assert api(client, q="牢骚")["results"][0]["id"] == "complaints"


def page(client, **query):
    return client.get("/search/", query).content.decode()


def test_facets_are_links_with_counts_that_hold(indexed, client):
    response = client.get("/search/", {"q": "投诉"})

    for facet in response.context["facets"]:
        for choice in facet.choices:
            assert client.get(f"/search/?{choice.query}").context["results"].total == choice.count, (facet.name, choice)


def test_active_filters_are_combined_and_can_be_removed(indexed, client):
    out = page(client, q="投诉", post="counter", relation="breach")

    assert 'href="?q=%E6%8A%95%E8%AF%89&amp;relation=breach"' in out
    assert 'href="?q=%E6%8A%95%E8%AF%89&amp;post=counter"' in out
    assert 'href="?q=%E6%8A%95%E8%AF%89">去掉全部筛选' in out


def test_wrong_filter_is_left_out_and_said(indexed, client):
    out = page(client, q="投诉", kind="poem", post="counter", page="x")

    assert "不认识所选的“种类”“页码”" in out
    assert SECTION in out


def test_filters_that_leave_nothing_lead_back(indexed, client):
    out = page(client, q="投诉", level="may")

    assert "这样筛选一条也不剩" in out
    assert "没有找到" not in out


@pytest.mark.parametrize("url", ["/", "/cases/", "/phrases/", "/nowhere/"])
def test_box_takes_no_more_than_an_address_can_carry(indexed, client, url):
    box = re.search(r'<input class="search[^>]*>', client.get(url).content.decode())[0]

    assert 'maxlength="200"' in box


def test_too_long_a_text_is_searched_by_its_beginning(indexed, client):
    out = page(client, q="投诉" + "很" * 300)

    assert "一次最多搜 200 个字" in out


def test_part_is_drawn_without_the_page_around_it(indexed, client):
    out = page(client, q="投诉", part="results")

    assert out.startswith('<div class="found" data-q="投诉"')
    assert SECTION in out
    assert "<html" not in out


def test_page_says_how_the_query_was_understood(indexed, client):
    assert "按“<b>投诉</b>”理解“tousu”" in page(client, q="tousu")
    assert "按简体“投诉”搜索" in page(client, q="投訴")
    assert "不含“周五”" in page(client, q="投诉 -周五")


def test_empty_page_offers_what_sounds_alike_and_a_way_to_tell_the_editors(indexed, client):
    response = client.get("/search/", {"q": "推委", "typed": "on"})
    out = response.content.decode()

    assert "是不是想找" in out
    assert f"{SECTION}#no-refusal" in out
    assert 'action="/search/miss/"' in out


def test_words_to_mark_go_with_the_links(indexed, client):
    out = page(client, q="登记受理")

    assert "data-words=" in out
    assert f'data-hit href="{SECTION}#register"' in out


def test_typing_narrowing_and_paging_are_not_logged_as_searches(indexed, client, settings):
    for extra in ({"part": "results"}, {"kind": "case"}, {"group": "told"}, {}):
        client.get("/search/", {"q": "投诉"} | extra)

    assert sum(path.read_text().count("投诉") for path in settings.SEARCH_LOG_DIR.iterdir()) == 1


def test_second_search_asks_one_query(indexed, client, django_assert_num_queries):
    page(client, q="投诉")

    with django_assert_num_queries(1):
        page(client, q="投诉")
