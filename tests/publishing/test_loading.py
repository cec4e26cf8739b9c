import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from guide.pages.models import CaseLink, Citation, GuideVersion, Page, Phrase, Principle, Reference
from guide.publishing.faults import SourceError
from guide.publishing.loading import check, load
from guide.publishing.models import Document
from guide.reference.models import Provision, Term
from tests.factories import CASE, COMPLAINTS, FILES, GLOSSARY, LISTENING, SOURCES, write_guide

ROOT = Path(__file__).resolve().parents[2]
SECTION = "01-talk/01-complaints.md"
QUESTION = "- {id: q1, type: judge, stem: 问, answer: true, explanation: 因, principle: 'a#b'}\n"


def state():
    """Everything a load writes, to compare."""
    models = (Page, Principle, CaseLink, Reference, Citation, Phrase, Term, Provision, Document)
    return [list(model.objects.order_by("pk").values()) for model in models]


def faults(folder):
    with pytest.raises(SourceError) as caught:
        load(folder)
    return [(fault.path, fault.line, fault.code) for fault in caught.value.faults]


def test_load_makes_pages_and_links(guide):
    assert Page.objects.count() == 6
    assert set(CaseLink.objects.values_list("principle__slug", "case__slug")) == {
        ("register", "come-back"), ("listen-first", "come-back"),
    }  # fmt: skip
    assert Citation.objects.get().principle.slug == "register"
    assert set(Reference.objects.filter(page__slug="complaints").values_list("target", "is_plain")) == {
        ("term:kyc", False), ("listening", False), ("local:complaint-phone", False), ("say:not-deposit", False),
        ("term:first-contact", True),
    }  # fmt: skip
    assert Phrase.objects.get().audience == "staff"


def test_file_text_is_kept_verbatim(guide):
    assert Page.objects.get(slug="complaints").text == COMPLAINTS
    assert Document.objects.get(name="glossary.yml").text == GLOSSARY


def test_loading_again_changes_nothing(guide):
    before, version = state(), GuideVersion.current()

    plan = load(guide)

    assert (state(), GuideVersion.current()) == (before, version)
    assert (plan.created, plan.updated, plan.unchanged) == ([], [], 6)


def test_plan_changes_nothing_and_tells_what_load_does(db, folder):
    plan = load(folder, plan_only=True)

    assert Page.objects.count() == 0
    assert plan.created == load(folder).created


def test_changed_file_is_taken_and_rows_stay_in_place(guide):
    pk = Principle.objects.get(slug="register").pk
    write_guide(guide, {SECTION: COMPLAINTS.replace("登记受理，按期答复", "登记并答复")})

    plan = load(guide)

    assert plan.updated == ["complaints"]
    assert (Principle.objects.get(slug="register").pk, Principle.objects.get(pk=pk).title) == (pk, "登记并答复")


def test_changed_in_the_admin_is_kept_and_reported(guide):
    Page.objects.filter(slug="listening").update(text=LISTENING.replace("倾听", "听"))

    plan = load(guide)

    assert (plan.kept, plan.exit_status) == (["listening"], 0)
    assert "title: 听" in Page.objects.get(slug="listening").text


def test_changed_on_both_sides_keeps_the_admins_text_and_says_so(guide):
    Page.objects.filter(slug="listening").update(text=LISTENING.replace("倾听", "听"))
    write_guide(guide, {"01-talk/02-listening.md": LISTENING.replace("倾听", "聆听")})

    plan = load(guide)

    assert (plan.conflicts, plan.exit_status) == (["listening"], 2)
    assert "title: 听" in Page.objects.get(slug="listening").text


def test_file_that_caught_up_with_the_admin_is_in_step_again(guide):
    text = LISTENING.replace("倾听", "听")
    Page.objects.filter(slug="listening").update(text=text)
    write_guide(guide, {"01-talk/02-listening.md": text})
    load(guide)

    write_guide(guide, {"01-talk/02-listening.md": LISTENING.replace("倾听", "聆听")})

    assert load(guide).updated == ["listening"]


def test_moved_file_moves_the_page_and_breaks_no_link(guide):
    write_guide(guide, {"01-talk/02-listening.md": None, "02-practice/02-listening.md": LISTENING})

    plan = load(guide)

    assert plan.moved == ["listening"]
    assert Page.objects.get(slug="listening").number == "2.2"


def test_moved_file_of_a_page_changed_in_the_admin_moves_it_once(guide):
    Page.objects.filter(slug="listening").update(text=LISTENING.replace("倾听", "听"))
    write_guide(guide, {"01-talk/02-listening.md": None, "02-practice/02-listening.md": LISTENING})

    first, second = load(guide), load(guide)

    assert (first.moved, second.moved, second.kept) == (["listening"], [], ["listening"])
    assert "title: 听" in Page.objects.get(slug="listening").text


