"""Search in a browser: results and suggestions as one types, by keyboard; marks on the page; nothing needs a script."""

import json
import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

COMPLAINTS = "/guide/communication-skills/complaint-handling/"
PART = re.compile(r"/search/\?.*part=results")


def box(page):
    return page.get_by_role("combobox").last


@pytest.fixture
def plain(chromium, site):
    """A page whose browser runs no script."""
    context = chromium.new_context(viewport={"width": 360, "height": 900}, base_url=site, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_slash_leads_to_the_box_and_suggestions_are_walked_by_keys(page, site):
    page.goto("/")
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("tousu")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("客户投诉处理与应对")
    expect(box(page)).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == options.first.get_attribute("id")

    page.keyboard.press("Enter")
    expect(page).to_have_url(site + COMPLAINTS)


def test_slash_is_a_character_inside_a_field(page):
    page.goto("/phrases/")
    page.get_by_text("粘贴要说的话").click()
    page.locator("textarea").focus()
    page.keyboard.type("/")

    expect(page.locator("textarea")).to_have_value("/")


def test_escape_closes_suggestions_and_enter_searches(page):
    page.goto(COMPLAINTS)
    box(page).focus()
    page.keyboard.type("gongz")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_have_value("gongz")

    box(page).fill("工装")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("搜索“工装”")


def test_results_follow_what_is_typed(page, site):
    page.goto("/search/?q=工装&post=counter")
    page.evaluate("window.isSame = true")
    box(page).fill("")
    box(page).press_sequentially("投诉处理", delay=20)
    expect(page.locator("#results").get_by_role("link", name="客户投诉处理与应对").first).to_be_visible()

    expect(page).to_have_url(f"{site}/search/?post=counter&q=%E6%8A%95%E8%AF%89%E5%A4%84%E7%90%86")
    expect(page.get_by_role("status").first).to_contain_text("条")
    expect(box(page)).to_be_focused()
    assert page.evaluate("window.isSame")
    assert "part=" not in page.url


def test_answer_that_comes_when_the_words_are_the_old_ones_again_is_not_shown(page, site):
    page.goto("/search/?q=投诉")
    late = []
    page.route(PART, lambda route: late.append(route))  # noqa: PLW0108  # Playwright writes into what it is handed
    box(page).press("End")
    with page.expect_request(PART):
        page.keyboard.type("排队")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.wait_for_timeout(300)  # longer than the pause after which is searched
    late[0].fulfill(content_type="text/html", body='<div data-status=""><h1>排队</h1></div>')
    page.wait_for_timeout(300)

    expect(page.locator("h1")).to_contain_text("“投诉”")
    assert "排队" not in unquote(page.url)


def test_nothing_is_searched_while_characters_are_composed(page):
    page.goto("/search/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "q=" in request.url else None)
    box(page).focus()
    compose = """(text) => { const box = document.activeElement; box.value = text;
        box.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true })); }"""
    box(page).dispatch_event("compositionstart")
    page.evaluate(compose, "tou su")
    page.wait_for_timeout(400)
    assert asked == []

    page.evaluate(compose, "投诉")
    box(page).dispatch_event("compositionend")
    expect(page.locator("#results mark").first).to_be_visible()
    assert not [url for url in asked if "tou" in url]


def test_words_are_marked_where_one_lands_and_the_anchor_keeps_its_place(page, site):
    page.goto("/search/?q=登记受理")
    page.locator("#results a.deep").first.click()
    expect(page).to_have_url(f"{site}{COMPLAINTS}#register-and-reply")
    bar = page.get_by_role("region", name="搜索的词")
    expect(bar).to_be_visible()
    assert page.evaluate("CSS.highlights.get('found').size") > 0
    assert page.evaluate("Math.abs(document.querySelector(':target').getBoundingClientRect().top) < innerHeight / 2")

    page.reload()
    expect(bar).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    assert not page.evaluate("CSS.highlights.has('found')")

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(bar).to_have_count(0)


def test_marks_are_wrapped_where_there_is_no_highlight_api(page):
    page.add_init_script("delete globalThis.Highlight")
    page.goto("/search/?q=登记受理")
    page.locator("#results a.deep").first.click()
    expect(page.get_by_role("main").locator("mark").first).to_be_attached()
    text = page.get_by_role("main").inner_text()

    page.get_by_role("button", name="去掉标记").click()
    expect(page.get_by_role("main").locator("mark")).to_have_count(0)
    assert page.get_by_role("main").inner_text() == text


def test_page_reached_otherwise_bears_no_marks(page):
    page.goto("/search/?q=登记受理")
    page.goto(COMPLAINTS)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".marks-bar")).to_have_count(0)


def test_recent_searches_are_kept_here_and_can_be_removed(page):
    for words in ("投诉", "工装"):
        page.goto(f"/search/?q={words}")
    page.goto("/")
    box(page).click()
    recent = page.locator(".recent:visible")
    expect(recent.get_by_role("link")).to_have_text(["工装", "投诉"])

    page.keyboard.press("ArrowDown")
    expect(recent.get_by_role("link", name="工装")).to_be_focused()
    recent.get_by_role("button", name="删除“工装”").click()
    expect(recent.get_by_role("link")).to_have_text(["投诉"])
    recent.get_by_role("button", name="全部清除").click()
    expect(recent).to_have_count(0)
    assert page.evaluate("localStorage.getItem('recent-searches')") is None


def test_opened_hit_and_settled_search_are_told_to_the_log(page):
    told = []
    page.on("request", lambda request: told.append((request.url, request.post_data)) if request.method == "POST" else None)
    page.goto("/search/")
    box(page).press_sequentially("工装", delay=20)
    with page.expect_request("**/search/settled/"):
        pass
    page.locator("#results a[data-hit]").first.click()
    page.wait_for_url("**/guide/**")

    sent = {url.rpartition("/search/")[2]: body for url, body in told}
    assert sent["settled/"] == "q=%E5%B7%A5%E8%A3%85"
    assert sent["opened/"].startswith("q=%E5%B7%A5%E8%A3%85&url=%2Fguide%2F")


def test_thumb_reaches_every_link_of_the_results(page):
    page.goto("/search/?q=投诉")
    if page.viewport_size["width"] > 400:
        return
    page.get_by_text("更多筛选").click()
    heights = page.locator(".chip, .facets summary, .found .more").evaluate_all("all => all.map((e) => e.offsetHeight)")

    assert min(heights) >= 44, json.dumps(heights)


def test_all_of_it_works_without_script(plain, site):
    plain.goto("/")
    plain.locator("main input[name=q]").fill("投述处理")
    plain.locator("main input[name=q]").press("Enter")
    expect(plain.get_by_text("已显示“投诉处理”的结果")).to_be_visible()
    plain.get_by_text("更多筛选").click()
    plain.get_by_role("link", name="柜面").first.click()
    plain.locator(".chip", has_text="案例").first.click()
    expect(plain).to_have_url(f"{site}/search/?q=%E6%8A%95%E8%BF%B0%E5%A4%84%E7%90%86&post=counter&kind=case")

    plain.goto("/search/?q=投诉")
    plain.get_by_role("link", name="看全部").nth(1).click()
    plain.get_by_role("link", name="下一页 →").click()
    expect(plain.get_by_text("第 2 页")).to_be_visible()
    plain.goto("/search/?q=量子纠缠")
    plain.get_by_role("button", name="告诉编辑没有找到").click()
    expect(plain.get_by_text("已告诉编辑")).to_be_visible()
