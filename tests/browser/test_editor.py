"""The admin in a browser: nothing is refused by the policy, and dragging is there."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def admin_page(page):
    page.goto("/admin/")
    page.get_by_label("用户名").fill("boss")
    page.get_by_label("密码").fill("pass-word-12")
    page.get_by_role("button", name="登录").click()
    return page


def test_tree_and_form_open_without_a_policy_report(admin_page):
    admin_page.goto("/admin/pages/page/")
    expect(admin_page.locator(".drag-handle").first).to_be_attached()

    admin_page.get_by_role("link", name="3.5 客户投诉处理与应对").click()
    expect(admin_page.get_by_label("全文")).to_contain_text("id: complaint-handling")
