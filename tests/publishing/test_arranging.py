import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from guide.accounts.models import User
from guide.mail.models import Letter
from guide.pages.models import Page, Revision
from guide.pages.revisions import AppendOnlyError
from guide.publishing import arranging, drafting, rearranging, rights, settling, workflow
from guide.publishing.arrangements import Arrangement
from guide.publishing.audit import Actor
from guide.publishing.faults import SourceError
from guide.publishing.loading import load
from guide.publishing.models import AuditEntry, ChapterRole, Conflict
from tests.factories import COMPLAINTS, LISTENING, write_guide
from tests.publishing.admin_forms import url_of
from tests.publishing.test_workflow import history_is_whole

HEARING = """\
---
id: hearing
title: 听
---
导语。

## 先听 {#listen-first .principle level=should basis=guide}

**做到：** 听。
"""
TO_HEARING = {"listening": "hearing", "listening#listen-first": "hearing#listen-first"}


@pytest.fixture
def writer(guide, editor):
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    write_guide(guide, {"01-talk/03-hearing.md": HEARING})
    load(guide)
    editor.refresh_from_db()
    return Actor(editor, "test")


@pytest.fixture
def second(guide, reviewer):
    User.objects.filter(pk=reviewer.pk).update(email="reviewer@example.org")
    reviewer.refresh_from_db()
    return Actor(reviewer, "test")


def page(slug):
    return Page.objects.get(slug=slug)


def test_page_stands_where_it_stood_until_another_person_approves(client, writer, second):
    asked = arranging.propose_move(page("listening"), page("practice"), 0, writer, "放到一起")
    before = client.get("/guide/talk/listening/").status_code

    arranging.approve(asked, second, "好")

    assert before == 200
    assert client.get("/guide/talk/listening/").headers["Location"] == "/guide/practice/listening/"
    done = Arrangement.objects.done().first()
    assert (done.was, done.became) == ("1.2 talk/listening", "2.1 practice/listening")
    assert (done.author, done.reviewer, done.note) == (writer.user, second.user, "好")


def test_links_are_turned_in_the_same_moment_as_the_page_goes(client, writer, second):
    asked = arranging.propose_withdrawal([page("listening")], writer, "并入", TO_HEARING)
    before = page("complaints").text, page("listening").is_published

    arranging.approve(asked, second)

    assert before == (COMPLAINTS, True)
    assert "[[hearing|倾听]]" in page("complaints").text
    assert "hearing#listen-first" in page("come-back").text
    assert client.get("/guide/talk/listening/").status_code == 410
    assert history_is_whole()


def test_turned_texts_are_revisions_by_who_asked_and_reviewed_by_who_approved(writer, second):
    arranging.approve(arranging.propose_withdrawal([page("listening")], writer, "并入", TO_HEARING), second)

    revision = Revision.objects.live().get(page__slug="complaints")
    assert (revision.number, revision.author, revision.reviewer, revision.alone) == (2, writer.user, second.user, False)
    assert revision.reason == "“倾听”撤下，改引用"


def test_withdrawal_that_would_break_a_link_is_refused_with_every_link(writer):
    with pytest.raises(SourceError) as refused:
        arranging.propose_withdrawal([page("listening")], writer, "", {"listening": "hearing"})

    assert {fault.path for fault in refused.value.faults} == {"02-practice/01-cases/come-back.md"}
    assert not Arrangement.objects.exists()


def test_what_has_become_impossible_meanwhile_is_refused_whole(writer, second):
    asked = arranging.propose_withdrawal([page("listening")], writer, "并入", TO_HEARING)
    draft = drafting.open_draft(page("hearing"), writer)
    text = HEARING.replace("#listen-first ", "#hear-first ")
    workflow.approve(workflow.submit(drafting.save_draft(draft, text, writer), writer).revision, second)

    with pytest.raises(SourceError, match="hearing#listen-first"):
        arranging.approve(asked, second)
    assert page("listening").is_published
    assert page("complaints").text == COMPLAINTS
    assert Arrangement.objects.in_review().get() == asked


