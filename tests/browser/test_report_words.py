"""Words selected in the text lead to the form with their paragraph chosen; keys pressed before the scripts came count."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import await_scripts

SECTION = "/guide/communication-skills/complaint-handling/"
CHECK = "抽10件投诉工单，核对收到日、决定日和告知记录"


@pytest.fixture(params=[360, 1440])
def opened(chromium, site, request):
    context = chromium.new_context(viewport={"width": request.param, "height": 800}, base_url=site, locale="zh-CN")
    yield context.new_page()
    context.close()


def select(page, words):
    """Select `words` in the text, as a finger or mouse leaves them selected."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.getElementById("register-and-reply"), NodeFilter.SHOW_TEXT);
            while (walker.nextNode() && !walker.currentNode.data.includes(words));
            const start = walker.currentNode.data.indexOf(words);
            walker.currentNode.parentElement.scrollIntoView({ block: "center" });
            getSelection().setBaseAndExtent(walker.currentNode, start, walker.currentNode, start + words.length);
        }""",
        words,
    )


def hold_scripts(page):
    """Let the scripts of `page` wait; returns what lets them come, once they were asked for."""
    held = []

    def hold(route):  # Playwright takes no method of a list
        held.append(route)

    page.route("**/js/guide*.js", hold)

    def let_come():
        while not held:
            page.wait_for_timeout(20)
        held[0].continue_()

    return let_come


def test_selected_words_are_reported_with_their_paragraph_and_shown_to_the_editor(opened):
    await_scripts(opened)
    opened.goto(SECTION)
    select(opened, "核对收到日")
    link = opened.get_by_role("link", name="报告这一段")
    expect(link).to_be_in_viewport()
    link.click()
    expect(opened.locator("select option:checked")).to_contain_text("抽10件投诉工单")
    expect(opened.get_by_text("您选中的话：核对收到日")).to_be_visible()

    opened.get_by_label("内容有误或过时").check()
    opened.get_by_label("请说明").fill("决定日在系统里查不到。")
    opened.get_by_role("button", name="送出").click()
    expect(opened.get_by_role("status")).to_contain_text("编辑的收件箱")

    opened.goto = type(opened).goto.__get__(opened)
    opened.goto("/admin/login/?next=/admin/feedback/report/")
    opened.locator("[name=username]").fill("boss")
    opened.locator("[name=password]").fill("pass-word-12")
    opened.locator("[name=password]").press("Enter")
    opened.get_by_role("link", name="客户投诉处理与应对：内容有误").first.click()
    expect(opened.locator(".field-meant")).to_contain_text(CHECK)
    expect(opened.locator(".field-meant")).to_contain_text("核对收到日")
    opened.get_by_role("link", name="到这一段").click()
    expect(opened.get_by_text(CHECK)).to_be_in_viewport()


def test_keyboard_comes_to_the_link_right_after_the_selection(opened):
    await_scripts(opened)
    opened.goto(SECTION)
    select(opened, "核对收到")
    opened.keyboard.press("Shift+ArrowRight")
    expect(opened.get_by_role("link", name="报告这一段")).to_be_visible()
    opened.keyboard.press("Tab")
    expect(opened.get_by_role("link", name="报告这一段")).to_be_focused()

    opened.keyboard.press("Enter")
    expect(opened.get_by_text("您选中的话：核对收到日")).to_be_visible()


def test_link_goes_with_the_selection_and_is_not_offered_for_other_text(opened):
    await_scripts(opened)
    opened.goto(SECTION)
    select(opened, "核对收到日")
    expect(opened.get_by_role("link", name="报告这一段")).to_be_visible()
    opened.keyboard.press("Escape")
    expect(opened.get_by_role("link", name="报告这一段")).to_have_count(0)

    select(opened, "请您周一再来")
    opened.wait_for_timeout(400)
    expect(opened.get_by_role("link", name="报告这一段")).to_have_count(0)


def test_keys_pressed_before_the_scripts_came_count(opened, site):
    let_come = hold_scripts(opened)
    opened.goto(SECTION)
    opened.keyboard.press("/")
    opened.keyboard.type("tousu")
    expect(opened.get_by_role("banner").locator("[name=q]")).to_have_value("tousu")
    expect(opened.locator("html[data-late]")).to_have_count(1)
    let_come()

    expect(opened.get_by_role("option").first).to_contain_text("投诉")
    expect(opened.get_by_role("banner").locator("[name=q]")).to_have_value("tousu")


def test_early_keys_count_where_the_browser_keeps_nothing(opened):
    denied = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError') }})"
    faults = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.add_init_script(denied)
    let_come = hold_scripts(opened)
    opened.goto(SECTION)
    opened.keyboard.press("/")
    opened.keyboard.type("tousu")
    let_come()

    expect(opened.get_by_role("option").first).to_contain_text("投诉")
    assert faults == []


def test_turning_the_page_before_the_scripts_came_waits_for_them(opened, site):
    let_come = hold_scripts(opened)
    opened.goto(SECTION)
    opened.keyboard.press("Control+k")
    opened.keyboard.press("g")
    opened.keyboard.press("h")
    let_come()

    expect(opened).to_have_url(f"{site}/")
