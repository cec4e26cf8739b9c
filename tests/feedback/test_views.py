import os
from urllib.parse import quote

import pytest
from django.core.checks import run_checks
from django.test import Client

from guide.feedback.models import Answer, Report
from guide.pages import kept, version
from guide.pages.models import Page

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
SECTION = "/guide/talk/complaints/"
FORM = "/report/complaints/register/"
MEANT = "做到： 接到投诉即登记受理，十五日内答复依据1。首问负责制在此适用。"
SAID = {"about": "wrong", "text": "十五日是自收到之日起算，不是自登记。"}


def test_every_principle_and_the_page_lead_to_the_form(guide, client):
    page = client.get(SECTION).content.decode()

    assert page.count('href="/report/complaints/register/"') == page.count('href="/report/complaints/no-refusal/"') == 1
    assert 'href="/report/complaints/"' in page
    assert 'href="/report/complaints/register/"' in client.get("/principles/complaints/register/").content.decode()


def test_stranger_reports_a_principle_without_script(guide):
    client = Client(enforce_csrf_checks=True)
    form = client.get(FORM)
    token = {"csrfmiddlewaretoken": form.context["csrf_token"]}
    response = client.post(FORM, SAID | token, follow=True)

    report = Report.objects.get()
    assert (report.page.slug, report.principle.slug, report.state) == ("complaints", "register", "new")
    assert (report.paragraph, report.text, report.place) == ("", SAID["text"], "登记受理，按期答复")
    assert "收件箱" in response.content.decode()


def test_report_without_token_is_refused(guide):
    assert Client(enforce_csrf_checks=True).post(FORM, SAID, **HERE).status_code == 403
    assert not Report.objects.exists()


def test_report_of_a_whole_page(guide, client):
    client.post("/report/complaints/", SAID)

    assert (Report.objects.get().page.slug, Report.objects.get().principle) == ("complaints", None)


def test_form_offers_the_paragraphs_of_the_principle_and_of_the_page(guide, client):
    of_rule = client.get(FORM).context["form"].fields["paragraph"].choices
    of_page = client.get("/report/complaints/").context["form"].fields["paragraph"].choices

    assert of_rule == [("", "整条，不指某一段"), ("登记受理，按期答复", [(MEANT, MEANT)])]
    assert [group for group, _ in of_page] == ["", "", "登记受理，按期答复", "不推诿"]
    assert "您慢慢说，见倾听。 这不归我管。 推诿。" in client.get("/report/complaints/").content.decode()


def test_report_keeps_the_paragraph_its_principle_and_the_version_read(guide, client, section):
    client.post("/report/complaints/", SAID | {"paragraph": MEANT, "quote": "十五日内 答复"})

    report = Report.objects.get()
    assert (report.paragraph, report.quote, report.principle.slug) == (MEANT, "十五日内答复", "register")
    assert report.revision == section.revisions.live().get()


def test_paragraph_that_is_not_on_the_page_is_refused_and_nothing_lost(guide, client):
    page = client.post(FORM, SAID | {"paragraph": "做到： 立刻赔钱。"}).content.decode()

    assert "选的那一段，现在的页面上没有" in page
    assert SAID["text"] in page
    assert not Report.objects.exists()


def test_words_that_are_not_in_the_paragraph_are_left_out(guide, client):
    client.post(FORM, SAID | {"paragraph": MEANT, "quote": "张女士的卡号"})

    assert (Report.objects.get().paragraph, Report.objects.get().quote) == (MEANT, "")


def test_link_chooses_the_paragraph_and_shows_the_words(guide, client):
    page = client.get(FORM, {"at": "做到：接到投诉即登记受理，十五", "words": "接到投诉"}).content.decode()

    assert f'<option value="{MEANT}" selected>' in page
    assert "您选中的话：<q>接到投诉</q>" in page


@pytest.mark.parametrize("at", ["<b>没有这段</b>", "无" * 500, ""])
def test_link_to_what_the_page_does_not_say_is_told(guide, client, at):
    page = client.get(FORM, {"at": at, "words": "<i>"}).content.decode()

    assert "您选的那段话，现在的页面上没有" in page
    assert "<i>" not in page
    assert "没有这段" not in page


def test_numbers_of_persons_are_not_kept(guide, client):
    client.post(FORM, SAID | {"text": "张女士 13800138000，卡号 6222 0200 0011 2345，第 3 条错"})

    assert Report.objects.get().text == "张女士 ***********，卡号 **** **** **** ****，第 3 条错"


@pytest.mark.parametrize(
    ("wrong", "said"), [({"text": ""}, "必填"), ({"about": "x"}, "不在可用的选项中"), ({"email": "nobody"}, "有效的")]
)
def test_faulty_report_is_told_and_what_was_written_stays(guide, client, wrong, said):
    page = client.post(FORM, SAID | {"paragraph": MEANT, "quote": "接到投诉"} | wrong).content.decode()

    assert said in page
    assert f'value="{MEANT}" selected' in page
    assert "<q>接到投诉</q>" in page
    assert not Report.objects.exists()


