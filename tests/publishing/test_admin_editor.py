import json
from io import BytesIO

import pytest
from django.http import QueryDict

from guide.pages.models import Page, Picture, Principle, Revision
from guide.publishing import drafting
from guide.publishing.audit import Actor
from guide.publishing.editing import Editing
from guide.publishing.models import Document, Draft
from tests.factories import CASE, COMPLAINTS
from tests.publishing.admin_forms import opened, press, url_of
from tests.publishing.test_pictures import PNG

REWORDED = COMPLAINTS.replace("登记受理，按期答复", "登记并答复")


@pytest.fixture
def desk(client, guide, editor):
    client.force_login(editor)
    return client


def text_of(response):
    return response.content.decode()


def test_saving_a_draft_leaves_the_live_text(desk, section):
    press(desk, section, "_keep", text=REWORDED.replace("\n", "\r\n"))
    section.refresh_from_db()

    assert section.text == COMPLAINTS
    assert Draft.objects.get(page=section).text == REWORDED
    assert opened(desk, section)["text"] == REWORDED


def test_submitted_text_waits_for_another_person(desk, section):
    response = press(desk, section, "_submit", text=REWORDED, reason="说得更短", is_material="yes")
    revision = Revision.objects.in_review().get()

    assert "已提交审核" in text_of(response)
    assert (revision.text, revision.reason, revision.is_material) == (REWORDED, "说得更短", True)
    assert not Draft.objects.exists()
    assert Principle.objects.get(slug="register").title == "登记受理，按期答复"


def test_material_change_needs_a_reason(desk, section):
    out = text_of(press(desk, section, "_submit", text=REWORDED, is_material="yes"))

    assert "实质性修改请写一句为什么改" in out
    assert not Revision.objects.in_review().exists()
    assert Draft.objects.get(page=section).text == REWORDED


def test_faulty_text_is_not_submitted_and_nothing_is_lost(desk, section):
    faulty = COMPLAINTS.replace("term:kyc", "term:nope")
    out = text_of(press(desk, section, "_submit", text=faulty, reason="改"))

    assert "术语“nope”不存在" in out
    assert "term:nope" in out
    assert Draft.objects.get(page=section).text == faulty
    assert not Revision.objects.in_review().exists()


def test_one_person_publishes_only_where_the_setting_says_so(desk, section, settings):
    press(desk, section, "_publish", text=REWORDED, reason="错字")
    assert Page.objects.get(pk=section.pk).text == COMPLAINTS

    settings.SINGLE_PERSON_PUBLISHING = True
    response = press(desk, section, "_publish", text=REWORDED, reason="错字")
    assert Page.objects.get(pk=section.pk).text == REWORDED
    assert "一人发布已打开" in text_of(response)


def test_second_editor_sees_both_texts_merged(desk, section, settings, client_of):
    settings.SINGLE_PERSON_PUBLISHING = True
    second = client_of("second", "编辑")
    begun = opened(second, section)
    press(desk, section, "_publish", text=REWORDED, reason="甲改的")

    changed = COMPLAINTS.replace("## 不推诿", "## 决不推诿")
    response = press(second, section, "_publish", begun, text=changed, reason="乙改的")

    assert "别人发布了第 2 版" in text_of(response)
    merged = opened(second, section)["text"]
    assert "登记并答复" in merged
    assert "决不推诿" in merged
    press(second, section, "_publish", reason="乙改的")
    assert Page.objects.get(pk=section.pk).text == merged


def test_texts_that_do_not_merge_are_both_shown(desk, section, settings, client_of):
    settings.SINGLE_PERSON_PUBLISHING = True
    second = client_of("second", "编辑")
    begun = opened(second, section)
    press(desk, section, "_publish", text=REWORDED, reason="甲改的")

    other = COMPLAINTS.replace("登记受理，按期答复", "当场登记")
    out = text_of(press(second, section, "_publish", begun, text=other, reason="乙改的"))

    assert "1 处两边都改了" in out
    assert "登记并答复" in out
    assert "当场登记" in out
    assert Page.objects.get(pk=section.pk).text == REWORDED


def test_settled_text_is_published_and_markers_are_refused(desk, section, settings, client_of):
    settings.SINGLE_PERSON_PUBLISHING = True
    second = client_of("second", "编辑")
    begun = opened(second, section)
    press(desk, section, "_publish", text=REWORDED, reason="甲改的")
    other = COMPLAINTS.replace("登记受理，按期答复", "当场登记")
    press(second, section, "_publish", begun, text=other, reason="乙改的")

    assert "<<<<<<<" in opened(second, section)["text"]
    press(second, section, "_publish", reason="合好了")
    assert Page.objects.get(pk=section.pk).text == REWORDED
    press(second, section, "_publish", text=COMPLAINTS.replace("登记受理，按期答复", "当场登记并答复"), reason="合好了")
    assert Principle.objects.get(slug="register").title == "当场登记并答复"


