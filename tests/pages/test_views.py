import base64
import hashlib
import re

import pytest
from django.db import OperationalError

from guide.pages.models import FormerPath, Page, Principle
from guide.publishing import workflow

SECTION = "/guide/talk/complaints/"
CASE = "/guide/practice/cases/come-back/"


def text(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_home_shows_the_outline(guide, client):
    out = text(client, "/")

    assert f'href="{SECTION}"' in out
    assert "1.1" in out


def test_home_of_an_empty_guide_says_what_to_do(db, client):
    assert "load_content" in text(client, "/")


def test_section_shows_principles_with_badges_and_their_cases(guide, client):
    out = text(client, SECTION)

    assert "必须·法定" in out
    assert "不得·本指南" in out
    assert f'href="{CASE}"' in out
    assert "没有登记" in out
    assert "《投诉处理管理办法》第20条" in out


def test_section_shows_what_its_marks_say(guide, client):
    out = text(client, SECTION)

    assert "〔本行填写：投诉电话〕" in out
    assert "本产品不是存款。" in out
    assert 'href="/glossary/kyc/"' in out
    assert 'class="term" href="/glossary/first-contact/"' in out


def test_section_says_what_links_here_and_what_is_next(guide, client):
    out = text(client, SECTION)

    assert "本页被引用" in out
    assert 'rel="next" href="/guide/talk/listening/"' in out


def test_case_names_its_principles_in_words(guide, client):
    out = text(client, CASE)

    assert "模拟案例" in out
    assert f'href="{SECTION}#register"' in out
    assert "反例" in out


def test_principle_lists_its_cases_by_relation(guide, client):
    out = text(client, "/principles/complaints/register/")

    assert "<h2>反例</h2>" in out
    assert f'href="{CASE}"' in out
    assert 'href="/guide/talk/listening/"' in out


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1), ("?post=counter", 1), ("?post=lobby", 0), ("?relation=breach", 1), ("?relation=example", 0),
        ("?chapter=talk", 1), ("?chapter=practice", 0), ("?principle=complaints%23register", 1),
        ("?principle=complaints%23no-refusal", 0),
    ],
)  # fmt: skip
def test_cases_are_filtered(guide, client, query, count):
    assert client.get(f"/cases/{query}").context["total"] == count


def test_unknown_filter_is_said_and_filters_nothing(guide, client):
    response = client.get("/cases/?post=pilot")

    assert response.context["total"] == 1
    assert "没有按它筛选" in response.content.decode()


def test_glossary_and_term_show_who_uses_a_term(guide, client):
    assert "谁先接谁负责" in text(client, "/glossary/")
    assert f'href="{SECTION}"' in text(client, "/glossary/first-contact/")


def test_sources_show_status_and_who_rests_on_them(guide, client):
    assert f'href="{SECTION}"' in text(client, "/sources/")
    assert "施行：2020年3月1日" in text(client, "/sources/")
    out = text(client, "/sources/rule-2020/")

    assert "已核引文" in out
    assert f'href="{SECTION}#register"' in out


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("/1", "/guide/talk/"), ("/1.1", SECTION), ("/1.1/", SECTION), ("/go/complaints", SECTION),
        ("/go/complaints/register", f"{SECTION}#register"), ("/go/come-back", CASE),
    ],
)  # fmt: skip
def test_short_addresses_lead_to_the_page(guide, client, url, target):
    response = client.get(url)

    assert (response.status_code, response["Location"]) == (302, target)


@pytest.mark.parametrize(
    "url", ["/9.9", "/go/nobody", "/go/complaints/nothing", "/guide/nowhere/", "/glossary/x/", "/sources/x/"]
)
def test_what_is_not_there_is_404_with_help(guide, client, url):
    response = client.get(url)

    assert response.status_code == 404
    assert 'role="search"' in response.content.decode()
    assert SECTION in response.content.decode()


def test_old_address_of_a_moved_page_redirects_for_good(guide, client):
    workflow.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0)

    response = client.get("/guide/talk/listening/")

    assert (response.status_code, response["Location"]) == (301, "/guide/practice/listening/")


def test_live_page_wins_over_an_old_address(guide, client, case):
    FormerPath.objects.create(path="talk/complaints", page=case)

    assert client.get(SECTION).status_code == 200


def test_withdrawn_page_is_gone(guide, client):
    workflow.publish(workflow.Batch(withdrawn=["come-back"]))

    response = client.get(CASE)

    assert response.status_code == 410
    assert "已经撤下" in response.content.decode()
    assert CASE not in text(client, SECTION)