def test_nobody_approves_what_they_asked_for(writer, settings):
    both = User.objects.create_superuser("both")
    asked = arranging.propose_move(page("listening"), page("practice"), 0, Actor(both))

    with pytest.raises(rights.NotAllowed):
        arranging.approve(asked, Actor(both))
    with pytest.raises(rights.NotAllowed):
        arranging.move(page("listening"), page("practice"), 0, Actor(both))
    with pytest.raises(rights.NotAllowed):
        arranging.approve(asked, writer)
    assert page("listening").number == "1.2"


@pytest.mark.parametrize("values", [{}, {"reviewer": True}, {"alone": True}])
def test_database_and_model_refuse_what_nobody_else_looked_at(writer, values):
    values = values | ({"reviewer": writer.user} if "reviewer" in values else {})

    with pytest.raises((IntegrityError, AppendOnlyError)), transaction.atomic():
        Arrangement.objects.create(
            act="move", state="done", author=writer.user, created_at=timezone.now(), done_at=timezone.now(), **values
        )


def test_register_is_neither_changed_nor_deleted(writer):
    asked = arranging.propose_move(page("listening"), page("practice"), 0, writer)
    asked.reason = "另一个"

    for act in (asked.save, asked.delete, Arrangement.objects.all().delete, lambda: Arrangement.objects.update(reason="x")):
        with pytest.raises(AppendOnlyError):
            act()


def test_what_was_shown_is_what_is_approved(writer, second):
    asked = arranging.propose_withdrawal([page("listening")], writer, "", TO_HEARING)

    with pytest.raises(arranging.GuideMovedOn):
        arranging.approve(asked, second, seen="something else")
    assert page("listening").is_published


def test_both_hear_of_it_by_mail(writer, second):
    asked = arranging.propose_move(page("listening"), page("practice"), 0, writer, "放到一起")
    arranging.reject(asked, second, "不必")
    first, last = Letter.objects.order_by("pk")

    assert (first.to, first.subject, "放到一起" in first.body) == ("reviewer@example.org", "待审核：移动：倾听", True)
    assert (last.to, last.subject, "不必" in last.body) == ("editor@example.org", "退回：移动：倾听", True)
    assert f"/admin/publishing/arrangement/{asked.pk}/change/" in first.body
    assert list(AuditEntry.objects.order_by("pk").values_list("act", "who"))[-2:] == [
        ("submitted", "editor"), ("rejected", "reviewer"),
    ]  # fmt: skip


def test_who_asked_takes_it_back_and_nobody_decides_on_it_then(writer, second):
    asked = arranging.propose_move(page("listening"), page("practice"), 0, writer)
    with pytest.raises(rights.NotAllowed):
        arranging.retract(asked, second)
    arranging.retract(asked, writer)

    with pytest.raises(workflow.AlreadyDecided):
        arranging.approve(asked, second)


def test_chapter_with_reviewers_of_its_own_decides_on_its_pages(writer, second):
    ChapterRole.objects.create(chapter=page("practice"), user=writer.user, part="reviewer")
    asked = arranging.propose_move(page("listening"), page("practice"), 0, writer)

    assert arranging.reviewable_by(second.user) == []
    with pytest.raises(rights.NotAllowed):
        arranging.approve(asked, second)


def test_scheduled_text_of_a_page_that_goes_does_not_bring_it_back(writer, second):
    day = timezone.localdate() + timezone.timedelta(days=3)
    draft = drafting.save_draft(drafting.open_draft(page("hearing"), writer), HEARING + "词。\n", writer, effective=day)
    workflow.approve(workflow.submit(draft, writer).revision, second)
    arranging.approve(arranging.propose_withdrawal([page("hearing")], writer), second)

    assert workflow.publish_due(day) == []
    assert not page("hearing").is_published


def test_page_left_out_of_a_conflict_waits_for_a_second_person(writer, guide, second):
    draft = drafting.save_draft(drafting.open_draft(page("hearing"), writer), HEARING + "词。\n", writer)
    workflow.approve(workflow.submit(draft, writer).revision, second)
    load(write_guide(guide, {"01-talk/03-hearing.md": None}))
    settling.settle(Conflict.objects.get(), "", writer)

    assert page("hearing").is_published
    arranging.approve(Arrangement.objects.in_review().get(), second)
    assert not page("hearing").is_published


