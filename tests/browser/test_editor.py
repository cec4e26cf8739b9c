"""The admin in a browser: writing, previewing, picking, reviewing; nothing is refused by the policy or fetched elsewhere."""

import re
from base64 import b64encode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import write_guide
from tests.publishing.test_pictures import PNG
from tests.site import free_port, manage, serving

PEOPLE = """
from django.contrib.auth.models import Group
from guide.accounts.models import User
for name, role in (("wang", "编辑"), ("zhao", "编辑"), ("li", "审核人")):
    User.objects.create_user(name, password="pass-word-12").groups.add(Group.objects.get(name=role))
"""


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    """The small guide with two editors and a reviewer, where one person may also publish alone; gives its address."""
    data, port = tmp_path_factory.mktemp("newsroom"), free_port()
    content = write_guide(tmp_path_factory.mktemp("files") / "content")
    with serving(data, port, content, SINGLE_PERSON_PUBLISHING="1"):
        manage(data, "shell", "-c", PEOPLE)
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def browser_of(chromium, newsroom):
    """Sign somebody in, in a browser of their own, which fails on any error, refused policy or request to elsewhere."""
    contexts, faults = [], []

    def sign_in(name, **options):
        options = {"viewport": {"width": 1280, "height": 900}} | options
        context = chromium.new_context(base_url=newsroom, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda sent: None if sent.url.startswith((newsroom, "data:", "about:")) else faults.append(sent.url))
        page.goto("/admin/")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill("pass-word-12")
        page.locator("[type=submit]").click()
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert faults == []


def edit(page, title):
    page.goto("/admin/pages/page/")
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.locator("#fault-count")).to_be_visible()


def change(page, old, new):
    """Exchange words in the editor as typing would."""
    expect(page.locator(".CodeMirror")).to_be_visible()
    page.evaluate(
        "([old, next]) => { const { cm } = guideEditor; const at = cm.getValue().indexOf(old);"
        "cm.setSelection(cm.posFromIndex(at), cm.posFromIndex(at + old.length)); cm.replaceSelection(next); }",
        [old, new],
    )


