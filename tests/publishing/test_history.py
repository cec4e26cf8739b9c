import re

import pytest

from guide.accounts.models import User
from guide.pages.models import Page, Revision
from guide.publishing import arranging, drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.models import AuditEntry, Draft
from tests.factories import LISTENING

HISTORY = "/guide/talk/listening/history/"


@pytest.fixture
def writer(guide, editor):
    return Actor(editor, "test")


@pytest.fixture
def reworded(guide, writer, reviewer):
    """The section "listening" with a second version, a third that was rejected, and a fourth that waits."""
    draft = drafting.save_draft(
        drafting.open_draft(_page(), writer),
        LISTENING.replace("不打断", "绝不打断"),
        writer,
        reason="说得更明白",
        is_material=True,
    )
    workflow.approve(workflow.submit(draft, writer).revision, Actor(reviewer, "test"))
    for words in ("从不打断", "永不打断"):
        draft = drafting.save_draft(drafting.open_draft(_page(), writer), LISTENING.replace("不打断", words), writer)
        revision = workflow.submit(draft, writer).revision
        if words == "从不打断":
            workflow.reject(revision, Actor(reviewer, "test"), "不必")
    return writer


def _page():
    return Page.objects.get(slug="listening")


def text(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_history_tells_what_readers_have_seen_and_why(reworded, client):
    out = text(client, HISTORY)

    assert "第 2 版" in out
    assert "说得更明白" in out
    assert "实质性修改" in out
    assert "第 3 版" not in out
    assert "第 4 版" not in out


def test_history_names_nobody(reworded, client):
    assert "editor" not in text(client, f"{HISTORY}?new=2")
    assert "reviewer" not in text(client, f"{HISTORY}?new=2")


def test_difference_is_by_words(reworded, client):
    out = text(client, f"{HISTORY}?old=1&new=2")

    assert "<ins>绝</ins>不打断" in out or "<ins>绝不</ins>" in out


def test_lines_that_did_not_change_are_folded(guide, writer, client, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    page = Page.objects.get(slug="complaints")
    draft = drafting.save_draft(
        drafting.open_draft(page, writer), page.text.replace("不说“不归我管”", "从不说“不归我管”"), writer
    )
    workflow.publish_alone(draft, writer)

    assert "5 行没有改" in text(client, f"{page.get_absolute_url()}history/?new=2")


def test_difference_is_shown_in_words_and_a_principle_with_its_level(guide, writer, client, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    changed = LISTENING.replace("level=should", "level=may")
    workflow.publish_alone(drafting.save_draft(drafting.open_draft(_page(), writer), changed, writer), writer)
    out = text(client, f"{HISTORY}?new=2")

    assert "先听完（<del>应当</del><ins>可以</ins>·本指南）" in out
    assert "**" not in out
    assert "[[" not in out


def test_difference_that_no_words_show_is_shown_as_written(guide, writer, client, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    same = LISTENING.replace("[[complaints#register]]", "[[complaints#register|1.1“登记受理，按期答复”]]")
    workflow.publish_alone(drafting.save_draft(drafting.open_draft(_page(), writer), same, writer), writer)

    assert "register<ins>|1.1“登记受理，按期答复”</ins>]]" in text(client, f"{HISTORY}?new=2")


def test_what_changed_in_the_head_is_told_by_the_names_of_fields(reworded, client):
    page = Page.objects.get(slug="come-back")
    text_now = page.text.replace("[counter]", "[counter, lobby]").replace("type: bad", "type: dilemma")
    text_now = text_now.replace("relation: breach, note: 没有登记", "relation: remedy")
    draft = drafting.save_draft(drafting.open_draft(page, reworded), text_now, reworded)
    workflow.approve(workflow.submit(draft, reworded).revision, Actor(User.objects.get(username="reviewer"), "test"))
    out = text(client, f"{page.get_absolute_url()}history/?new=2")

    fields = re.findall("<h3>(.*?)</h3>", out)
    assert fields == ["案例类型", "岗位", "原则"]
    assert "柜面<ins>、大堂</ins>" in out
    assert "<del>反例</del><ins>两难</ins>" in out
    assert "<del>反例</del><ins>补救</ins>“登记受理，按期答复”<del>：没有登记</del>" in out
    assert "relation" not in out


def test_difference_stands_side_by_side_too(reworded, client):
    out = text(client, f"{HISTORY}?new=2")

    assert 'id="view-sides"' in out
    assert out.count('<div class="row changed">') == 1


def test_difference_runs_backwards_too_and_falls_back_on_the_version_before(reworded, client):
    assert "<del>" in text(client, f"{HISTORY}?old=2&new=1")
    assert text(client, f"{HISTORY}?new=2").count("第 1 版 → 第 2 版") == 1
    assert '<option value="1" selected>第 1 版' in text(client, f"{HISTORY}?new=2")
    assert "两版的文字相同" in text(client, f"{HISTORY}?new=1")


@pytest.mark.parametrize("query", ["?old=1&new=4", "?old=3&new=1", "?new=99", "?new=x", "?old=1&new="])
def test_versions_that_readers_never_saw_are_not_compared(reworded, client, query):
    out = text(client, HISTORY + query)

    assert "没有这样的两个版本" in out
    assert "永不打断" not in out


def test_history_of_a_page_not_yet_published_is_not_found(guide, writer, client):
    drafting.propose_page(Page.objects.get(slug="talk"), "---\nid: new\ntitle: 新节\n---\n导语：新。\n", writer)

    assert client.get("/guide/talk/new/history/").status_code == 404
    assert client.get("/guide/nowhere/history/").status_code == 404


def test_history_follows_a_page_that_moved_and_outlives_one_withdrawn(guide, writer, client, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    arranging.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0, writer)
    assert client.get(HISTORY).url == "/guide/practice/listening/history/"

    Page.objects.filter(slug="come-back").update(withdrawn_at="2026-01-01T00:00Z")
    assert "已经不在指南里" in text(client, "/guide/practice/cases/come-back/history/")


def test_history_tells_of_moves_and_that_the_page_left_with_the_reason_and_no_name(guide, writer, client, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    case, cases = Page.objects.get(slug="come-back"), Page.objects.get(slug="cases")
    arranging.move(case, _page(), 0, writer, "归到倾听")
    arranging.move(cases, Page.objects.get(slug="talk"), 0, writer, "先看案例")
    arranging.withdraw([cases], writer, "不再用")

    assert "由 practice/cases/come-back 移到 talk/listening/come-back" in text(client, f"{HISTORY[:-8]}come-back/history/")
    out = text(client, "/guide/talk/cases/history/")
    assert (
        out.index("离开指南")
        < out.index("不再用")
        < out.index("由 2.1 移到 1.1")
        < out.index("先看案例")
        < out.index("第 1 版")
    )
    assert "editor" not in out


def test_move_that_only_waits_is_not_history(guide, writer, client):
    arranging.propose_move(_page(), Page.objects.get(slug="practice"), 0, writer, "想移走")

    assert "想移走" not in text(client, HISTORY)


def test_history_is_closed_where_reading_is(reworded, client, settings):
    settings.READING = "signed-in"

    assert client.get(HISTORY).status_code == 404


def test_section_named_history_is_read_at_its_address(guide, writer, client):
    Page.objects.filter(slug="listening").update(slug="history", path="talk/history")

    assert "先听完" in text(client, "/guide/talk/history/")


def test_only_editors_are_offered_to_restore(reworded, client, editor, reader):
    client.force_login(reader)
    assert "开一份草稿" not in text(client, HISTORY)

    client.force_login(editor)
    assert "开一份草稿" in text(client, HISTORY)


def test_restoring_makes_a_draft_and_changes_nothing_that_readers_see(reworded, client, editor):
    client.force_login(editor)
    response = client.post(f"{HISTORY}1/restore/")

    assert response.url == f"/admin/pages/page/{_page().pk}/change/"
    assert Draft.objects.get(page=_page(), author=editor).text == LISTENING
    assert "绝不打断" in text(client, "/guide/talk/listening/")
    assert AuditEntry.objects.filter(act="restored", revision__number=1, user=editor).exists()


def test_restoring_over_a_draft_asks_first(reworded, client, editor):
    drafting.save_draft(drafting.open_draft(_page(), reworded), LISTENING + "\n我的话。\n", reworded)
    client.force_login(editor)
    asked = client.post(f"{HISTORY}1/restore/")

    assert (asked.status_code, "我的话" in Draft.objects.get(page=_page()).text) == (409, True)
    client.post(f"{HISTORY}1/restore/", {"replace": "1"})
    assert Draft.objects.get(page=_page()).text == LISTENING


@pytest.mark.parametrize("who", ["reader", "reviewer"])
def test_others_may_not_restore(reworded, client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.post(f"{HISTORY}1/restore/").status_code == 403
    assert client.get(f"{HISTORY}1/restore/").status_code == 405


def test_strangers_and_unseen_versions_cannot_be_restored(reworded, client, editor):
    assert client.post(f"{HISTORY}1/restore/").url.startswith("/accounts/")

    client.force_login(editor)
    rejected = Revision.objects.get(state="rejected").number
    assert client.post(f"{HISTORY}{rejected}/restore/").status_code == 404