def test_load_notes_what_it_moved_and_withdrew(writer, guide):
    text = (guide / "01-talk/02-listening.md").read_text()
    write_guide(guide, {"01-talk/03-hearing.md": None, "01-talk/02-listening.md": None, "02-practice/02-listening.md": text})
    load(guide)

    assert [(one.act, one.title, one.was, one.origin) for one in Arrangement.objects.order_by("pk")] == [
        ("move", "倾听", "1.2 talk/listening", "file"), ("withdraw", "听", "", "file"),
    ]  # fmt: skip


def test_load_through_review_asks_once_for_moves_and_withdrawals(writer, guide, second, settings):
    settings.LOAD_THROUGH_REVIEW = True
    text = (guide / "01-talk/02-listening.md").read_text()
    write_guide(guide, {"01-talk/03-hearing.md": None, "01-talk/02-listening.md": None, "02-practice/02-listening.md": text})
    plans = [load(guide).changes for _ in range(2)]
    waiting = list(Arrangement.objects.in_review())

    assert (plans[0]["移动，交审核"], plans[0]["撤下，交审核"]) == (["listening"], ["hearing"])
    assert (plans[1]["移动，交审核"], plans[1]["撤下，交审核"], len(waiting)) == ([], [], 2)
    assert (page("listening").number, page("hearing").is_published) == ("1.2", True)
    for asked in waiting:
        arranging.approve(asked, second)
    assert (page("listening").number, page("hearing").is_published) == ("2.2", False)


@pytest.fixture
def browser(client, writer):
    client.force_login(writer.user)
    return client


def asked_page(browser, **fields):
    return browser.post("/admin/pages/page/", {"page": [page("listening").pk], "reason": "并入", **fields}, follow=True)


def test_editor_chooses_what_takes_the_place_and_sees_it_before_asking(browser):
    shown = browser.post("/admin/pages/page/", {"action": "withdraw", "_selected_action": [page("listening").pk]})
    looked = asked_page(browser, **{"to-0": "hearing", "_look": "1"}).content.decode()

    assert [lost.target for lost, _ in shown.context["form"].rows] == ["listening", "listening#listen-first"]
    assert "<ins>hearing</ins>" in looked
    assert "还不能撤下" not in looked
    assert not Arrangement.objects.exists()