def text_in(page):
    return page.evaluate("guideEditor.cm.getValue()")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_every_screen_of_writing_and_reviewing_opens_and_fits(browser_of, width):
    page = browser_of("wang", viewport={"width": width, "height": 900})
    for address in (
        "/admin/",
        "/admin/pages/page/",
        "/admin/pages/page/add/",
        "/admin/pages/revision/",
        "/admin/reference/term/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

    edit(page, "1.2 倾听")
    expect(page.frame_locator("iframe.preview").get_by_role("heading", level=1)).to_contain_text("倾听")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens_have_no_violation(browser_of, scheme):
    page = browser_of("wang", color_scheme=scheme)
    for address in ("/admin/", "/admin/pages/page/add/", "/admin/reference/source/1/change/", "/admin/pages/page/5/change/"):
        page.goto(address)
        found = Axe().run(page, options={"rules": {"scrollable-region-focusable": {"enabled": False}}})  # CodeMirror's own
        assert found.violations_count == 0, found.generate_report()


def test_preview_and_faults_follow_what_is_typed(browser_of):
    page = browser_of("wang")
    edit(page, "1.2 倾听")
    change(page, "导语：先让客户说完。", "导语：让客户把话说完，见[[nowhere]]。")

    expect(page.frame_locator("iframe.preview").locator("main")).to_contain_text("让客户把话说完")
    expect(page.locator("#faults")).to_contain_text("引用的页面“nowhere”不存在")
    page.locator("#faults button").first.click()
    assert page.evaluate("guideEditor.cm.getCursor().line") == 4


def test_mark_is_found_and_put_in_by_keyboard(browser_of):
    page = browser_of("wang")
    edit(page, "1.2 倾听")
    page.evaluate("guideEditor.cm.setCursor(4, 3); guideEditor.cm.focus()")
    page.keyboard.type("[[")
    page.keyboard.type("投诉")
    expect(page.locator("dialog.picker [role=option]").first).to_contain_text("客户投诉处理")
    page.keyboard.press("Enter")

    assert "导语：[[complaints]]" in text_in(page)


def test_draft_is_kept_while_one_types_and_is_there_after_a_reload(browser_of):
    page = browser_of("zhao")
    edit(page, "1.2 倾听")
    change(page, "不打断。", "不打断，不抢话。")
    expect(page.locator("#draft-state")).to_contain_text("草稿已自动保存", timeout=10_000)

    page.reload()
    expect(page.frame_locator("iframe.preview").locator("main")).to_contain_text("不抢话")
    page.get_by_role("button", name="放弃草稿").click()
    expect(page.locator("#draft-state")).to_contain_text("没有")


def test_field_is_written_into_the_text_at_once(browser_of):
    page = browser_of("wang")
    edit(page, "请您周一再来")
    page.locator("[name=links-0-note]").fill("没有登记，没有编号")
    page.locator("[name=links-0-note]").press("Tab")

    expect(page.locator(".CodeMirror-code")).to_contain_text("没有登记，没有编号")
    assert "relation: breach, note: 没有听完}" in text_in(page)


def test_reviewer_decides_within_two_clicks_of_the_queue(browser_of):
    writer = browser_of("wang")
    edit(writer, "1.1 客户投诉处理")
    change(writer, "不推诿", "决不推诿")
    writer.get_by_label("为什么改").fill("说得更重")
    writer.get_by_role("button", name="提交审核").click()
    expect(writer.get_by_role("button", name=re.compile("通过"))).to_have_count(0)

    reviewer = browser_of("li")
    reviewer.locator(".desk .first a").first.click()
    expect(reviewer.locator("ins").first).to_have_text("决不")
    expect(reviewer.frame_locator("iframe.preview").locator("main")).to_contain_text("决不推诿")
    reviewer.get_by_role("button", name="通过并发布").click()
    expect(reviewer.locator(".messagelist")).to_contain_text("已通过")
    reviewer.goto("/go/complaints")
    expect(reviewer.get_by_role("main")).to_contain_text("决不推诿")


def test_two_browsers_edit_one_page_at_once_and_nothing_is_lost(browser_of):
    first, second = browser_of("wang"), browser_of("zhao")
    edit(first, "2.1 典型案例")
    edit(second, "2.1 典型案例")
    change(first, "title: 典型案例", "title: 典型的案例")
    change(second, "案例在下面。", "案例都在下面。")

    first.get_by_role("button", name="发布", exact=True).click()
    expect(first.locator(".messagelist")).to_contain_text("已发布")
    second.get_by_role("button", name="发布", exact=True).click()
    expect(second.locator(".merge")).to_contain_text("别人发布了第 2 版")
    assert "title: 典型的案例" in text_in(second)
    assert "案例都在下面。" in text_in(second)
    second.get_by_role("button", name="发布", exact=True).click()
    expect(second.locator(".messagelist")).to_contain_text("已发布")


def test_typo_is_live_after_two_clicks_and_the_edit(browser_of):
    page = browser_of("zhao")
    page.goto("/guide/talk/listening/")
    page.get_by_role("link", name="改这一页").click()
    change(page, "不打断。", "不插话。")
    page.get_by_role("button", name="发布", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("已发布")
    page.goto("/guide/talk/listening/")
    expect(page.get_by_role("main")).to_contain_text("不插话。")


def test_writing_and_submitting_work_without_script(browser_of):
    page = browser_of("zhao", java_script_enabled=False)
    page.goto("/go/practice")
    page.goto("/admin/pages/page/?q=practice")
    page.get_by_role("link", name="2 案例与实践").click()
    box = page.get_by_label("全文", exact=False)
    box.fill(box.input_value().replace("这一章放案例。", "这一章都是案例。"))
    page.get_by_role("button", name="提交审核").click()

    expect(page.locator(".messagelist")).to_contain_text("已提交审核")
    expect(page.locator("ins").first).to_contain_text("都是")


def test_real_tree_and_form_open_without_a_policy_report(page):
    page.goto("/admin/")
    page.get_by_label("用户名").fill("boss")
    page.get_by_label("密码").fill("pass-word-12")
    page.get_by_role("button", name="登录").click()
    page.goto("/admin/pages/page/")
    expect(page.locator(".drag-handle").first).to_be_attached()

    page.get_by_role("link", name="3.5 客户投诉处理与应对").click()
    expect(page.locator(".CodeMirror-code")).to_contain_text("complaint-handling")
    expect(page.locator("#fault-count")).to_contain_text("没有发现问题")


PASTE = """
([kind, words]) => {
  const { left, top } = guideEditor.cm.charCoords({ line: 4, ch: 3 }, "window");
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(words), (one) => one.charCodeAt(0));
  data.items.add(new File([bytes], "shot.png", { type: "image/png" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true, clientX: left, clientY: top });
  (kind === "paste" ? guideEditor.cm.getInputField() : guideEditor.cm.getScrollerElement()).dispatchEvent(event);
}
"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_picture_is_pasted_or_dropped_and_not_taken_without_words_that_stand_for_it(browser_of, kind):
    page = browser_of("zhao")
    edit(page, "1.2 倾听")
    expect(page.locator(".CodeMirror")).to_be_visible()
    page.evaluate("guideEditor.cm.setCursor(4, 3)")
    page.evaluate(PASTE, [kind, b64encode(PNG).decode()])
    dialog = page.get_by_role("dialog", name="插入图片")
    expect(dialog).to_be_visible()

    dialog.get_by_role("button", name="传上去并插入").click()
    expect(dialog).to_be_visible()
    assert "![" not in text_in(page)

    dialog.get_by_label("文字说明").fill("取号机")
    dialog.get_by_role("button", name="传上去并插入").click()
    expect(page.locator(".CodeMirror-code")).to_contain_text("![取号机](../media/")
    expect(page.locator("#draft-state")).to_contain_text("草稿已自动保存", timeout=10_000)
    page.reload()
    page.get_by_role("button", name="放弃草稿").click()
    expect(page.locator(".messagelist")).to_contain_text("草稿已放弃")
