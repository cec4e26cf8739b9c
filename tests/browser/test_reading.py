"""Reading in a browser: the first screen of every section, the journeys of staff and trainer, keys, no script, paper."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait_for_scripts

SHOTS = Path(__file__).resolve().parent / "shots"
SECTION = "/guide/communication-skills/complaint-handling/"
PRINCIPLE = "/principles/complaint-handling/register-and-reply/"
CASE = "/guide/cases-and-practice/typical-cases/come-back-on-monday/"
ANSWER = [".answer h1", ".answer .rule", ".answer .yes", ".answer .no", ".answer .case"]


def bottom(page, selector):
    return page.locator(selector).evaluate("element => element.getBoundingClientRect().bottom")


def is_narrower_than_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("post", ["", "counter", "lobby", "relationship-manager", "wealth-manager", "call-centre"])
def test_first_screen_of_every_section_on_a_phone_answers(opened, site, post):
    page = opened("/", java_script_enabled=False)
    page.context.add_cookies([{"name": "post", "value": post, "url": site}] if post else [])
    sections = page.locator(".chapters li a").evaluate_all("links => links.map(link => link.pathname)")
    hidden = []
    for path in sections:
        page.goto(path)
        hidden += [(path, part) for part in ANSWER if page.locator(part).count() != 1 or bottom(page, part) > 640]

    assert len(sections) == 40
    assert hidden == []


def test_member_of_staff_chooses_the_post_once_and_reads_its_rules_first(page):
    page.goto("/")
    page.get_by_role("main").get_by_role("button", name="安保与外包").click()
    page.goto(SECTION)

    expect(page.locator(".for-others")).to_contain_text("安保与外包")
    assert page.locator("section.principle").count() == 6
    first, *_, last = page.locator("section.principle").evaluate_all("all => all.map(one => one.id)")
    assert (first, last) == ("no-refusal-no-rework", "tell-outside-channels")


def test_member_of_staff_goes_from_the_rule_to_the_case_and_to_the_next(page, site):
    page.goto(SECTION)
    page.locator(".answer .case").click()
    expect(page).to_have_url(site + CASE)
    expect(page.locator(".kind")).to_contain_text("模拟案例")
    expect(page.locator(".relation").first).to_have_text("反例")

    page.locator(".following a").first.click()
    expect(page.locator(".kind")).to_contain_text("模拟案例")
    expect(page).not_to_have_url(site + CASE)


def test_trainer_copies_the_citation_and_its_address_leads_back(opened, site):
    page = opened(SECTION, 1440, 900, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#calm-facts-solution .anchor").click()
    expect(page.get_by_role("status")).to_have_text("已复制引用")
    copied = page.evaluate("navigator.clipboard.readText()")

    assert copied == f"《指南》3.5“先稳情绪，再核事实，后给方案” {site}/go/complaint-handling/calm-facts-solution"
    page.goto(copied.split(" ")[1])
    expect(page).to_have_url(f"{site}{SECTION}#calm-facts-solution")
    background = page.locator("#calm-facts-solution").evaluate("element => getComputedStyle(element).backgroundColor")
    assert background != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_practice_hides_the_rest_until_something_was_chosen(opened, script):
    page = opened(CASE, java_script_enabled=script)
    expect(page.locator(".rest")).to_be_visible()
    page.get_by_role("link", name="练习").click()
    expect(page.locator(".rest")).to_be_hidden()
    expect(page.locator(".choices details p").first).to_be_hidden()

    page.get_by_text("先登记诉求，给受理编号").click()
    expect(page.locator(".rest")).to_be_visible()
    expect(page.locator(".choices")).to_contain_text("3.5“登记受理，按期答复”")


def test_reader_without_script_reads_chooses_and_finds_the_way(opened, site):
    page = opened(SECTION, java_script_enabled=False)
    page.get_by_role("button", name="目录").click()
    page.get_by_role("navigation", name="本章目录").get_by_role("link", name="有效沟通的原则").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("有效沟通的原则")

    page.get_by_role("button", name="菜单").click()
    expect(page.locator("#type-size")).to_be_hidden()
    page.get_by_role("link", name="岗位").click()
    page.get_by_role("button", name="柜面").click()
    expect(page).to_have_url(f"{site}/guide/communication-skills/effective-communication/")

    page.goto(SECTION)
    page.locator("#register-and-reply .anchor").click()
    expect(page).to_have_url(f"{site}{SECTION}#register-and-reply")
    page.locator("#register-and-reply .basis summary").click()
    expect(page.locator("#register-and-reply .basis")).to_contain_text("现行")


def test_everything_on_a_section_can_be_done_with_the_keyboard(page, site):
    page.goto(SECTION)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile("/guide/etiquette/$"))
    wait_for_scripts(page)
    page.keyboard.press("k")
    expect(page).to_have_url(site + SECTION)
    wait_for_scripts(page)
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page).to_have_url(f"{site}/")


def test_keys_of_one_letter_can_be_turned_off(opened, site):
    page = opened(SECTION)
    page.get_by_role("link", name="快捷键").click()
    page.get_by_role("button", name="停用单键快捷键").click()
    page.get_by_role("button", name="关闭").click()
    page.keyboard.press("j")
    page.keyboard.press("?")

    expect(page).to_have_url(site + SECTION)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_every_stop_of_the_tab_key_is_seen_and_named(opened):
    page = opened(SECTION, 1440, 900)
    unnamed = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return {name: (e.getAttribute('aria-label') || e.textContent || e.placeholder || '').trim(),
                    ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, html: e.outerHTML.slice(0, 80)} }"""
        )
        unnamed += [] if stop["name"] and stop["ring"] else [stop["html"]]

    assert unnamed == []