def test_same_person_in_two_windows_is_told(desk, section):
    press(desk, section, "_keep", text=REWORDED)
    begun = opened(desk, section)
    press(desk, section, "_keep", text=REWORDED.replace("不推诿", "别推诿"))

    out = text_of(press(desk, section, "_keep", begun, text=REWORDED.replace("不推诿", "不要推诿")))

    assert "另一个窗口" in out
    assert "不要推诿" in out
    assert "别推诿" in Draft.objects.get(page=section).text


def test_two_windows_that_save_the_first_draft_at_once_lose_nothing(desk, section, editor):
    sent = QueryDict("", mutable=True)
    sent.update({**opened(desk, section), "text": REWORDED})
    slower = Editing.receive(section, editor, sent)
    press(desk, section, "_keep", text=REWORDED.replace("不推诿", "别推诿"))

    with pytest.raises(drafting.DraftMovedOn):
        slower.keep(Actor(editor, "test"))

    assert "别推诿" in Draft.objects.get(page=section).text


def test_autosave_answers_with_what_to_send_next(desk, section):
    begun = opened(desk, section)
    first = desk.post(url_of(section, "draft"), {**begun, "text": REWORDED}).json()
    second = desk.post(url_of(section, "draft"), {**begun, "text": f"{REWORDED}\n再写", "base": first["base"]})
    stale = desk.post(url_of(section, "draft"), {**begun, "text": "旧窗口"})

    assert "草稿已自动保存" in first["state"]
    assert second.status_code == 200
    assert stale.status_code == 409
    assert Draft.objects.get(page=section).text.endswith("再写\n")


def test_field_rewrites_only_its_own_line(desk, section):
    press(desk, section, "_keep", **{"head-summary": "先听完再答。", "head-posts": ["counter"]})

    expected = COMPLAINTS.replace("summary: 先听完，再核实，按期答复。", "summary: 先听完再答。")
    assert Draft.objects.get(page=section).text == expected.replace("posts: [counter, lobby]\nkey", "posts: [counter]\nkey")


def test_field_that_was_not_touched_does_not_undo_the_text(desk, section):
    press(desk, section, "_keep", text=COMPLAINTS.replace("title: 客户投诉处理", "title: 投诉"))

    assert "title: 投诉\n" in Draft.objects.get(page=section).text


def test_table_of_links_rewrites_only_principles(desk, case):
    rows = {"links-0-to": "", "links-1-relation": "remedy", "links-2-to": "complaints#no-refusal", "links-2-note": "推了"}
    press(desk, case, "_keep", **rows, **{"links-2-relation": "breach"})

    link, other = '  - {to: "complaints#register", relation: breach, note: 没有登记}\n', "relation: breach, note: 没有听完"
    expected = CASE.replace(link, "").replace(other, "relation: remedy, note: 没有听完")
    added = '  - {to: "complaints#no-refusal", relation: breach, note: 推了}\n---\n## 情景'
    assert Draft.objects.get(page=case).text == expected.replace("---\n## 情景", added)


def test_preview_is_what_readers_would_see_with_faults_by_line(desk, section):
    text = COMPLAINTS.replace("[[term:kyc]]", "[[term:nope]]").replace("不推诿", "不推托<script>alert(1)</script>")
    answer = desk.post(url_of(section, "preview"), {**opened(desk, section), "text": text}).json()

    assert "不推托" in answer["html"]
    assert "alert(1)</script>" not in answer["html"]
    assert {"line": 11, "text": "术语“nope”不存在"}.items() <= answer["notices"][0].items()
    assert section.text == COMPLAINTS


@pytest.mark.parametrize(
    "fault",
    [
        ("level=must-not ", "", "level 缺少或不对", 22),
        ("[[listening|倾听]]", "[[nowhere]]", "引用的页面“nowhere”不存在", 15),
        ("不打断。", "", "", 0),
        ("[[term:kyc]]", "[[term:kyc", "“[[”没有合上", 11),
        ("接到投诉即登记", "满意度达到60%即登记", "不能用的说法", 20),
        ("{#register ", "{#registered ", "原则“register”不见了", 0),
    ],
)
def test_checker_lists_faults_as_one_types(desk, section, fault):
    old, new, said, line = fault
    answer = desk.post(url_of(section, "preview"), {"text": COMPLAINTS.replace(old, new), "base": ""}).json()

    assert not said or any(said in notice["text"] and notice["line"] == line for notice in answer["notices"])
    assert said or answer["notices"] == []


@pytest.mark.parametrize(
    ("kind", "asked", "mark"),
    [
        ("page", "投诉", "[[complaints]]"),
        ("principle", "登记 投诉", "[[complaints#register]]"),
        ("term", "首问", "[[term:first-contact]]"),
        ("provision", "15日", "[@rule-2020#f1]"),
        ("say", "存款", "[[say:not-deposit]]"),
        ("local", "电话", "{{local:complaint-phone}}"),
    ],
)
def test_pickers_find_what_can_be_pointed_to(desk, kind, asked, mark):
    picks = desk.get("/admin/pages/page/pick/", {"kind": kind, "q": asked}).json()["picks"]

    assert mark in [pick["mark"] for pick in picks]


