import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from guide.pages.models import GuideVersion, Page
from guide.publishing import arranging, drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.exporting import ExportRefused, export
from guide.publishing.loading import load
from tests.factories import COMPLAINTS, FILES, LISTENING, write_guide
from tests.publishing.test_loading import PNG

QUESTIONS = "- {id: q1, type: judge, stem: 问, answer: true, explanation: 因, principle: 'complaints#register'}\n"


@pytest.fixture
def alone(guide, editor, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    return Actor(editor, "test")


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(by, slug, text):
    page = Page.objects.get(slug=slug)
    return workflow.publish_alone(drafting.save_draft(drafting.open_draft(page, by), text, by), by)


def test_load_then_export_gives_the_same_bytes_pictures_and_questions_included(guide, tmp_path, settings):
    settings.PICTURES_DIR = tmp_path / "pictures"
    write_guide(guide, {
        "01-talk/02-listening.md": LISTENING.replace("导语", "![大厅](../media/hall.png)导语"),
        "01-talk/01-complaints.questions.yml": QUESTIONS,
    })  # fmt: skip
    (guide / "media").mkdir()
    (guide / "media" / "hall.png").write_bytes(PNG)
    load(guide)

    export(tmp_path / "out")

    assert files(tmp_path / "out") == files(guide)


def test_the_real_guide_comes_back_byte_for_byte(real_guide, tmp_path):
    export(tmp_path / "out")

    assert files(tmp_path / "out") == files(django_settings.CONTENT_DIR)


def test_export_then_load_changes_nothing(alone, guide, tmp_path):
    edit(alone, "listening", LISTENING.replace("不打断", "绝不打断"))
    arranging.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0, alone)
    export(tmp_path / "out")
    version = GuideVersion.current()

    plan = load(tmp_path / "out")

    assert (plan.exit_status, GuideVersion.current()) == (0, version)
    assert [name for names in plan.changes.values() for name in names] == []


def test_export_into_writes_what_the_admin_changed_and_moves_what_it_moved(alone, guide):
    edit(alone, "listening", LISTENING.replace("不打断", "绝不打断"))
    arranging.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0, alone)
    done = export(guide, into=True)

    assert sorted(done.removed) == [
        "01-talk/02-listening.md", "02-practice/01-cases.md", "02-practice/01-cases/come-back.md",
    ]  # fmt: skip
    assert "绝不打断" in (guide / "02-practice/01-listening.md").read_text()
    assert (guide / "02-practice/02-cases/come-back.md").is_file()
    assert load(guide).unchanged == 6


def test_names_are_kept_where_numbers_have_gaps(db, tmp_path):
    folder = write_guide(tmp_path / "in", {"01-talk/02-listening.md": None, "01-talk/070-listening.md": LISTENING})
    load(folder)
    export(tmp_path / "out")

    assert files(tmp_path / "out") == files(folder)


def test_file_that_changed_since_is_not_overwritten(alone, guide):
    edit(alone, "listening", LISTENING.replace("不打断", "绝不打断"))
    path = guide / "01-talk/02-listening.md"
    path.write_text(LISTENING.replace("先让", "总是先让"))

    with pytest.raises(ExportRefused, match=r"01-talk/02-listening\.md"):
        export(guide, into=True)
    assert path.read_text() == LISTENING.replace("先让", "总是先让")


def test_file_in_conflict_is_left_and_the_rest_written(alone, guide):
    edit(alone, "listening", LISTENING.replace("不打断", "绝不打断"))
    edit(alone, "complaints", COMPLAINTS.replace("推诿。", "推诿客户。"))
    path = guide / "01-talk/02-listening.md"
    path.write_text(LISTENING.replace("不打断", "从不打断"))
    load(guide)

    done = export(guide, into=True)

    assert (done.left, done.written) == (["01-talk/02-listening.md"], ["01-talk/01-complaints.md"])
    assert "从不打断" in path.read_text()
    assert load(guide).conflicts == ["listening"]


def test_withdrawn_page_goes_from_the_folder_and_stays_away(alone, guide):
    edit(alone, "complaints", COMPLAINTS.replace(", case: come-back", ""))
    arranging.withdraw([Page.objects.get(slug="come-back")], alone)
    export(guide, into=True)

    assert not (guide / "02-practice/01-cases").exists()
    assert load(guide).created == []


def test_folder_that_is_not_empty_is_refused(guide, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")

    with pytest.raises(CommandError, match="不是空的"):
        call_command("export_content", tmp_path / "out")
    assert files(tmp_path / "out") == {"mine.txt": b"x"}


def test_documents_follow_their_section(alone, guide):
    write_guide(guide, {"01-talk/01-complaints.questions.yml": QUESTIONS})
    load(guide)
    arranging.move(Page.objects.get(slug="complaints"), Page.objects.get(slug="practice"), 0, alone)
    export(guide, into=True)
    plan = load(guide)

    assert plan.moved == ["02-practice/01-complaints.questions.yml"]
    assert not (guide / "01-talk/01-complaints.questions.yml").exists()
    assert load(guide).unchanged == len(FILES) - 5
