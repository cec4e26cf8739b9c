import pytest

from guide.pages.models import Page, Revision
from guide.publishing.models import Draft
from tests.factories import COMPLAINTS
from tests.publishing.admin_forms import opened, press, url_of

REWORDED = COMPLAINTS.replace("登记受理，按期答复", "登记并答复")


@pytest.fixture
def waiting(client_of, section):
    """A revision in review, written by an editor who is signed in as `.writer`."""
    writer = client_of("writer", "编辑")
    press(writer, section, "_submit", text=REWORDED, reason="说得更短", is_material="yes")
    revision = Revision.objects.in_review().get()
    revision.writer = writer
    return revision


@pytest.fixture
def judge(client, reviewer, waiting):
    client.force_login(reviewer)
    return client


def decide(client, revision, button, note=""):
    return client.post(url_of(revision), {button: "", "note": note}, follow=True)


def live():
    return Page.objects.get(slug="complaints").text


def test_queue_stands_on_the_front_page(judge, waiting):
    out = judge.get("/admin/").content.decode()

    assert "等您审核（1）" in out
    assert url_of(waiting) in out
    assert "说得更短" in out
    assert "等您审核（0）" in waiting.writer.get("/admin/").content.decode()


def test_one_page_shows_all_that_a_decision_needs(judge, waiting):
    out = judge.get(url_of(waiting)).content.decode()

    assert "<del>受理，按期</del><ins>并</ins>" in out
    assert "左右对照" in out
    assert 'srcdoc="&lt;!doctype html&gt;' in out
    assert "请您周一再来" in out
    assert "没有发现问题" in out


def test_approval_publishes(judge, waiting):
    response = decide(judge, waiting, "_approve")

    assert live() == REWORDED
    assert response.redirect_chain[-1][0] == "/admin/"


def test_reviewer_decides_within_two_clicks_of_the_queue(judge, waiting):
    assert f'href="{url_of(waiting)}"' in judge.get("/admin/").content.decode()
    assert 'name="_approve"' in judge.get(url_of(waiting)).content.decode()


def test_rejection_needs_a_reason_and_tells_the_writer(judge, waiting):
    decide(judge, waiting, "_reject")
    assert Revision.objects.get(pk=waiting.pk).is_waiting

    decide(judge, waiting, "_reject", "“按期”不能删")
    out = waiting.writer.get("/admin/").content.decode()
    assert "退回给您的（1）" in out
    assert "“按期”不能删" in out
    assert "“按期”不能删" in waiting.writer.get(url_of(waiting.page)).content.decode()
    assert live() == COMPLAINTS


def test_rejected_text_is_taken_up_again(judge, waiting):
    decide(judge, waiting, "_reject", "再想想")
    decide(waiting.writer, waiting, "_take_up")

    assert opened(waiting.writer, waiting.page)["text"] == REWORDED


@pytest.mark.parametrize("role", ["编辑", "管理员"])
def test_nobody_approves_their_own_by_button_or_raw_post(client_of, section, role):
    own = client_of("own", role)
    press(own, section, "_submit", text=REWORDED, reason="自己的")
    revision = Revision.objects.in_review().get()

    assert 'name="_approve"' not in own.get(url_of(revision)).content.decode()
    assert "要由另一个人审核" in decide(own, revision, "_approve").content.decode()
    assert live() == COMPLAINTS


def test_who_takes_up_anothers_text_can_no_longer_approve_it(client_of, waiting):
    second = client_of("second", "管理员")
    decide(second, waiting, "_take_up")
    press(second, waiting.page, "_submit", text=REWORDED.replace("不推诿", "别推诿"), reason="接着改")
    revision = Revision.objects.in_review().get()

    decide(second, revision, "_approve")
    decide(waiting.writer, revision, "_approve")
    assert live() == COMPLAINTS


@pytest.mark.parametrize("role", ["编辑", "读者", "培训师"])
def test_who_may_not_review_approves_nothing(client_of, waiting, role):
    other = client_of("other", role)
    decide(other, waiting, "_approve")
    decide(other, waiting, "_reject", "不行")

    assert Revision.objects.get(pk=waiting.pk).is_waiting
    assert live() == COMPLAINTS


def test_second_decision_is_told_that_it_is_too_late(judge, waiting, client_of):
    decide(judge, waiting, "_approve")
    out = decide(client_of("other", "审核人"), waiting, "_reject", "不行").content.decode()

    assert "已由别人处理" in out
    assert live() == REWORDED


def test_scheduled_text_is_shown_and_not_yet_live(client_of, judge, section):
    writer = client_of("planner", "编辑")
    press(writer, section, "_submit", text=REWORDED.replace("答复", "回复"), reason="新规", effective="2099-01-01")
    decide(judge, Revision.objects.in_review().latest("pk"), "_approve")

    out = writer.get("/admin/").content.decode()
    assert "到日子自动发布（1）" in out
    assert "2099年1月1日" in out
    assert live() == COMPLAINTS


def test_merge_with_what_was_published_meanwhile_is_looked_at_first(judge, waiting, client_of, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    press(
        client_of("quick", "编辑"), waiting.page, "_publish", text=COMPLAINTS.replace("## 不推诿", "## 决不推诿"), reason="别的"
    )
    out = decide(judge, waiting, "_approve").content.decode()

    assert "请看过合并的结果再通过" in out
    assert "登记并答复" not in live()
    decide(judge, Revision.objects.in_review().get(), "_approve")
    assert "登记并答复" in live()
    assert "决不推诿" in live()


def test_writer_takes_back_what_waits(waiting):
    decide(waiting.writer, waiting, "_retract")

    assert not Revision.objects.in_review().exists()
    assert Draft.objects.get().text == REWORDED


def test_older_text_is_restored_as_a_draft(judge, waiting):
    decide(judge, waiting, "_approve")
    first = Revision.objects.get(page=waiting.page, number=1)
    decide(waiting.writer, first, "_restore")

    assert Draft.objects.get().text == COMPLAINTS
    assert live() == REWORDED
