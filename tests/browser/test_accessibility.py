"""axe-core on every template, light and dark, and on the most colourful in high contrast: no violation of any of its rules."""

import json
import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site import ROOT, manage

SECTION = "/guide/communication-skills/complaint-handling/"
# Each template that is a whole page, and addresses at which it is drawn.
PAGES = {
    "pages/home.html": ["/"],
    "pages/chapter.html": ["/guide/communication-skills/"],
    "pages/section.html": [SECTION, "/guide/cases-and-practice/typical-cases/"],
    "pages/case.html": ["/guide/cases-and-practice/typical-cases/come-back-on-monday/"],
    "pages/card.html": ["first of card"],
    "pages/drill.html": ["first of drill"],
    "pages/principle.html": ["/principles/complaint-handling/register-and-reply/"],
    "pages/cases.html": ["/cases/", "/cases/?chapter=communication-skills&post=counter", "/cases/?post=nobody"],
    "pages/glossary.html": ["/glossary/"],
    "pages/term.html": ["/glossary/escalation/"],
    "pages/sources.html": ["/sources/"],
    "pages/source.html": ["/sources/cbirc-2020-3/"],
    "pages/post.html": ["/post/"],
    "pages/keyboard.html": ["/keyboard/"],
    "pages/gone.html": ["drawn: gone"],
    "search/results.html": ["/search/", "/search/?q=投诉", "/search/?q=投诉+量子纠缠", "/search/?q=xqzw", "/search/?q=tousu"],
    "search/api.html": ["/api/"],
    "search/miss.html": ["/search/miss/?q=量子纠缠", "/search/miss/?q=量子纠缠&told=on"],
    "search/phrases.html": ["/phrases/", "/phrases/?post=counter"],
    "feedback/report.html": ["/report/complaint-handling/register-and-reply/", "/report/complaint-handling/"],
    "feedback/thanks.html": ["/thanks/complaint-handling/no/", "/thanks/complaint-handling/report/"],
    "board/overview.html": ["signed in: /board/", "signed in: /board/?sort=risk"],
    "board/rows.html": ["signed in: /board/complaint-handling/principles/", "signed in: /board/complaint-handling/reports/"],
    "accounts/login.html": ["/accounts/login/"],
    "pages/chapter_sheets.html": ["/sheets/communication-skills/"],
    "pages/past_home.html": ["/?as_of=2020-01-01", f"/?as_of={date.today()}"],
    "pages/past_page.html": [f"{SECTION}?as_of={date.today()}"],
    "pages/past_missing.html": [f"{SECTION}?as_of=2020-01-01"],
    "pages/past_unclear.html": ["/?as_of=x"],
    "publishing/changes.html": ["/changes/"],
    "publishing/history.html": [f"{SECTION}history/"],
    "publishing/restore.html": ["drawn: restore"],
    "403.html": ["drawn: refused"],
    "404.html": ["/guide/nothing/"],
    "500.html": ["drawn: fault"],
}
PLACES = [(template, place) for template, places in PAGES.items() for place in places]

# What no address shows of itself: drawn by the site's own code, on the site's own data, with nothing left changed.
DRAW = """
import json
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from guide.pages.models import Page
from guide.pages.views import server_error
from guide.publishing.models import Draft
first = {kind: Page.objects.published().filter(kind=kind).first().get_absolute_url() for kind in ("card", "drill")}
fault = server_error(None).content.decode()
with transaction.atomic():
    page = Page.objects.get(slug="come-back-on-monday")
    Page.objects.filter(pk=page.pk).update(withdrawn_at="2026-01-01T00:00Z")
    gone = Client(headers={"host": "127.0.0.1"}).get(page.get_absolute_url()).content.decode()
    transaction.set_rollback(True)
with transaction.atomic():
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(get_user_model().objects.get(username="boss"))
    address = "/guide/communication-skills/complaint-handling/history/1/restore/"
    client.post(address)
    Draft.objects.update(text="draft in the way")
    restore = client.post(address).content.decode()
    transaction.set_rollback(True)
refused = Client(headers={"host": "127.0.0.1", "origin": "https://elsewhere.example"}).post("/post/").content.decode()
print(json.dumps({"first": first, "gone": gone, "fault": fault, "refused": refused, "restore": restore}))
"""


@pytest.fixture(scope="session")
def drawn(site, site_data):
    return json.loads(manage(site_data, "shell", "-v0", "-c", DRAW))


LOOKS = [("light", "no-preference", 360), ("dark", "no-preference", 1440), ("light", "more", 768), ("dark", "more", 360)]
# High contrast changes the colours alone, which all templates share: those that use most of them are enough.
COLOURFUL = ["pages/home.html", "pages/section.html", "pages/case.html", "search/results.html", "board/overview.html"]


SHOWN = [(look, place) for look in LOOKS for template, place in PLACES if look[1] != "more" or template in COLOURFUL]


def name_of(value):
    return value if isinstance(value, str) else "-".join(map(str, value))


@pytest.fixture(scope="session")
def look(chromium, site, request):
    """A page in one colour scheme, usual or high contrast, at one width."""
    scheme, contrast, width = request.param
    size = {"width": width, "height": 900}
    colours = {"color_scheme": scheme, "contrast": contrast, "reduced_motion": "reduce"}
    context = chromium.new_context(viewport=size, base_url=site, locale="zh-CN", **colours)
    yield context.new_page()
    context.close()


def sign_in(page):
    page.goto("/accounts/login/")
    if page.locator("#id_username").count():
        page.locator("#id_username").fill("boss")
        page.locator("#id_password").fill("pass-word-12")
        page.locator("main button").click()
        page.wait_for_url("**/")


def show(page, place, drawn):
    if place.startswith("first of "):
        page.goto(drawn["first"][place.removeprefix("first of ")])
    elif place.startswith("signed in: "):
        sign_in(page)
        page.goto(place.removeprefix("signed in: "))
    elif place.startswith("drawn: "):
        html = drawn[place.removeprefix("drawn: ")]
        page.route("**/drawn/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("/drawn/")
        page.unroute("**/drawn/")
    else:
        page.goto(place)


@pytest.mark.parametrize(("look", "place"), SHOWN, indirect=["look"], ids=name_of)
def test_no_violation(look, drawn, place):
    show(look, place, drawn)
    found = Axe().run(look)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("look", LOOKS[:2], indirect=True, ids=name_of)
def test_what_is_wrong_is_found(look):
    look.set_content('<main><img src="data:,"><p style="color:#999;background:#fff">字太浅，看不清</p></main>')

    assert {row["id"] for row in Axe().run(look).response["violations"]} >= {"image-alt", "color-contrast"}


def test_every_template_is_among_them():
    folder = ROOT / "templates"
    parents = set(re.findall(r'{% extends "([^"]+)" %}', "".join(path.read_text("utf-8") for path in folder.rglob("*.html"))))
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    whole = {name for name in names if not name.rpartition("/")[2].startswith("_") and not name.startswith("admin/")}

    assert whole - parents == set(PAGES)
