"""The reader's first journey: home → chapter → section → principle's case → back → search → hit."""

from playwright.sync_api import expect


def test_reader_goes_from_home_to_a_case_and_back_and_searches(page, site):
    page.goto("/")
    page.get_by_role("link", name="客户沟通与交流技巧").first.click()
    expect(page).to_have_url(f"{site}/guide/communication-skills/")

    page.get_by_role("main").get_by_role("link", name="客户投诉处理与应对").click()
    rule = page.locator("#register-and-reply")
    expect(rule).to_contain_text("必须·法定")

    rule.get_by_role("link", name="请您周一再来").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请您周一再来")
    expect(page.get_by_role("main")).to_contain_text("模拟案例")

    page.get_by_role("main").get_by_role("link", name="登记受理，按期答复").click()
    expect(page).to_have_url(f"{site}/guide/communication-skills/complaint-handling/#register-and-reply")

    page.get_by_role("banner").get_by_role("combobox").fill("客户投诉")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").locator("mark").first).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="客户投诉处理与应对").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("客户投诉处理与应对")


def test_no_page_is_wider_than_the_screen(page):
    for path in (
        "/",
        "/guide/communication-skills/complaint-handling/",
        "/cases/",
        "/glossary/",
        "/sources/",
        "/search/?q=投诉",
    ):
        page.goto(path)

        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_number_jumps_to_its_section(page, site):
    page.goto("/3.5")

    expect(page).to_have_url(f"{site}/guide/communication-skills/complaint-handling/")