def test_broken_reference_is_visible_text_not_an_error(guide, client):
    Page.objects.filter(slug="listening").update(body="见[[nowhere|那里]]和[@no#f1]。")

    assert "〔找不到：那里〕" in text(client, "/guide/talk/listening/")


def test_markup_in_content_is_harmless(guide, client):
    Page.objects.filter(slug="listening").update(body="<script>alert(1)</script>[x](javascript:alert(1))", title="<b>粗</b>")
    Principle.objects.update(title="<i>斜</i>")
    out = text(client, "/guide/talk/listening/")

    assert "<script>alert" not in out
    assert "javascript:" not in out
    assert "<b>粗" not in out


def test_signed_in_reading_hides_everything_from_strangers(guide, client, settings, reader):
    settings.READING = "signed-in"
    strangers = [
        client.get(url).status_code for url in (SECTION, CASE, "/1.1", "/go/complaints", "/principles/complaints/register/")
    ]
    home = client.get("/").content.decode()
    terms = client.get("/glossary/").content.decode() + client.get("/sources/").content.decode()
    client.force_login(reader)

    assert strangers == [404] * 5
    assert "客户投诉处理" not in home
    assert "首问负责制" not in terms
    assert "投诉处理管理办法" not in terms
    assert client.get(SECTION).status_code == 200


def test_pages_send_a_policy_without_inline_script(guide, client):
    policy = client.get(SECTION)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("url", ["/", SECTION, CASE, "/cases/", "/principles/complaints/register/"])
def test_pages_hold_no_style_and_only_the_script_that_the_policy_names(guide, client, url):
    response = client.get(url)
    scripts = re.findall(r"<script>(.*?)</script>", response.content.decode(), re.S)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()

    assert len(scripts) == 1
    assert f"'sha256-{digest}'" in response["Content-Security-Policy"]
    assert " style=" not in response.content.decode()


@pytest.mark.parametrize("url", ["/", SECTION, CASE, "/cases/", "/glossary/kyc/", "/sources/", "/post/?next=/"])
def test_pages_for_anybody_hold_no_token_and_set_no_cookie(guide, client, url):
    response = client.get(url)

    assert "csrf" not in response.content.decode()
    assert not response.cookies


def choose(client, post, **headers):
    return client.post("/post/", {"post": post, "next": SECTION}, headers={"sec-fetch-site": "same-origin"} | headers)


def test_post_is_chosen_once_and_said_on_every_page(guide, client):
    response = choose(client, "counter")

    assert (response.status_code, response["Location"]) == (302, SECTION)
    assert "岗位：柜面" in text(client, "/cases/")


def test_post_is_forgotten_when_none_is_chosen(guide, client):
    choose(client, "counter")
    choose(client, "")

    assert "岗位：柜面" not in text(client, SECTION)


def test_post_that_the_guide_does_not_know_is_no_post(guide, client):
    client.cookies["post"] = "pilot"

    assert "岗位：" not in text(client, SECTION)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}])
def test_another_site_cannot_choose_the_post(guide, client, headers):
    response = choose(client, "counter", **headers)

    assert response.status_code == 403
    assert "不是从本站的页面发出" in response.content.decode()


@pytest.mark.parametrize(("origin", "status"), [("http://testserver", 302), ("http://elsewhere.example", 403), ("null", 403)])
def test_browser_without_fetch_metadata_is_judged_by_origin(guide, client, origin, status):
    assert client.post("/post/", {"post": "counter"}, headers={"origin": origin}).status_code == status


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere"]
)
def test_choosing_a_post_never_leads_to_another_site(guide, client, elsewhere):
    response = client.post("/post/", {"post": "counter", "next": elsewhere}, headers={"sec-fetch-site": "same-origin"})

    assert response["Location"] == "/"


def test_withdrawn_address_tells_strangers_nothing(guide, client, settings):
    workflow.publish(workflow.Batch(withdrawn=["come-back"]))
    settings.READING = "signed-in"

    assert client.get(CASE).status_code == 404


@pytest.fixture
def failing(client, monkeypatch):
    """A client whose home page fails."""

    def fail(*arguments, **options):
        raise RuntimeError("planted")

    monkeypatch.setattr("guide.pages.views.render", fail)
    client.raise_request_exception = False
    return client


def test_fault_of_ours_is_answered_with_help(guide, failing):
    response = failing.get("/")

    assert response.status_code == 500
    assert 'role="search"' in response.content.decode()
    assert SECTION in response.content.decode()


def test_fault_of_ours_is_answered_without_a_database(guide, failing, monkeypatch):
    def fail(*arguments):
        raise OperationalError("planted")

    monkeypatch.setattr("guide.pages.views.outline_for", fail)
    response = failing.get("/")

    assert response.status_code == 500
    assert "回到目录" in response.content.decode()
