import pytest
from django.contrib import admin
from django.urls import reverse

from guide.accounts.models import User
from guide.pages.models import Page
from guide.publishing.loading import load
from guide.publishing.models import AuditEntry
from tests.factories import COMPLAINTS, write_guide
from tests.publishing.admin_forms import press, url_of


@pytest.fixture
def boss(guide, client, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    user = User.objects.create_superuser("boss", password="pass-word-12")
    client.force_login(user)
    return client


def drag(client, page, position, onto):
    """Drop `page` on `onto`; the list is then loaded anew, and leads to the page that asks."""
    data = {"cmd": "move_node", "position": position, "cut_item": page.pk, "pasted_on": onto.pk}
    client.post("/admin/pages/page/", data)
    return client.get("/admin/pages/page/", follow=True)


def confirm(client, asked):
    return client.post(asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], follow=True)


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


def test_drag_asks_and_shows_what_renumbers(boss):
    listening, complaints = Page.objects.get(slug="listening"), Page.objects.get(slug="complaints")

    asked = drag(boss, listening, "left", complaints)
    out = asked.content.decode()

    assert "<del>1.2</del> → <ins>1.1</ins>" in out
    assert "<del>1.1</del> → <ins>1.2</ins>" in out
    assert Page.objects.get(slug="listening").number == "1.2"
    confirm(boss, asked)
    assert Page.objects.get(slug="listening").number == "1.1"


def test_every_old_address_stays_alive_after_a_move(boss):
    complaints, cases = Page.objects.get(slug="complaints"), Page.objects.get(slug="practice")

    confirm(boss, drag(boss, complaints, "last-child", cases))

    assert boss.get("/guide/talk/complaints/").headers["Location"] == "/guide/practice/complaints/"
    assert boss.get("/guide/practice/complaints/").status_code == 200


def test_list_asks_only_once(boss):
    listening, complaints = Page.objects.get(slug="listening"), Page.objects.get(slug="complaints")
    drag(boss, listening, "left", complaints)

    assert boss.get("/admin/pages/page/").status_code == 200


def test_page_is_moved_without_script(boss):
    listening, complaints = Page.objects.get(slug="listening"), Page.objects.get(slug="complaints")
    form = boss.get(url_of(listening, "move"))
    assert "先看会变什么" in form.content.decode()

    boss.post(url_of(listening, "move") + f"?onto={complaints.pk}&where=left")
    assert Page.objects.get(slug="listening").number == "1.1"


@pytest.mark.parametrize(("cut", "onto"), [("talk", "listening"), ("come-back", "talk"), ("listening", "listening")])
def test_drag_to_where_it_may_not_stand_is_refused(boss, cut, onto):
    before = list(Page.objects.order_by("pk").values_list("path", "number"))
    pages = {page.slug: page for page in Page.objects.all()}

    asked = drag(boss, pages[cut], "last-child", pages[onto])

    assert "不能放" in asked.content.decode()
    confirm(boss, asked)
    assert list(Page.objects.order_by("pk").values_list("path", "number")) == before


def test_linked_page_is_not_withdrawn_and_the_links_are_listed(boss, section):
    asked = boss.post("/admin/pages/page/", {"action": "withdraw", "_selected_action": [section.pk]})
    out = asked.content.decode()

    assert "还不能撤下" in out
    assert "请您周一再来" in out
    boss.post("/admin/pages/page/", {"_withdraw": "1", "page": [section.pk], "reason": "旧了"})
    assert Page.objects.get(slug="complaints").is_published


def test_page_nobody_points_to_is_withdrawn_after_asking(boss, guide):
    write_guide(guide, {"01-talk/03-alone.md": "---\nid: alone\ntitle: 一人\n---\n见[[listening]]。\n"})
    load(guide)
    page = Page.objects.get(slug="alone")
    asked = boss.post("/admin/pages/page/", {"action": "withdraw", "_selected_action": [page.pk]})

    assert "还没有撤下" in asked.content.decode()
    assert Page.objects.get(pk=page.pk).is_published
    boss.post("/admin/pages/page/", {"_withdraw": "1", "page": [page.pk], "reason": "不再需要"})
    assert boss.get("/guide/talk/alone/").status_code == 410
    assert AuditEntry.objects.filter(act="withdrawn", detail="不再需要").exists()


def test_reviewer_cannot_move_or_withdraw(client, guide, reviewer, section):
    client.force_login(reviewer)
    listening = Page.objects.get(slug="listening")
    client.post(url_of(listening, "move") + f"?onto={section.pk}&where=left")
    client.post("/admin/pages/page/", {"_withdraw": "1", "page": [listening.pk], "reason": "x"})

    assert Page.objects.get(slug="listening").number == "1.2"
    assert Page.objects.get(slug="listening").is_published


def test_nobody_deletes_pages_in_the_admin(boss, section):
    assert boss.post(reverse("admin:pages_page_delete", args=[section.pk]), {"post": "yes"}).status_code == 403


def test_log_can_be_exported_but_not_edited(boss, section):
    press(boss, section, "_publish", text=COMPLAINTS.replace("登记受理，", "受理登记，"), reason="换个次序")
    entry = AuditEntry.objects.first()
    table = boss.get("/admin/publishing/auditentry/csv/")

    assert "boss" in b"".join(table.streaming_content).decode()
    assert boss.post(url_of(entry), {"detail": "改"}).status_code == 403
    assert boss.post(url_of(entry, "delete"), {"post": "yes"}).status_code == 403


def test_tree_list_holds_no_inline_style(boss):
    assert " style=" not in boss.get("/admin/pages/page/").content.decode()


@pytest.mark.parametrize(
    "name", ["pages_page", "pages_revision", "publishing_arrangement", "publishing_conflict", "reference_term"]
)
def test_key_that_is_no_number_is_not_found(boss, name):
    assert boss.get(reverse(f"admin:{name}_change", args=["²"])).status_code == 404
