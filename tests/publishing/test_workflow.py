from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from guide.accounts.models import User
from guide.mail import letters
from guide.mail.models import Letter
from guide.pages.models import Page, Revision
from guide.pages.revisions import AppendOnlyError, OwnRevision
from guide.publishing import arranging, drafting, rights, workflow
from guide.publishing.audit import Actor
from guide.publishing.faults import SourceError
from guide.publishing.models import AuditEntry, ChapterRole, Document, Draft, Participation
from guide.reference.models import Term
from tests.factories import COMPLAINTS, GLOSSARY, LISTENING

NEW = "---\nid: new\ntitle: 新的一节\n---\n见[[listening]]。\n"


@pytest.fixture
def writer(guide, editor):
    return Actor(editor, "test")


@pytest.fixture
def second(guide, reviewer):
    return Actor(reviewer, "test")


@pytest.fixture
def other(guide):
    user = User.objects.create_user("other", "other@example.org", "pass-word-12")
    user.groups.add(Group.objects.get(name="编辑"), Group.objects.get(name="审核人"))
    return Actor(user, "test")


def page(slug="listening"):
    return Page.objects.get(slug=slug)


def submitted(by, text, slug="listening", **fields):
    draft = drafting.save_draft(drafting.open_draft(page(slug), by), text, by, **fields)
    return workflow.submit(draft, by).revision


def history_is_whole():
    """Every page and document that readers see says exactly what its one live revision says."""
    live = {(row.page_id, row.document): row.text for row in Revision.objects.live()}
    pages = {(row.pk, ""): row.text for row in Page.objects.filter(is_proposed=False)}
    documents = {(None, row.name): row.text for row in Document.objects.all()}
    return live == pages | documents


def test_loaded_pages_have_their_first_revision_and_place(guide):
    assert history_is_whole()
    assert set(Revision.objects.values_list("number", "origin", "state")) == {(1, "file", "published")}
    assert page().placements.get().parent == page("talk")


def test_reader_sees_the_old_text_until_another_person_approves(client, writer, second):
    revision = submitted(writer, LISTENING.replace("不打断", "绝不打断"))
    before = client.get("/guide/talk/listening/").content.decode()

    outcome = workflow.approve(revision, second)

    assert "绝不打断" not in before
    assert "绝不打断" in client.get("/guide/talk/listening/").content.decode()
    assert (outcome.is_published, outcome.revision.number, outcome.revision.reviewer) == (True, 2, second.user)
    assert history_is_whole()


def test_nobody_approves_what_they_wrote(other):
    revision = submitted(other, LISTENING.replace("不打断", "绝不打断"))

    with pytest.raises(rights.NotAllowed):
        workflow.approve(revision, other)
    assert page().text == LISTENING


def test_whoever_took_up_a_revision_is_a_writer_beside_its_first(writer, other, second):
    first = submitted(other, LISTENING.replace("不打断", "绝不打断"))
    draft = drafting.take_up(first, writer)
    revision = workflow.submit(drafting.save_draft(draft, draft.text.replace("先让", "总是先让"), writer), writer).revision

    with pytest.raises(rights.NotAllowed):
        workflow.approve(revision, other)
    assert workflow.approve(revision, second).is_published
    assert set(revision.participations.values_list("user__username", "part")) == {
        ("editor", "writer"), ("other", "writer"), ("reviewer", "reviewer"),
    }  # fmt: skip
    first.refresh_from_db()
    assert first.state == "superseded"


def test_editor_without_the_right_cannot_review(writer, other):
    revision = submitted(other, LISTENING.replace("不打断", "绝不打断"))

    with pytest.raises(rights.NotAllowed):
        workflow.approve(revision, writer)


@pytest.mark.parametrize("values", [{"state": "published", "published_at": timezone.now()}, {"state": "scheduled"}])
def test_database_refuses_a_published_revision_without_a_second_person(guide, writer, values):
    with pytest.raises(IntegrityError, match="published_needs_a_second_person"), transaction.atomic():
        Revision.objects.create(
            page=page(), number=9, text="x", author=writer.user, origin="admin", created_at=timezone.now(), **values
        )