def test_picture_is_kept_and_shown_by_its_relative_name(desk, section):
    sent = {"picture": BytesIO(PNG), "alternative": "取号机"}
    answer = desk.post(url_of(section, "picture"), sent).json()

    name = Picture.objects.get().name
    assert answer["markdown"] == f"![取号机](../{name})"


@pytest.mark.parametrize(
    "case_of",
    [(b"<svg/>", "图", "不是 PNG"), (PNG, "", "文字说明"), (b"\x89PNG\r\n\x1a\n" + b"0" * 600, "图", "太大")],
)
def test_picture_is_refused(desk, section, settings, case_of):
    settings.PICTURE_BYTES = 500
    data, words, said = case_of
    response = desk.post(url_of(section, "picture"), {"picture": BytesIO(data), "alternative": words})

    assert response.status_code == 400
    assert said in response.json()["problem"]
    assert not Picture.objects.exists()


@pytest.mark.parametrize("action", ["draft", "preview", "fields", "picture"])
def test_strangers_and_readers_reach_none_of_it(client, guide, reader, section, action):
    client.force_login(reader)

    assert client.post(url_of(section, action), {"text": "x"}).status_code == 302


@pytest.mark.parametrize("action", ["draft", "fields", "picture"])
def test_reviewer_writes_nothing(client, guide, reviewer, section, action):
    client.force_login(reviewer)

    assert client.post(url_of(section, action), {"text": "x"}).status_code == 404
    assert client.post(url_of(section), {"text": "x"}).status_code == 403
    assert not Draft.objects.exists()


def test_new_page_is_kept_from_readers_until_it_is_published(desk, client, settings):
    parent = Page.objects.get(slug="talk")
    said = {"title": "叫号", "slug": "queue-calling", "parent": parent.pk, "kind": "section"}
    response = desk.post("/admin/pages/page/add/", said, follow=True)
    page = Page.objects.get(slug="queue-calling")

    assert "id: queue-calling\ntitle: 叫号\n" in response.context["editing"].form["text"].value()
    assert desk.get("/guide/talk/queue-calling/").status_code == 404
    settings.SINGLE_PERSON_PUBLISHING = True
    press(desk, page, "_publish", text="---\nid: queue-calling\ntitle: 叫号\n---\n见[[listening]]。\n", reason="新的一节")
    assert desk.get("/guide/talk/queue-calling/").status_code == 200
    assert Page.objects.get(slug="queue-calling").number == "1.3"


@pytest.mark.parametrize(("slug", "said"), [("listening", "已经用过"), ("Bad Id", "只用小写字母")])
def test_new_page_with_a_wrong_id_is_refused(desk, slug, said):
    response = desk.post("/admin/pages/page/add/", {"title": "新", "slug": slug, "kind": "chapter", "parent": ""})

    assert said in text_of(response)


def test_id_of_a_page_does_not_change(desk, section):
    out = text_of(press(desk, section, "_submit", text=COMPLAINTS.replace("id: complaints", "id: other"), reason="换 id"))

    assert "id 和 kind 一经发布不再改变" in out
    assert not Revision.objects.in_review().exists()


def test_draft_is_given_up_and_the_live_text_stays(desk, section):
    press(desk, section, "_keep", text=REWORDED)
    press(desk, section, "_discard")

    assert not Draft.objects.exists()
    assert opened(desk, section)["text"] == COMPLAINTS


def test_document_is_edited_in_the_same_way(desk, guide):
    glossary = Document.objects.get(name="glossary.yml")
    text = glossary.text.replace("了解客户。", "认识客户。")
    press(desk, glossary, "_submit", text=text, reason="说法")

    assert Revision.objects.in_review().get().document == "glossary.yml"
    out = text_of(press(desk, glossary, "_submit", text=glossary.text.split("\n")[0], reason="删"))
    assert "术语“kyc”不存在" in out


def test_fields_put_in_by_script_are_remembered(desk, section):
    begun = opened(desk, section)
    answer = desk.post(url_of(section, "fields"), {**begun, "head-title": "投诉"}).json()

    assert "title: 投诉\n" in answer["text"]
    assert json.loads(answer["head"])["title"] == "投诉"
    press(desk, section, "_keep", {**begun, "head-seen": answer["head"], "head-title": "投诉"}, text=COMPLAINTS)
    assert not Draft.objects.exists()


def test_button_pressed_twice_submits_once(desk, section):
    begun = opened(desk, section) | {"text": REWORDED, "reason": "说得更短"}
    press(desk, section, "_submit", begun)
    out = text_of(press(desk, section, "_submit", begun))

    assert Revision.objects.in_review().count() == 1
    assert "或您已经提交" in out
    assert not Draft.objects.exists()
