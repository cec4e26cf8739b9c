"""The reader's voice without script: from the kept page to the editors' inbox."""

import pytest
from playwright.sync_api import expect

SECTION = "/guide/communication-skills/complaint-handling/"


@pytest.fixture(params=[360, 1440])
def plain(chromium, site, request):
    """A page in a browser without script."""
    size = {"width": request.param, "height": 800}
    context = chromium.new_context(viewport=size, base_url=site, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_reader_says_no_and_tells_the_editors_why(plain, site):
    plain.goto(SECTION)
    plain.get_by_role("button", name="没有帮助").click()
    expect(plain).to_have_url(f"{site}/thanks/complaint-handling/no/")
    plain.get_by_role("link", name="告诉编辑").click()
    plain.get_by_label("看不懂").check()
    plain.get_by_label("请说明").fill("“受理”和“登记”差在哪里？")
    plain.get_by_role("button", name="送出").click()

    expect(plain.get_by_role("status")).to_contain_text("编辑的收件箱")


def test_principle_leads_to_the_form_about_itself(plain):
    plain.goto(SECTION)
    plain.get_by_role("link", name="报告问题：登记受理，按期答复").click()

    expect(plain.locator(".rule")).to_have_text("3.5 “登记受理，按期答复”")


def test_reader_chooses_the_paragraph_without_script(plain):
    plain.goto(SECTION)
    plain.get_by_role("link", name="报告问题：登记受理，按期答复").click()
    plain.get_by_label("哪一段").select_option(label="怎么查： 抽10件投诉工单，核对收到日、决定日和告知记录；延期的看有没有…")
    plain.get_by_label("看不懂").check()
    plain.get_by_label("请说明").fill("抽哪十件？")
    plain.get_by_role("button", name="送出").click()

    expect(plain.get_by_role("status")).to_contain_text("编辑的收件箱")