def test_database_refuses_the_author_as_reviewer(guide, other):
    with pytest.raises(IntegrityError, match="reviewer_is_not_the_author"), transaction.atomic():
        Revision.objects.create(
            page=page(), number=9, text="x", author=other.user, reviewer=other.user, origin="admin", state="in-review",
            created_at=timezone.now(),
        )  # fmt: skip


def test_database_refuses_a_writer_as_reviewer_of_the_same_revision(writer, other):
    revision = submitted(other, LISTENING.replace("不打断", "绝不打断"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(revision=revision, user=other.user, part="reviewer")


def test_model_refuses_as_reviewer_whoever_helped_to_write(writer, other):
    first = submitted(other, LISTENING.replace("不打断", "绝不打断"))
    draft = drafting.take_up(first, writer)
    revision = workflow.submit(drafting.save_draft(draft, draft.text.replace("先让", "总是先让"), writer), writer).revision

    with pytest.raises(OwnRevision):
        Revision.objects.filter(pk=revision.pk).decide("published", reviewer=other.user, published_at=timezone.now())
    assert Revision.objects.get(pk=revision.pk).state == "in-review"


def test_history_is_neither_changed_nor_deleted(guide):
    revision, entry = Revision.objects.first(), AuditEntry(who="x", act="other")
    entry.save()
    for act in (
        revision.save, revision.delete, Revision.objects.all().delete, lambda: Revision.objects.update(text="x"),
        entry.save, entry.delete, lambda: AuditEntry.objects.update(who="y"), AuditEntry.objects.all().delete,
        lambda: Revision.objects.all().decide("published", text="x"),
    ):  # fmt: skip
        with pytest.raises(AppendOnlyError):
            act()


def test_rejected_revision_says_why_and_leaves_the_text(writer, second):
    revision = workflow.reject(submitted(writer, LISTENING.replace("不打断", "绝不打断")), second, "说得太重")

    assert (revision.state, revision.note, page().text) == ("rejected", "说得太重", LISTENING)
    assert drafting.take_up(revision, writer).text == LISTENING.replace("不打断", "绝不打断")


def test_two_reviewers_at_once_decide_once(writer, second, other):
    revision = submitted(writer, LISTENING.replace("不打断", "绝不打断"))
    workflow.approve(revision, second)

    with pytest.raises(workflow.AlreadyDecided):
        workflow.reject(revision, other, "不")
    assert Revision.objects.get(pk=revision.pk).state == "published"


def test_second_of_two_editors_sees_both_texts_merged(writer, other, second):
    mine, theirs = drafting.open_draft(page(), writer), drafting.open_draft(page(), other)
    drafting.save_draft(theirs, LISTENING.replace("先让客户说完", "请先让客户说完"), other)
    workflow.approve(workflow.submit(theirs, other).revision, second)
    drafting.save_draft(mine, LISTENING.replace("不打断", "绝不打断"), writer)

    shown = workflow.submit(mine, writer)
    mine.refresh_from_db()

    assert (shown.revision, shown.merge.is_clean) == (None, True)
    assert "请先让客户说完" in mine.text
    assert "绝不打断" in mine.text
    assert workflow.submit(mine, writer).revision.base.number == 2


def test_texts_that_do_not_merge_stay_with_their_authors(writer, other, second):
    mine, theirs = drafting.open_draft(page(), writer), drafting.open_draft(page(), other)
    drafting.save_draft(theirs, LISTENING.replace("不打断", "从不打断"), other)
    workflow.approve(workflow.submit(theirs, other).revision, second)
    drafting.save_draft(mine, LISTENING.replace("不打断", "绝不打断"), writer)

    shown = workflow.submit(mine, writer)
    mine.refresh_from_db()

    (conflict,) = shown.merge.conflicts
    assert ("从不打断" in conflict.ours, "绝不打断" in conflict.theirs) == (True, True)
    assert mine.text == LISTENING.replace("不打断", "绝不打断")


def test_approving_over_a_newer_text_shows_the_merge_first(writer, other, second):
    early = submitted(writer, LISTENING.replace("不打断", "绝不打断"))
    workflow.approve(submitted(other, LISTENING.replace("先让客户说完", "请先让客户说完")), second)

    shown = workflow.approve(early, second)

    assert (shown.is_published, shown.revision.state, shown.revision.author) == (False, "in-review", writer.user)
    assert "绝不打断" not in page().text
    assert workflow.approve(shown.revision, second).is_published
    assert "请先让客户说完" in page().text
    assert "绝不打断" in page().text
    assert history_is_whole()


def test_faulty_text_is_not_submitted_and_kept_as_draft(writer):
    draft = drafting.save_draft(drafting.open_draft(page(), writer), LISTENING + "[[nope]]\n", writer)

    with pytest.raises(SourceError, match="nope"):
        workflow.submit(draft, writer)
    assert Draft.objects.get().text.endswith("[[nope]]\n")
    assert Revision.objects.in_review().count() == 0


def test_scheduled_revision_goes_live_on_its_day(writer, second):
    day = timezone.localdate() + timedelta(days=3)
    revision = submitted(writer, LISTENING.replace("不打断", "绝不打断"), effective=day)
    workflow.approve(revision, second)

    assert (workflow.publish_due(), page().text) == ([], LISTENING)
    assert [row.pk for row in workflow.publish_due(day)] == [revision.pk]
    assert "绝不打断" in page().text
    assert history_is_whole()


def test_publishing_over_a_scheduled_revision_sends_it_back_to_review(writer, second, other):
    User.objects.filter(username="editor").update(email="editor@example.org")
    day = timezone.localdate() + timedelta(days=3)
    early = submitted(writer, LISTENING.replace("不打断", "绝不打断"), effective=day)
    workflow.approve(early, second)
    workflow.approve(submitted(other, LISTENING.replace("先让客户说完", "请先让客户说完")), second)
    early.refresh_from_db()

    assert (early.state, early.reviewer) == ("in-review", None)
    assert Letter.objects.filter(to="editor@example.org", body__contains="重回审核").count() == 1
    assert workflow.publish_due(day) == []
    assert AuditEntry.objects.filter(act="returned").count() == 1


def test_new_page_is_kept_from_readers_until_approved(client, writer, second):
    draft = drafting.propose_page(page("talk"), NEW, writer)
    revision = workflow.submit(draft, writer).revision
    statuses = [client.get(address).status_code for address in ("/guide/talk/new/", "/go/new/", "/guide/talk/")]

    workflow.approve(revision, second)

    assert statuses == [404, 404, 200]
    assert (page("new").number, client.get("/guide/talk/new/").status_code) == ("1.3", 200)
    assert history_is_whole()


def test_new_pages_that_refer_to_each_other_are_approved_together(writer, second):
    one = drafting.propose_page(page("talk"), NEW.replace("[[listening]]", "[[newer]]"), writer)
    two = drafting.propose_page(page("talk"), "---\nid: newer\ntitle: 更新的\n---\n见[[new]]。\n", writer)
    with pytest.raises(SourceError):
        workflow.submit(one, writer)
    revisions = [found.revision for found in workflow.submit_all([one, two], writer)]

    assert all(outcome.is_published for outcome in workflow.approve_all(revisions, second))
    assert page("new").references.get().to_page == page("newer")


def test_discarded_new_page_leaves_no_trace(writer):
    drafting.discard(drafting.propose_page(page("talk"), NEW, writer), writer)

    assert not Page.objects.filter(slug="new").exists()


def test_one_person_publishes_only_where_the_setting_allows(writer, settings):
    draft = drafting.save_draft(drafting.open_draft(page(), writer), LISTENING.replace("不打断", "绝不打断"), writer)
    with pytest.raises(rights.NotAllowed):
        workflow.publish_alone(draft, writer)
    settings.SINGLE_PERSON_PUBLISHING = True

    revision = workflow.publish_alone(draft, writer).revision

    assert (revision.state, revision.alone, revision.reviewer) == ("published", True, None)
    assert AuditEntry.objects.get(act="published-alone").who == "editor"


def test_document_goes_through_the_same_review(writer, second):
    glossary = Document.objects.get(name="glossary.yml")
    text = GLOSSARY.replace("谁先接谁负责。", "先接的人负责到底。")
    draft = drafting.save_draft(drafting.open_draft(glossary, writer), text, writer)

    assert workflow.approve(workflow.submit(draft, writer).revision, second).is_published
    assert Term.objects.get(slug="first-contact").definition == "先接的人负责到底。"
    assert history_is_whole()


def test_restored_text_is_a_new_revision(writer, second):
    first = Revision.objects.get(page__slug="listening")
    workflow.approve(submitted(writer, LISTENING.replace("不打断", "绝不打断")), second)

    revision = workflow.submit(drafting.restore(first, writer), writer).revision

    assert (revision.number, revision.base.number, revision.text) == (3, 2, LISTENING)


def test_restoring_does_not_take_the_place_of_an_unsubmitted_draft(writer):
    drafting.save_draft(drafting.open_draft(page(), writer), "写到一半", writer)

    with pytest.raises(drafting.DraftInTheWay):
        drafting.restore(Revision.objects.get(page__slug="listening"), writer)


def test_chapter_with_reviewers_of_its_own_is_reviewed_by_them(writer, second, other):
    revision = submitted(writer, LISTENING.replace("不打断", "绝不打断"))
    ChapterRole.objects.create(chapter=page("talk"), user=other.user, part="reviewer")

    with pytest.raises(rights.NotAllowed):
        workflow.approve(revision, second)
    assert list(rights.reviewable_by(second.user)) == []
    assert list(rights.reviewable_by(other.user)) == [revision]
    assert workflow.approve(revision, other).is_published


def test_chapter_with_editors_of_its_own_is_edited_by_them(writer, other):
    ChapterRole.objects.create(chapter=page("talk"), user=other.user, part="writer")

    with pytest.raises(rights.NotAllowed):
        drafting.open_draft(page(), writer)
    assert drafting.open_draft(page(), other).text == LISTENING


def test_queue_shows_no_revision_to_its_writers(writer, other, second):
    revision = submitted(other, LISTENING.replace("不打断", "绝不打断"))

    assert list(rights.reviewable_by(second.user)) == [revision]
    assert not rights.reviewable_by(other.user).exists()
    assert not rights.reviewable_by(writer.user).exists()


def test_reviewers_and_writer_are_written_to_by_the_worker(writer, second, other):
    User.objects.filter(username="editor").update(email="editor@example.org")
    writer.user.refresh_from_db()
    revision = submitted(writer, LISTENING.replace("不打断", "绝不打断"), reason="语气")
    workflow.reject(revision, second, "说得太重")
    waiting = len(mail.outbox)

    sent = letters.send_waiting()

    assert (waiting, sent) == (0, 2)
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["other@example.org"], "待审核：倾听 · 第 2 版"), (["editor@example.org"], "已退回：倾听 · 第 2 版"),
    ]  # fmt: skip
    assert f"http://127.0.0.1:8000/admin/pages/revision/{revision.pk}/change/" in mail.outbox[0].body
    assert "意见：说得太重" in mail.outbox[1].body


