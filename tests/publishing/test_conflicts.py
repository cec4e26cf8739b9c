import pytest

from guide.pages.models import GuideVersion, Page, Revision
from guide.publishing import arranging, drafting, settling, workflow
from guide.publishing.audit import Actor
from guide.publishing.loading import commit_of, load
from guide.publishing.models import AuditEntry, Conflict, Document
from guide.publishing.recording import AlreadyDecided
from tests.factories import CASE, COMPLAINTS, GLOSSARY, LISTENING, write_guide
from tests.publishing.test_workflow import history_is_whole

FILE = "01-talk/02-listening.md"
MINE, THEIRS = LISTENING.replace("不打断", "绝不打断"), LISTENING.replace("不打断", "从不打断")


@pytest.fixture
def by(guide, editor, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    return Actor(editor, "test")


def page(slug="listening"):
    return Page.objects.get(slug=slug)


def edit(by, text, target=None):
    draft = drafting.save_draft(drafting.open_draft(target or page(), by), text, by)
    return workflow.publish_alone(draft, by)


@pytest.fixture
def conflict(by, guide):
    edit(by, MINE)
    load(write_guide(guide, {FILE: THEIRS}))
    return Conflict.objects.get()


def test_changes_in_different_paragraphs_are_merged(by, guide):
    edit(by, LISTENING.replace("不打断", "绝不打断"))
    write_guide(guide, {FILE: LISTENING.replace("先让客户说完", "请先让客户说完")})
    plan = load(guide)

    assert (plan.merged, plan.exit_status) == (["listening"], 0)
    assert page().text == LISTENING.replace("不打断", "绝不打断").replace("先让客户说完", "请先让客户说完")
    assert load(guide).kept == ["listening"]
    assert history_is_whole()


def test_conflict_keeps_the_live_text_and_all_three_texts(conflict, guide):
    assert (conflict.base_text, conflict.live_text, conflict.file_text) == (LISTENING, MINE, THEIRS)
    assert page().text == MINE


def test_the_rest_of_the_load_goes_on_and_a_second_load_is_the_same(by, guide):
    edit(by, MINE)
    write_guide(guide, {FILE: THEIRS, "01-talk/01-complaints.md": COMPLAINTS.replace("推诿。", "推诿客户。")})
    first, version = load(guide), GuideVersion.current()
    second = load(guide)

    assert (first.conflicts, first.updated, first.exit_status) == (["listening"], ["complaints"], 2)
    assert (second.conflicts, second.updated, GuideVersion.current()) == (["listening"], [], version)
    assert Conflict.objects.count() == 1


@pytest.mark.parametrize("text", [MINE, THEIRS, LISTENING.replace("不打断", "两边都用")])
def test_settled_conflict_does_not_come_back(conflict, by, guide, text):
    settling.settle(conflict, text, by)
    plan = load(guide)
    conflict.refresh_from_db()

    assert (page().text, plan.conflicts, conflict.settled_at is None) == (text, [], False)
    assert history_is_whole()


def test_settling_through_review_leaves_the_conflict_open_until_it_is_live(conflict, by, guide, reviewer, settings):
    settings.SINGLE_PERSON_PUBLISHING = False
    revision = settling.settle(conflict, THEIRS, by).revision
    still = (load(guide).conflicts, page().text)
    workflow.approve(revision, Actor(reviewer))

    assert still == (["listening"], MINE)
    assert (page().text, load(guide).conflicts) == (THEIRS, [])


def test_conflict_is_settled_once(conflict, by):
    settling.settle(conflict, MINE, by)

    with pytest.raises(AlreadyDecided):
        settling.settle(conflict, THEIRS, by)


def test_conflict_is_over_when_the_file_agrees_again(conflict, guide):
    load(write_guide(guide, {FILE: MINE}))

    assert not Conflict.objects.filter(settled_at=None).exists()


def test_file_gone_of_a_page_that_is_linked_is_a_conflict(guide):
    write_guide(guide, {"02-practice/01-cases/come-back.md": None})
    plan = load(guide)

    assert (plan.conflicts, plan.withdrawn, plan.exit_status) == (["come-back"], [], 2)
    assert Conflict.objects.get().kind == "file-gone"


def test_page_whose_file_is_gone_is_kept_or_left_out(by, guide):
    edit(by, CASE.replace("手续费", "年费"), page("come-back"))
    write_guide(guide, {"02-practice/01-cases/come-back.md": None, "01-talk/01-complaints.md":
                        COMPLAINTS.replace(", case: come-back", "")})  # fmt: skip
    load(guide)
    kept = settling.settle(Conflict.objects.get(), page("come-back").text, by)
    after = load(guide)

    assert kept.revision.text == page("come-back").text
    assert (after.conflicts, page("come-back").is_published) == ([], True)


def test_page_whose_file_is_gone_can_be_left_out(by, guide):
    edit(by, CASE.replace("手续费", "年费"), page("come-back"))
    write_guide(guide, {"02-practice/01-cases/come-back.md": None, "01-talk/01-complaints.md":
                        COMPLAINTS.replace(", case: come-back", "")})  # fmt: skip
    load(guide)
    settling.settle(Conflict.objects.get(), "", by)

    assert (page("come-back").is_published, load(guide).conflicts) == (False, [])


def test_page_withdrawn_in_the_admin_stays_away_until_its_file_changes(by, guide):
    edit(by, COMPLAINTS.replace(", case: come-back", ""), page("complaints"))
    arranging.withdraw([page("come-back")], by)
    first = load(guide)
    write_guide(guide, {"02-practice/01-cases/come-back.md": CASE.replace("手续费", "年费")})
    second = load(guide)
    settling.settle(Conflict.objects.get(), CASE.replace("手续费", "年费"), by)

    assert ("come-back" in first.kept, second.conflicts) == (True, ["come-back"])
    assert (page("come-back").is_published, load(guide).conflicts) == (True, [])


def test_merge_that_would_be_faulty_is_a_conflict(by, guide):
    edit(by, LISTENING + "\n## 同名 {#same .principle level=should basis=guide}\n\n甲。\n")
    write_guide(
        guide,
        {FILE: LISTENING.replace("## 先听完", "## 同名 {#same .principle level=should basis=guide}\n\n乙。\n\n## 先听完")},
    )

    assert load(guide).conflicts == ["listening"]


def test_terms_added_on_both_sides_are_both_there(by, guide):
    edit(by, GLOSSARY + "- {id: a, term: 甲词, definition: 甲}\n", Document.objects.get(name="glossary.yml"))
    plan = load(write_guide(guide, {"glossary.yml": GLOSSARY + "- {id: b, term: 乙词, definition: 乙}\n"}))

    assert plan.merged == ["glossary.yml"]
    assert Document.objects.get(name="glossary.yml").text.count("definition") == 4


def test_plan_names_what_the_load_then_does(by, guide):
    edit(by, MINE)
    edit(by, COMPLAINTS.replace("推诿。", "推诿客户。"), page("complaints"))
    write_guide(guide, {FILE: THEIRS, "01-talk/01-complaints.md": COMPLAINTS.replace("再核实", "再核对"),
                        "01-talk/03-new.md": "---\nid: new\ntitle: 新\n---\n文。\n"})  # fmt: skip
    planned = load(guide, plan_only=True).changes

    assert load(guide).changes == planned
    assert planned["新增"] == ["new"]


def test_load_through_review_changes_nothing_for_readers(by, guide, settings, reviewer):
    settings.LOAD_THROUGH_REVIEW = True
    write_guide(guide, {FILE: LISTENING.replace("不打断", "绝不打断[[new]]"),
                        "01-talk/03-new.md": "---\nid: new\ntitle: 新\n---\n见[[listening]]。\n"})  # fmt: skip
    first, second = load(guide), load(guide)
    waiting = list(Revision.objects.in_review())

    assert (first.created, first.updated, page().text) == (["new"], ["listening"], LISTENING)
    assert (sorted(second.waiting), second.created, len(waiting)) == (["listening", "new"], [], 2)
    assert all(outcome.is_published for outcome in workflow.approve_all(waiting, Actor(reviewer)))
    assert (page("new").number, load(guide).unchanged) == ("1.3", 7)


def test_rejected_load_is_not_proposed_again(by, guide, settings, reviewer):
    settings.LOAD_THROUGH_REVIEW = True
    load(write_guide(guide, {FILE: MINE}))
    workflow.reject(Revision.objects.in_review().get(), Actor(reviewer), "不")

    assert load(guide).waiting == ["listening"]
    assert not Revision.objects.in_review().exists()


def test_load_is_in_the_audit_log_with_where_it_came_from(guide):
    entry = AuditEntry.objects.get(act="loaded")

    assert (entry.who, str(guide) in entry.where, "新增 11" in entry.detail) == ("（系统）", True, True)


def test_commit_is_known_of_a_clean_folder_in_git_only(guide, tmp_path):
    assert commit_of(tmp_path) == ""


def test_removed_questions_go_with_their_section_and_come_back(guide):
    questions = "- {id: q1, type: judge, stem: 问, answer: true, explanation: 因, principle: 'new#a'}\n"
    section = "---\nid: new\ntitle: 新\n---\n## 一 {#a .principle level=should basis=guide}\n\n文。\n"
    files = {"01-talk/03-new.md": section, "01-talk/03-new.questions.yml": questions}
    load(write_guide(guide, files))
    gone = load(write_guide(guide, dict.fromkeys(files)))
    back = load(write_guide(guide, files))

    assert sorted(gone.withdrawn) == ["01-talk/03-new.questions.yml", "new"]
    assert sorted(back.created) == ["01-talk/03-new.questions.yml", "new"]
