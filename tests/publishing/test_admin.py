import pytest
from django.contrib import admin
from django.urls import reverse

from guide.accounts.models import User
from guide.pages.models import Page, Principle
from guide.publishing.models import Document
from guide.reference.models import Term
from tests.factories import COMPLAINTS, GLOSSARY, LISTENING


@pytest.fixture
def boss(guide, client, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    user = User.objects.create_superuser("boss", password="pass-word-12")
    client.force_login(user)
    return client


INLINES = {f"{prefix}-{name}": 0 for prefix in ("principles", "principle_links") for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


def change_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def drag(client, page, position, onto):
    data = {"cmd": "move_node", "position": position, "cut_item": page.pk, "pasted_on": onto.pk}
    return client.post("/admin/pages/page/", data)


def submit(client, row, text):
    return client.post(change_url(row), {**shown(client, row), "text": text})


def shown(client, row):
    """What a browser would send back of the form as it is shown, its inline tables included."""
    context = client.get(change_url(row)).context
    data = {"base": context["adminform"].form.initial["base"]}
    for inline in context["inline_admin_formsets"]:
        form = inline.formset.management_form
        data |= {f"{form.prefix}-{name}": value for name, value in form.initial.items()}
    return data


@pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=lambda m: m._meta.label
)
def test_every_list_and_form_opens(boss, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model.objects.first()

    assert boss.get(reverse(f"{name}_changelist")).status_code == 200
    assert row is None or boss.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("word", ["pages_page", "pages_principle", "reference_term", "publishing_document"])
def test_lists_can_be_searched(boss, word):
    assert boss.get(reverse(f"admin:{word}_changelist"), {"q": "投诉"}).status_code == 200


def test_page_form_shows_principles_and_the_way_to_the_site(boss, section):
    out = boss.get(change_url(section)).content.decode()

    assert "登记受理，按期答复" in out
    assert "请您周一再来" in out
    assert "/admin/r/" in out


def test_edit_goes_through_publish(boss, section):
    response = submit(boss, section, COMPLAINTS.replace("登记受理，按期答复", "登记并答复").replace("\n", "\r\n"))
    section.refresh_from_db()

    assert response.status_code == 302
    assert Principle.objects.get(slug="register").title == "登记并答复"
    assert "\r" not in section.text


def test_faulty_edit_is_refused_and_nothing_is_lost(boss, section):
    response = submit(boss, section, COMPLAINTS.replace("term:kyc", "term:nope"))
    section.refresh_from_db()

    assert "术语“nope”不存在" in response.content.decode()
    assert "term:nope" in response.content.decode()
    assert section.text == COMPLAINTS


def test_second_editor_is_told_and_loses_nothing(boss, section):
    begun = shown(boss, section)
    submit(boss, section, COMPLAINTS.replace("登记受理，按期答复", "甲改的"))

    response = boss.post(change_url(section), {**begun, "text": COMPLAINTS.replace("不推诿", "乙改的")})

    assert "别人已经改过" in response.content.decode()
    assert "乙改的" in response.content.decode()
    assert Principle.objects.get(slug="register").title == "甲改的"


def test_id_of_a_page_does_not_change(boss, section):
    assert submit(boss, section, COMPLAINTS.replace("id: complaints", "id: other")).status_code == 200
    assert not Page.objects.filter(slug="other").exists()


def test_new_page_stands_under_its_parent(boss):
    parent = Page.objects.get(slug="talk")

    boss.post(
        "/admin/pages/page/add/", {**INLINES, "parent": parent.pk, "text": "---\nid: new\ntitle: 新\n---\n见[[listening]]。\n"}
    )

    assert Page.objects.get(slug="new").number == "1.3"


def test_document_edit_makes_its_rows_agree(boss):
    glossary = Document.objects.get(name="glossary.yml")

    submit(boss, glossary, GLOSSARY.replace("谁先接谁负责。", "先接的人负责到底。"))

    assert Term.objects.get(slug="first-contact").definition == "先接的人负责到底。"


def test_term_in_use_cannot_be_removed(boss):
    glossary = Document.objects.get(name="glossary.yml")

    response = submit(boss, glossary, GLOSSARY.split("\n")[0])

    assert "术语“kyc”不存在" in response.content.decode()
    assert Term.objects.count() == 2


def test_drag_moves_and_renumbers(boss):
    listening, complaints = Page.objects.get(slug="listening"), Page.objects.get(slug="complaints")

    drag(boss, listening, "left", complaints)

    assert Page.objects.get(slug="listening").number == "1.1"


@pytest.mark.parametrize(("cut", "onto"), [("talk", "listening"), ("come-back", "talk"), ("listening", "listening")])
def test_drag_to_where_it_may_not_stand_is_refused(boss, cut, onto):
    before = list(Page.objects.order_by("pk").values_list("path", "number"))
    pages = {page.slug: page for page in Page.objects.all()}

    response = drag(boss, pages[cut], "last-child", pages[onto])

    assert response.content == b"FAIL"
    assert list(Page.objects.order_by("pk").values_list("path", "number")) == before


def test_linked_page_is_not_withdrawn(boss, section):
    out = boss.post(
        "/admin/pages/page/", {"action": "withdraw", "_selected_action": [section.pk]}, follow=True
    ).content.decode()

    assert "引用的页面“complaints”不存在" in out or "complaints#register" in out
    assert Page.objects.get(slug="complaints").is_published


def test_reviewer_cannot_change_or_drag(client, guide, reviewer, section):
    client.force_login(reviewer)
    listening = Page.objects.get(slug="listening")
    edited = client.post(change_url(section), {"text": LISTENING, "base": ""})
    dragged = drag(client, listening, "left", section)

    assert edited.status_code == 403
    assert dragged.content == b"FAIL"


def test_nobody_deletes_pages_in_the_admin(boss, section):
    assert boss.post(reverse("admin:pages_page_delete", args=[section.pk]), {"post": "yes"}).status_code == 403


def test_tree_list_holds_no_inline_style(boss):
    assert " style=" not in boss.get("/admin/pages/page/").content.decode()