def test_mail_that_cannot_be_sent_is_tried_again(writer, settings):
    Letter.objects.create(to="a@example.org", subject="题", body="文")
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    failed = letters.send_waiting()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Letter.objects.update(next_try=None)

    assert (failed, letters.send_waiting(), Letter.objects.get().problem) == (0, 1, "")


def test_moving_and_withdrawing_are_noted_with_placements(writer, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    arranging.move(page(), page("practice"), 0, writer)

    closed, opened = page().placements.order_by("pk")
    assert (closed.parent, closed.until is None, opened.parent) == (page("talk"), False, page("practice"))
    assert AuditEntry.objects.get(act="moved").detail == "talk/listening → practice/listening（2.1）"


def test_page_that_is_linked_is_not_withdrawn(writer):
    with pytest.raises(SourceError):
        arranging.withdraw([page()], writer)
    assert page().is_published


def test_text_only_change_leaves_placements_alone(writer, second):
    before = page().placements.count()
    workflow.approve(submitted(writer, COMPLAINTS.replace("首问", "第一次询问"), "complaints"), second)

    assert page().placements.count() == before


def test_whoever_helped_to_write_is_not_asked_to_decide(writer, second, other):
    draft = drafting.take_up(submitted(writer, LISTENING.replace("不打断", "不插话")), other)
    revision = workflow.submit(drafting.save_draft(draft, draft.text.replace("先让", "请先让"), other), other).revision

    assert list(rights.reviewable_by(second.user)) == [revision]
    assert list(rights.reviewable_by(other.user)) == []
    writer.user.groups.add(Group.objects.get(name="审核人"))
    assert list(rights.reviewable_by(User.objects.get(username="editor"))) == []
