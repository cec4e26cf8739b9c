import shutil
import subprocess

import pytest

from guide.pages.models import GuideVersion, Page
from guide.publishing import arranging, drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.exporting import export
from guide.publishing.lineage import nearest
from guide.publishing.loading import load
from guide.publishing.models import Document, LoadedFolder
from tests.factories import GLOSSARY, LISTENING, write_guide

FILE = "01-talk/02-listening.md"
NEWER = LISTENING.replace("不打断。", "不打断。\n\n听不清就问。")


@pytest.fixture
def copy(guide, tmp_path):
    """A copy of the folder as it was when it was first loaded; the guide has gone on with the first folder since."""
    other = shutil.copytree(guide, tmp_path / "copy")
    load(write_guide(guide, {FILE: NEWER, "glossary.yml": GLOSSARY + "- {id: a, term: 甲词, definition: 甲}\n",
                             "01-talk/03-new.md": "---\nid: new\ntitle: 新\n---\n文。\n"}))  # fmt: skip
    return other


def page(slug="listening"):
    return Page.objects.get(slug=slug)


def test_older_copy_takes_nothing_back_however_often_it_is_loaded(copy):
    for _ in range(2):
        plan = load(copy)
        assert (plan.updated, plan.withdrawn, plan.conflicts) == ([], [], [])
        assert page().text == NEWER
        assert page("new").is_published
        assert "甲词" in Document.objects.get(name="glossary.yml").text


def test_what_was_written_in_an_older_copy_joins_what_was_written_since(copy):
    plan = load(write_guide(copy, {FILE: LISTENING.replace("先让客户说完", "先让客户把话说完")}))

    assert plan.merged == ["listening"]
    assert "听不清就问" in page().text
    assert "把话说完" in page().text


def test_both_folders_are_then_loaded_in_turn_and_each_brings_only_what_is_new(copy, guide):
    load(copy)
    version = GuideVersion.current()
    assert load(guide).changes == load(guide, plan_only=True).changes
    assert GuideVersion.current() == version

    load(write_guide(copy, {FILE: LISTENING.replace("先让客户说完", "先让客户把话说完")}))
    load(write_guide(guide, {FILE: NEWER.replace("听不清就问", "听不清就再问一次")}))
    assert "把话说完" in page().text
    assert "听不清就再问一次" in page().text


def test_what_a_copy_would_reword_waits_for_a_person_however_often_it_is_loaded(copy):
    write_guide(copy, {FILE: NEWER.replace("听不清就问", "听不清再问")})
    for _ in range(2):
        assert load(copy).conflicts == ["listening"]
        assert page().text == NEWER


def test_words_taken_out_of_the_folder_itself_are_taken_out(copy, guide):
    load(write_guide(guide, {FILE: LISTENING}))

    assert page().text == LISTENING


def test_copy_moves_nothing_back_and_brings_nothing_withdrawn_back(copy, guide, editor, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    (guide / FILE).rename(guide / "02-practice/02-listening.md")
    (guide / "01-talk/03-new.md").unlink()
    load(guide)
    write_guide(copy, {"01-talk/03-new.md": "---\nid: new\ntitle: 新\n---\n文。\n"})
    for _ in range(2):
        load(copy)
        assert page().number == "2.2"
        assert not page("new").is_published


def test_withdrawn_page_that_says_something_new_in_a_copy_waits_for_a_person(copy, guide):
    (guide / "01-talk/03-new.md").unlink()
    load(guide)
    plan = load(write_guide(copy, {"01-talk/03-new.md": "---\nid: new\ntitle: 新\n---\n文。\n\n又写了一段。\n"}))

    assert plan.conflicts == ["new"]
    assert not page("new").is_published


def test_copy_that_is_said_to_carry_on_does_all_that_its_files_say(copy):
    plan = load(copy, continues=True)

    assert (plan.updated, plan.withdrawn) == (["glossary.yml", "listening"], ["new"])
    assert page().text == LISTENING


def test_folder_that_was_exported_into_is_the_one_that_goes_on(copy, guide):
    load(copy)
    export(guide, into=True)

    assert LoadedFolder.objects.get().path == str(guide)
    load(write_guide(guide, {FILE: LISTENING}))
    assert page().text == LISTENING


def test_later_state_of_the_same_git_history_carries_on_wherever_it_lies(tmp_path, db):
    def git(where, *words):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", str(where), *identity, *words], check=True, capture_output=True)

    def commit():
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "next")

    folder = write_guide(tmp_path / "house/content")
    git(tmp_path, "init", "-q", "house")
    commit()
    load(folder)
    git(tmp_path, "clone", "-q", "house", "older")
    write_guide(folder, {FILE: NEWER})
    commit()
    load(folder)
    write_guide(folder, {FILE: LISTENING})
    commit()
    git(tmp_path, "clone", "-q", "house", "later")

    assert load(tmp_path / "older/content", plan_only=True).kept == ["listening"]
    assert load(tmp_path / "later/content").updated == ["listening"]
    assert page().text == LISTENING


def test_change_made_in_the_admin_survives_a_copy(copy, editor, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    by = Actor(editor, "test")
    draft = drafting.save_draft(drafting.open_draft(page(), by), NEWER.replace("先让", "总是先让"), by)
    workflow.publish_alone(draft, by)
    arranging.move(page(), page("talk"), 0, by)
    load(copy)

    assert page().text == NEWER.replace("先让", "总是先让")
    assert page().number == "1.1"


@pytest.mark.parametrize(
    ("text", "known", "found"),
    [("甲。乙。", ["甲。乙。丙。", "甲。乙。"], "甲。乙。"), ("甲。乙。新。", ["甲。乙。丙。丁。", "甲。乙。"], "甲。乙。"),
     ("甲。", [], ""), ("新。", ["甲。", "乙。"], "甲。")],
)  # fmt: skip
def test_text_comes_from_the_known_one_that_is_nearest(text, known, found):
    assert nearest(text, known) == found


def test_folder_that_is_a_git_repository_itself_is_loaded(guide):
    subprocess.run(["git", "init", "-q", str(guide)], check=True)

    assert load(guide).unchanged == 6