def test_removed_file_withdraws_the_page(guide):
    write_guide(guide, {"02-practice/01-cases/come-back.md": None, SECTION: COMPLAINTS.replace(", case: come-back", "")})

    plan = load(guide)

    assert plan.withdrawn == ["come-back"]
    assert CaseLink.objects.count() == 0
    assert Page.objects.get(slug="come-back").text == CASE


def test_withdrawn_page_comes_back_with_its_file(guide):
    write_guide(guide, {"02-practice/01-cases/come-back.md": None, SECTION: COMPLAINTS.replace(", case: come-back", "")})
    load(guide)

    write_guide(guide)
    load(guide)

    assert Page.objects.get(slug="come-back").is_published
    assert CaseLink.objects.count() == 2


def test_many_removals_are_asked_for(guide, settings):
    settings.REMOVALS_WITHOUT_ASKING = 0
    write_guide(guide, {"02-practice/01-cases/come-back.md": None, SECTION: COMPLAINTS.replace(", case: come-back", "")})

    assert faults(guide) == [("come-back", 1, "many-removals")]
    assert load(guide, allow_removals=True).withdrawn == ["come-back"]


def test_page_made_in_the_admin_stays(guide):
    parent = Page.objects.get(slug="talk")
    Page.objects.bulk_create([
        Page(slug="own", kind="section", parent=parent, title="自建", text="---\nid: own\ntitle: 自\n---\n文\n",
             changed_at="2026-01-01T00:00Z", lft=0, rght=0, tree_id=0, level=0, position=9)
    ])  # fmt: skip

    load(guide)

    assert Page.objects.get(slug="own").is_published


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({SECTION: COMPLAINTS.replace("#register ", "")}, (SECTION, 18, "principle-id")),
        ({SECTION: COMPLAINTS.replace("keywords: [", "keywords: [[")}, (SECTION, 7, "yaml")),
        ({SECTION: COMPLAINTS.replace("[[term:kyc]]", "[[term:nope]]")}, (SECTION, 11, "unknown-term")),
        ({SECTION: COMPLAINTS.replace("[[say:not-deposit]]", "[[say:nope]]")}, (SECTION, 24, "unknown-say")),
        ({SECTION: COMPLAINTS.replace("local:complaint-phone", "local:nope")}, (SECTION, 24, "unknown-local")),
        ({SECTION: COMPLAINTS.replace("[@rule-2020#f1]", "[@rule-2020#f9]")}, (SECTION, 20, "unknown-citation")),
        ({SECTION: COMPLAINTS.replace("[@rule-2020#f1]", "")}, (SECTION, 18, "law-needs-citation")),
        ({SECTION: COMPLAINTS.replace("[@rule-2020#f1]", "[@rule-2020#f2]")}, (SECTION, 18, "law-needs-citation")),
        ({SECTION: COMPLAINTS.replace("posts: [counter, lobby]", "posts: [pilot]")}, (SECTION, 5, "unknown-post")),
        ({SECTION: COMPLAINTS.replace("case: come-back", "case: nope")}, (SECTION, 9, "unknown-case")),
        ({SECTION: COMPLAINTS.replace("[[listening|", "[[nope|")}, (SECTION, 15, "unknown-reference")),
        ({SECTION: COMPLAINTS.replace("id: complaints", "id: listening")}, (SECTION, 2, "file-name")),
        ({SECTION: COMPLAINTS.replace("id: complaints", "id: listening")}, ("01-talk/02-listening.md", 2, "duplicate-id")),
        ({"02-practice/01-cases/come-back.md": CASE.replace("#listen-first", "#nope")},
         ("02-practice/01-cases/come-back.md", 11, "unknown-principle")),
        ({"notes.txt": "x"}, ("notes.txt", 1, "stray-file")),
        ({"01-talk/index.md": None}, ("01-talk/index.md", 1, "no-chapter-page")),
        ({"sources.yml": SOURCES.replace("in_force", "fine")}, ("sources.yml", 8, "bad-value")),
        ({"glossary.yml": GLOSSARY.replace("[KYC]", "[首问]")}, ("glossary.yml", 2, "duplicate-word")),
        ({"01-talk/01-complaints.questions.yml": QUESTION},
         ("01-talk/01-complaints.questions.yml", 1, "unknown-principle")),
        ({"01-talk/02-listening.md": LISTENING.replace("导语", "![](x.png)导语")},
         ("01-talk/02-listening.md", 5, "picture-alternative")),
        ({"01-talk/02-listening.md": LISTENING.replace("导语", "![图](../media/x.png)导语")},
         ("01-talk/02-listening.md", 5, "picture-missing")),
    ],
)  # fmt: skip
def test_fault_refuses_the_whole_load_naming_file_and_line(guide, changes, expected):
    before = state()
    write_guide(guide, {"01-talk/03-new.md": "---\nid: new\ntitle: 新\n---\n文。\n", **changes})

    assert expected in faults(guide)
    assert state() == before


