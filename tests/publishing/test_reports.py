import pytest

from guide.pages.models import Page, Picture, Reference
from guide.publishing.loading import load
from tests.factories import COMPLAINTS, LISTENING, write_guide
from tests.publishing.test_pictures import PNG


def rows(client, slug):
    response = client.get(f"/admin/reports/{slug}/")
    assert response.status_code == 200
    return [row.label for row in response.context["rows"]]


@pytest.fixture
def staff(guide, client, editor):
    client.force_login(editor)
    return client


def numbers(client):
    groups = client.get("/admin/reports/").context["groups"]
    return {report.slug: count for _, counted in groups for report, count in counted}


def test_every_number_leads_to_as_many_rows(staff):
    found = numbers(staff)

    assert len(found) == 16
    assert {slug: len(rows(staff, slug)) for slug in found} == found


def test_sound_guide_has_no_broken_links(staff):
    found = numbers(staff)

    assert [found[slug] for slug in ("references", "choices", "pictures", "superseded", "untold")] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("slug", "labels"),
    [
        ("principles", ["不推诿"]),
        ("no-owner", ["1.2 倾听", "2.1 典型案例"]),
        ("no-date", ["1.2 倾听", "2.1 典型案例"]),
        ("no-phrases", ["1.2 倾听", "2.1 典型案例"]),
        ("alone", []),
        ("local", ["投诉电话"]),
        ("uncited", []),
        ("overdue", []),
        ("unused-terms", []),
        ("unused-sources", []),
    ],
)
def test_report_names_what_is_amiss(staff, slug, labels):
    assert rows(staff, slug) == labels


def test_reference_to_a_page_that_went_is_a_broken_link(staff):
    Page.objects.filter(slug="listening").update(withdrawn_at="2026-01-01T00:00Z")

    assert rows(staff, "references") == ["1.1 客户投诉处理"]
    assert "[[listening]]：那一页已撤下" in staff.get("/admin/reports/references/").content.decode()


def test_reference_to_nothing_is_a_broken_link(staff, section):
    Reference.objects.create(page=section, target="nowhere", position=99)

    assert "[[nowhere]]：没有这个标识" in staff.get("/admin/reports/references/").content.decode()


def test_first_case_and_choices_that_lead_nowhere_are_listed(staff):
    Page.objects.filter(slug="complaints").update(card={"say": 1, "case": "gone"})
    Page.objects.filter(slug="come-back").update(choices=[{"text": "推", "outcome": "坏", "principle": "listening#gone"}])

    assert rows(staff, "choices") == ["1.1 客户投诉处理", "请您周一再来"]


def test_section_that_nothing_leads_to_is_alone(staff, guide):
    load(write_guide(guide, {"01-talk/03-lone.md": "---\nid: lone\ntitle: 没人提\n---\n导语：一节。\n"}))

    assert rows(staff, "alone") == ["1.3 没人提"]


def test_pictures_that_are_lost_and_pictures_that_nobody_uses_are_listed(staff, guide, settings, tmp_path):
    settings.PICTURES_DIR = tmp_path / "pictures"
    (guide / "media").mkdir()
    for name in ("used.png", "idle.png"):
        (guide / "media" / name).write_bytes(PNG)
    load(write_guide(guide, {"01-talk/02-listening.md": LISTENING.replace("导语", "![大厅](../media/used.png)导语")}))
    assert (rows(staff, "pictures"), rows(staff, "unused-pictures")) == ([], ["media/idle.png"])

    (settings.PICTURES_DIR / Picture.objects.get(name="media/used.png").file).unlink()
    assert rows(staff, "pictures") == ["1.2 倾听"]


def test_standard_without_a_citation_and_overdue_pages_are_listed(staff, guide):
    load(write_guide(guide, {"01-talk/01-complaints.md": COMPLAINTS.replace("basis=guide", "basis=standard")}))
    Page.objects.filter(slug="complaints").update(review_by="2026-01-01")

    assert rows(staff, "uncited") == ["不推诿"]
    assert rows(staff, "overdue") == ["1.1 客户投诉处理"]


def test_reports_are_for_those_who_may_look_at_pages(guide, client, reader):
    assert client.get("/admin/reports/").status_code == 302

    client.force_login(reader)
    assert client.get("/admin/reports/references/").status_code == 302


def test_unknown_report_is_not_found(staff):
    assert staff.get("/admin/reports/nothing/").status_code == 404
