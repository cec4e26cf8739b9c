"""How pages stand on the screen: lines that meet, tables on a phone, focus that nothing covers, nothing that is empty."""

import pytest
from playwright.sync_api import expect

SECTION = "/guide/communication-skills/complaint-handling/"
# Tables of four columns, in the narrowest of which a character a line would fit.
RISK = "/guide/process-and-operations/risk-control/"
LEFT = "element => Math.round(element.getBoundingClientRect().left)"
# Every stop of the Tab key between `first` and the end that the header covers, whole or in part.
COVERED = """() => {
    const stop = document.activeElement, box = stop.getBoundingClientRect();
    const bar = document.querySelector('.bar').getBoundingClientRect().bottom;
    return !stop.closest('.bar, .skip') && box.bottom > 0 && box.top < bar ? stop.outerHTML.slice(0, 80) : '';
}"""


@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_text_begins_below_the_search_box_on_every_page(opened, width):
    page = opened(SECTION, width, 900)
    for path in (SECTION, "/search/?q=投诉", "/search/?q=量子纠缠", "/cases/", "/glossary/", "/sources/cbirc-2020-3/"):
        page.goto(path)

        assert page.locator("h1").evaluate(LEFT) == page.locator(".bar .search").evaluate(LEFT), path


def test_tables_keep_four_characters_a_line_on_a_phone(opened):
    page = opened(RISK)
    cells = page.locator("table:not(.phrases) tr:first-child > *")
    widths = cells.evaluate_all("cells => cells.map(cell => cell.clientWidth / parseFloat(getComputedStyle(cell).fontSize))")

    assert len(widths) >= 4
    assert min(widths) > 4.5
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("path", [SECTION, "/cases/", "/phrases/"])
def test_the_header_never_covers_what_has_the_focus(opened, path):
    page = opened(path)
    page.locator("main a").nth(30).focus()
    covered = []
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        covered.append(page.evaluate(COVERED))

    assert set(covered) == {""}


def test_text_is_larger_on_a_very_wide_screen_and_by_a_quarter_when_asked(opened):
    page = opened(SECTION, 1920, 1080)
    size = "getComputedStyle(document.documentElement).fontSize"
    assert page.evaluate(size) == "18px"
    page.get_by_role("button", name="大字").click()
    assert page.evaluate(size) == "22.5px"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_case_without_sources_has_no_empty_landmark(opened):
    page = opened("/guide/cases-and-practice/typical-cases/come-back-on-monday/")

    assert page.get_by_role("complementary").count() == 0


def test_filters_can_be_skipped_with_the_keyboard(opened, site):
    page = opened("/search/?q=投诉", 1440, 900)
    page.get_by_role("link", name="跳到结果").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_url(site + SECTION)


def test_a_chosen_filter_is_in_sight_on_a_phone_and_widens_nothing(opened):
    page = opened("/search/?q=投诉&kind=drill")

    expect(page.get_by_role("link", name="演练 2")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