def test_file_that_is_not_utf8_is_refused(guide):
    (guide / SECTION).write_bytes(COMPLAINTS.encode("gbk"))

    assert (SECTION, 3, "encoding") in faults(guide)


def test_faults_of_all_files_come_in_one_report(guide):
    write_guide(guide, {SECTION: COMPLAINTS.replace("term:kyc", "term:x"), "01-talk/02-listening.md": "没有头部\n"})

    assert {path for path, _, _ in faults(guide)} >= {SECTION, "01-talk/02-listening.md"}


def test_principle_that_is_still_linked_cannot_go(guide):
    write_guide(guide, {"01-talk/02-listening.md": LISTENING.split("## ")[0]})

    assert ("02-practice/01-cases/come-back.md", 11, "unknown-principle") in faults(guide)


def test_command_says_what_is_wrong_and_exits_with_1(guide, capsys):
    write_guide(guide, {SECTION: COMPLAINTS.replace("term:kyc", "term:x")})

    with pytest.raises(SystemExit) as stopped:
        call_command("load_content", guide)

    assert stopped.value.code == 1
    assert f"{SECTION}:11:" in capsys.readouterr().err


def test_load_warns_of_principles_without_a_case(guide):
    assert [warning for warning in load(guide).warnings if "不推诿" in warning]


def test_check_asks_for_more_than_load(guide):
    with pytest.raises(SourceError) as caught:
        check(guide)

    assert {fault.code for fault in caught.value.faults} >= {"missing-part", "length", "no-case"}


def test_applied_principle_needs_no_citation_of_its_own(guide):
    applied = LISTENING.replace("level=should basis=guide", 'level=must basis=law applies="complaints#register"')
    write_guide(guide, {"01-talk/02-listening.md": applied})
    load(guide)

    assert Principle.objects.get(slug="listen-first").applies.slug == "register"


def test_killed_load_leaves_the_guide_as_it_was(tmp_path):
    """A real process, killed while it writes: the next one finds the guide whole, and loads."""
    folder = write_guide(tmp_path / "content")
    for place in range(1, 400):
        write_guide(
            folder, {f"01-talk/{place + 10}-s{place}.md": f"---\nid: s{place}\ntitle: 节{place}\n---\n见[[complaints]]。\n"}
        )
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "LANG": "C.UTF-8"}

    def manage(*arguments, kill_after=None):
        process = subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        if kill_after is not None:
            time.sleep(kill_after)
            process.send_signal(signal.SIGKILL)
        return process.communicate()[0].decode()

    manage("migrate", "-v0")
    for kill_after in (1.2, 1.5, 1.8):
        manage("load_content", str(folder), kill_after=kill_after)
        count = manage("shell", "-v0", "-c", "from guide.pages.models import Page; print(Page.objects.count())").split()[-1]
        assert count in {"0", str(len(FILES) - 5 + 399)}
    manage("load_content", str(folder))

    assert "树是完好的" in manage("check_tree")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_term_that_gets_another_id_is_still_found_where_it_is_mentioned(guide):
    load(write_guide(guide, {"glossary.yml": GLOSSARY.replace("id: first-contact", "id: contact")}))

    assert Reference.objects.get(page__slug="complaints", is_plain=True).target == "term:contact"


def test_picture_is_kept_by_its_content_and_shown(guide, client, settings, tmp_path):
    settings.PICTURES_DIR = tmp_path / "pictures"
    write_guide(guide, {"01-talk/02-listening.md": LISTENING.replace("导语", "![大厅](../media/hall.png)导语")})
    (guide / "media").mkdir()
    (guide / "media" / "hall.png").write_bytes(PNG)
    load(guide)

    address = client.get("/guide/talk/listening/").content.decode().split('alt="大厅" src="')[1].split('"')[0]
    response = client.get(address)

    assert b"".join(response.streaming_content) == PNG
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in response["Content-Security-Policy"]


def test_file_that_only_calls_itself_a_picture_is_refused(guide):
    (guide / "media").mkdir()
    (guide / "media" / "hall.png").write_bytes(b"<svg onload=alert(1)>")

    assert ("media/hall.png", 1, "picture-kind") in faults(guide)