def test_too_many_reports_wait_with_their_words_in_the_form(guide, client, settings):
    settings.FEEDBACK_RATE = 2
    answers = [client.post(FORM, SAID) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert SAID["text"] in answers[2].content.decode()
    assert "分钟后" in answers[2].content.decode()
    assert Report.objects.count() == 2


def test_visitors_are_counted_apart_and_faulty_forms_are_not(guide, client, settings):
    settings.FEEDBACK_RATE = 1
    client.post(FORM, SAID | {"text": ""})

    assert client.post(FORM, SAID).status_code == 302
    assert client.post(FORM, SAID, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_address_of_the_visitor_is_kept_nowhere(guide, client, settings):
    client.post(FORM, SAID, REMOTE_ADDR="192.0.2.7")

    names = [os.path.join(*found) for top in os.walk(settings.FEEDBACK_RATE_DIR) for found in [(top[0], *top[2])]]
    assert names
    assert not [name for name in names if "192.0.2" in name]
    assert {field.name for field in Report._meta.fields}.isdisjoint({"user", "address", "ip"})


@pytest.mark.parametrize(
    "path", ["/report/nothing/", "/report/complaints/nothing/", "/thanks/nothing/yes/", "/thanks/complaints/x/"]
)
def test_what_is_not_there_is_not_found(guide, client, path):
    assert client.get(path).status_code == 404


def test_withdrawn_page_takes_no_feedback(guide, client, section):
    Page.objects.filter(pk=section.pk).update(withdrawn_at="2026-01-01T00:00Z")

    assert client.get(FORM).status_code == client.post(FORM, SAID).status_code == 404
    assert client.post("/helpful/complaints/", {"helpful": "yes"}, **HERE).status_code == 404


def test_answers_are_counted_by_page_and_day(guide, client):
    for said in ("yes", "yes", "no"):
        response = client.post("/helpful/complaints/", {"helpful": said}, **HERE)

    answer = Answer.objects.get()
    assert (answer.page.slug, answer.helped, answer.failed) == ("complaints", 2, 1)
    assert response["Location"] == "/thanks/complaints/no/"
    assert 'href="/report/complaints/"' in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://elsewhere.example"}])
def test_answer_from_another_site_is_refused(guide, client, headers):
    assert client.post("/helpful/complaints/", {"helpful": "yes"}, **headers).status_code == 403
    assert not Answer.objects.exists()


def test_answer_is_yes_or_no_and_posted(guide, client):
    assert client.post("/helpful/complaints/", {"helpful": "x"}, **HERE).status_code == 400
    assert client.get("/helpful/complaints/").status_code == 405


def test_beyond_the_limit_answers_are_thanked_and_not_counted(guide, client, settings):
    settings.FEEDBACK_RATE = 1
    responses = [client.post("/helpful/complaints/", {"helpful": "yes"}, **HERE) for _ in range(3)]

    assert {response.status_code for response in responses} == {302}
    assert Answer.objects.get().helped == 1


def test_off_shows_nothing_and_takes_nothing(guide, client, settings):
    settings.FEEDBACK = "off"
    page = client.get(SECTION).content.decode()

    assert "/report/" not in page
    assert "/helpful/" not in page
    assert client.get(FORM).status_code == client.post(FORM, SAID).status_code == 404
    assert client.post("/helpful/complaints/", {"helpful": "yes"}, **HERE).status_code == 404


def test_signed_in_only_leads_strangers_to_the_sign_in_page(guide, client, reader, settings):
    settings.FEEDBACK = "signed-in"
    strangers = client.get(SECTION).content.decode()
    led = client.get(FORM)
    client.force_login(reader)

    assert "/report/" not in strangers
    assert (led.status_code, led["Location"]) == (302, f"/accounts/login/?next={quote(FORM)}")
    assert "/report/complaints/register/" in client.get(SECTION).content.decode()
    assert client.post(FORM, SAID).status_code == 302
    assert Report.objects.count() == 1


def test_closed_reading_leaks_no_page_to_strangers(guide, client, settings):
    settings.READING = "signed-in"

    assert "登记" not in client.get(FORM, follow=True).content.decode()
    assert client.post(FORM, SAID).status_code == 302
    assert not Report.objects.exists()


def test_kept_page_holds_the_question_and_no_token(guide, settings, tmp_path, monkeypatch):
    settings.KEPT_PAGES, settings.PAGES_DIR, settings.PAGES_LEAVE_FREE = True, tmp_path / "pages", 0
    monkeypatch.setattr(kept, "_memory", type(kept._memory)())
    version.announce()
    page = Client().get(SECTION).content.decode()
    kept_then = sorted(path.name for path in settings.PAGES_DIR.rglob("*.html"))
    Client().get(FORM)

    assert "有帮助吗" in page
    assert "csrfmiddlewaretoken" not in page
    assert len(kept_then) == 1
    assert sorted(path.name for path in settings.PAGES_DIR.rglob("*.html")) == kept_then


def test_check_names_a_setting_that_is_not_understood(settings):
    settings.FEEDBACK = "sometimes"

    assert [message.id for message in run_checks() if message.id.startswith("guide.feedback")] == ["guide.feedback.E001"]