def test_drawer_opens_and_closes_with_the_keyboard_on_a_phone(opened):
    page = opened(SECTION)
    outline = page.get_by_role("navigation", name="本章目录")
    expect(outline).to_be_hidden()
    page.get_by_role("button", name="目录").focus()
    page.keyboard.press("Enter")
    expect(outline).to_be_visible()

    page.keyboard.press("Escape")
    expect(outline).to_be_hidden()
    expect(page.get_by_role("button", name="目录")).to_be_focused()


def test_outline_marks_what_is_being_read(opened):
    page = opened(SECTION, 1440, 900)
    page.locator("#independent-handler").evaluate("element => element.scrollIntoView()")

    expect(page.locator('.outline [aria-current="location"]')).to_have_text("被投诉的人不办自己的投诉")


@pytest.mark.parametrize(("mark", "words"), [("a.term", "消费投诉"), ("a.cite", "银行业保险业消费投诉处理管理办法")])
def test_terms_and_sources_are_explained_in_place(opened, mark, words):
    page = opened(SECTION, 1440, 900)
    page.locator(f"main {mark}").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()

    page.locator(f"main {mark}").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("tooltip")).to_contain_text(words)


def test_first_tap_on_a_term_explains_it_and_the_second_opens_it(opened, site):
    page = opened(SECTION, has_touch=True, is_mobile=True)
    page.locator("main a.term").first.tap()
    expect(page.get_by_role("tooltip")).to_contain_text("消费投诉")
    expect(page).to_have_url(site + SECTION)

    page.locator("main a.term").first.tap()
    expect(page).to_have_url(re.compile("/glossary/"))


def test_larger_type_is_remembered_on_the_device_and_breaks_nothing(opened):
    page = opened(SECTION)
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("button", name="大字").click()
    page.goto("/cases/")

    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    for path in ("/", SECTION, CASE, "/glossary/"):
        page.goto(path)
        assert is_narrower_than_the_screen(page), path


def test_lines_hold_between_thirty_and_thirty_eight_characters_on_a_wide_screen(opened):
    page = opened(SECTION, 1440, 900)
    width, size = page.locator("#register-and-reply p").first.evaluate(
        "p => [p.getBoundingClientRect().width, parseFloat(getComputedStyle(p).fontSize)]"
    )

    assert 30 <= width / size <= 38


def test_nothing_moves_while_a_section_loads(opened):
    page = opened("/")
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => window.moved += entry.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(SECTION)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.moved") == 0


@pytest.mark.parametrize(
    "path", [SECTION, CASE, "/sheets/communication-skills/", "/principles/complaint-handling/register-and-reply/"]
)
def test_paper_holds_the_text_and_the_edition_and_no_navigation(opened, path):
    page = opened(path, 794, 1123)
    page.emulate_media(media="print", color_scheme="dark")

    for part in page.locator(".bar, .foot, .outline, .turn, .anchor, .crumbs, .margin").all():
        expect(part).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    assert is_narrower_than_the_screen(page)
    expect(page.locator(".on-paper")).to_contain_text("2026年版")
    expect(page.locator(".on-paper")).to_contain_text(path)


def test_paper_opens_what_is_folded_and_begins_each_section_on_a_new_sheet(opened):
    page = opened("/sheets/communication-skills/", 794, 1123)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    assert page.locator("article.sheet").count() == 6
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == 0

    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 12


SHOWN = {
    "section-360": (SECTION, 360, "light"), "section-dark-360": (SECTION, 360, "dark"),
    "section-1440": (SECTION, 1440, "light"),
    "case-768": (CASE, 768, "light"), "home-1440": ("/", 1440, "light"), "home-dark-360": ("/", 360, "dark"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_pictures_of_the_guide_are_kept(opened, name):
    """Renewed with SHOTS=renew, else drawn and only compared in size: letters differ between machines."""
    path, width, scheme = SHOWN[name]
    page = opened(path, width, 640 if width == 360 else 900, color_scheme=scheme)
    picture = page.screenshot()
    if os.environ.get("SHOTS") == "renew":
        (SHOTS / f"{name}.png").write_bytes(picture)

    assert (SHOTS / f"{name}.png").read_bytes()[16:24] == picture[16:24]