def test_reviewer_decides_from_the_front_page_of_the_admin(browser, client_of):
    asked_page(browser, **{"to-0": "hearing", "_withdraw": "1"})
    asked = Arrangement.objects.in_review().get()
    reviewer = client_of("second-reviewer", "审核人")
    front = reviewer.get("/admin/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', reviewer.get(url_of(asked)).content.decode())[1]
    reviewer.post(url_of(asked), {"_approve": "", "note": "", "seen": seen})

    assert asked.replacements == TO_HEARING
    assert url_of(asked) in front
    assert not page("listening").is_published


def test_authors_own_approval_is_refused_through_a_raw_post(browser, writer):
    User.objects.filter(pk=writer.user.pk).update(is_superuser=True)
    asked_page(browser, **{"to-0": "hearing", "_withdraw": "1"})
    asked = Arrangement.objects.in_review().get()
    out = browser.get(url_of(asked)).content.decode()
    browser.post(url_of(asked), {"_approve": "", "note": "", "seen": ""})

    assert 'name="_approve"' not in out
    assert page("listening").is_published


def test_faulty_choice_is_told_and_nothing_is_asked_for(browser):
    out = asked_page(browser, **{"to-0": "nowhere", "_withdraw": "1"}).content.decode()

    assert "还不能撤下" in out
    assert not Arrangement.objects.exists()


def test_move_is_asked_for_through_the_form(browser):
    onto = page("complaints")
    url = reverse("admin:pages_page_move", args=[page("listening").pk]) + f"?onto={onto.pk}&where=left"
    out = browser.post(url, {"reason": "先听"}, follow=True).content.decode()

    assert "要由另一个人批准" in out
    assert (page("listening").number, Arrangement.objects.get().reason) == ("1.2", "先听")


@pytest.fixture
def chapter(guide):
    """A chapter with one section."""
    index = "---\nid: notes\ntitle: 附录\n---\n导语：附录。\n"
    write_guide(guide, {"03-notes/index.md": index, "03-notes/01-hearing.md": HEARING})
    load(guide)


def reworded(by, **fields):
    """A revision of "hearing" in review."""
    draft = drafting.open_draft(page("hearing"), by)
    return workflow.submit(drafting.save_draft(draft, HEARING.replace("听。", "听着。"), by, **fields), by).revision


def test_section_does_not_come_back_without_its_chapter(chapter, guide, editor, second):
    by = Actor(editor)
    waiting = reworded(by)
    arranging.approve(arranging.propose_withdrawal([page("notes")], by, "过时"), second)

    with pytest.raises(SourceError, match="上级“附录”不在指南里"):
        workflow.approve(waiting, second)
    assert not page("hearing").is_published
    assert waiting.state == Revision.State.IN_REVIEW


def test_what_was_to_take_effect_later_does_not_bring_back_what_a_load_took_out(chapter, guide, editor, second):
    tomorrow = timezone.localdate() + timedelta(days=1)
    waiting = workflow.approve(reworded(Actor(editor), effective=tomorrow), second).revision
    write_guide(guide, {"03-notes/01-hearing.md": None})
    load(guide)
    workflow.publish_due(tomorrow)

    assert not page("hearing").is_published
    waiting.refresh_from_db()
    assert waiting.state == Revision.State.IN_REVIEW


def test_chapter_and_its_section_take_effect_on_one_day_in_any_order(guide, editor, second):
    by, tomorrow = Actor(editor), timezone.localdate() + timedelta(days=1)
    above = drafting.propose_page(None, "---\nid: notes\ntitle: 附录\n---\n导语：附录。\n", by)
    below = drafting.propose_page(page("notes"), HEARING, by)
    for draft in (below, above):
        saved = drafting.save_draft(draft, draft.text, by, effective=tomorrow)
        workflow.approve(workflow.submit(saved, by).revision, second)

    assert [revision.page.slug for revision in workflow.publish_due(tomorrow)] == ["notes", "hearing"]


def test_move_below_a_page_that_was_moved_meanwhile_is_looked_at_again(client, writer, second):
    asked = arranging.propose_move(page("listening"), page("hearing"), 0, writer)
    seen = rearranging.fingerprint_of(asked)
    arranging.approve(arranging.propose_move(page("hearing"), page("practice"), 0, writer), second)

    with pytest.raises(arranging.GuideMovedOn):
        arranging.approve(asked, second, seen=seen)


@pytest.mark.parametrize("name", ["02-other", "02-listening"])
def test_files_put_nothing_below_a_chapter_that_was_withdrawn_here(chapter, guide, editor, second, name):
    arranging.approve(arranging.propose_withdrawal([page("notes")], Actor(editor), "过时"), second)
    text = LISTENING if name == "02-listening" else HEARING.replace("id: hearing", "id: other")
    write_guide(guide, {f"03-notes/{name}.md": text, "01-talk/02-listening.md": None if text == LISTENING else LISTENING})

    with pytest.raises(SourceError, match="上级“附录”不在指南里"):
        load(guide)
    assert page("listening").path == "talk/listening"
    assert not Page.objects.filter(slug="other").exists()


def test_reviewer_is_told_that_a_page_would_come_back(chapter, client, editor, second):
    waiting = reworded(Actor(editor))
    arranging.approve(arranging.propose_withdrawal([page("hearing")], Actor(editor), "过时"), second)
    client.force_login(second.user)

    assert "这一页已撤下；通过会让它回到指南" in client.get(url_of(waiting)).content.decode()


def test_texts_that_change_with_a_withdrawal_want_a_reviewer_of_their_chapter(writer, second):
    ChapterRole.objects.create(chapter=page("practice"), user=User.objects.create_user("own"), part="reviewer")
    asked = arranging.propose_withdrawal([page("listening")], writer, "并入", TO_HEARING)

    with pytest.raises(rights.NotAllowed, match="您没有审核“请您周一再来”的权限"):
        arranging.approve(asked, second)
    assert page("listening").is_published


def test_nobody_moves_a_page_into_a_chapter_that_others_edit(writer):
    ChapterRole.objects.create(chapter=page("practice"), user=User.objects.create_user("own"), part="writer")

    with pytest.raises(rights.NotAllowed, match="案例与实践"):
        arranging.propose_move(page("listening"), page("practice"), 0, writer)
    assert not Arrangement.objects.exists()
