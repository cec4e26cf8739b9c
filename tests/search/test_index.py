import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command

from guide.pages.models import Page
from guide.publishing import workflow
from guide.publishing.loading import load
from guide.search import index, outbox, postings, writing
from guide.search.generations import writing_lock
from guide.search.lexicon import Lexicon
from guide.search.matching import match
from guide.search.models import Outbox
from guide.search.queries import parse
from tests.factories import COMPLAINTS, write_guide


def found(text):
    return {(row.kind, row.pk) for row in match(parse(text, index.lexicon())).rows}


def test_word_inside_a_sentence_is_found(indexed, section):
    assert ("section", section.pk) in found("投诉")


def test_phrase_matches_as_it_stands_and_not_otherwise(indexed, section):
    assert ("section", section.pk) in found("“登记受理”")
    assert found("“受理登记”") == set()


def test_withdrawn_text_is_gone_at_once_after_refresh(indexed, case):
    workflow.publish(workflow.Batch(withdrawn=["come-back"]))
    outbox.drain()

    assert found("手续费") == set()


def test_update_replaces_the_old_text(indexed, section):
    write_guide(indexed, {"01-talk/01-complaints.md": COMPLAINTS.replace("抱怨", "不满")})
    load(indexed)
    outbox.drain()

    assert found("抱怨") == set()
    assert ("section", section.pk) in found("不满")


def test_threads_that_search_at_once_find_what_each_finds_alone(indexed, monkeypatch):
    asked = [
        parse(text, index.lexicon()) for text in ("投诉", "倾听", "登记受理", "首问负责", "不归我管", "打断", "答复", "案例")
    ]
    alone = [match(query) for query in asked]
    monkeypatch.setattr(postings, "KEPT_POSTINGS", 0)
    index.let_go()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(match, asked * 40))
    finally:
        sys.setswitchinterval(0.005)

    assert together == alone * 40


def test_every_change_of_pages_is_noted_in_its_own_transaction(guide):
    Outbox.objects.all().delete()

    workflow.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0)

    assert Page.objects.get(slug="listening").pk in Outbox.objects.values_list("page_pk", flat=True)


def test_outbox_is_forgotten_only_when_the_index_has_it(guide, monkeypatch):
    with writing_lock(), pytest.raises(index.IndexBusy):
        outbox.drain()

    assert Outbox.objects.exists()


def test_missing_index_is_built_by_the_next_drain(indexed, settings):
    shutil.rmtree(settings.INDEX_DIR)
    with pytest.raises(index.IndexUnavailable):
        match(parse("投诉", Lexicon()))

    outbox.drain()

    assert found("投诉")


@pytest.mark.parametrize("suffix", [".trm", ".pst", ".toc"])
def test_corrupt_index_is_noticed_and_built_anew(indexed, settings, suffix):
    for file in settings.INDEX_DIR.glob(f"*/*{suffix}"):
        file.write_bytes(b"")
    index.let_go()
    with pytest.raises(index.IndexUnavailable):
        match(parse("投诉", Lexicon()))

    outbox.drain()

    assert found("投诉")


def test_index_directory_is_private(indexed, settings):
    assert settings.INDEX_DIR.stat().st_mode & 0o077 == 0


def test_rebuild_swaps_in_a_new_directory_and_removes_the_old(indexed, settings):
    before = (settings.INDEX_DIR / "current").read_text()

    writing.rebuild()

    assert [path.name for path in settings.INDEX_DIR.iterdir() if path.is_dir()] == [
        (settings.INDEX_DIR / "current").read_text()
    ]
    assert before != (settings.INDEX_DIR / "current").read_text()


@pytest.mark.parametrize("name", ["format", "lexicon.trie"])
def test_index_of_another_version_is_built_anew(indexed, settings, name):
    for file in settings.INDEX_DIR.glob(f"*/{name}"):
        file.write_text("{}")
    index.let_go()
    with pytest.raises(index.IndexUnavailable):
        match(parse("投诉", Lexicon()))

    load(write_guide(indexed, {"01-talk/01-complaints.md": COMPLAINTS.replace("抱怨", "不满")}))
    outbox.drain()

    assert found("不满")


def test_full_disk_leaves_what_is_noted_for_later(guide, monkeypatch, capsys):
    def refuse(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "create_in", refuse)
    call_command("refresh_index")

    assert "后台进程会再试" in capsys.readouterr().err
    assert Outbox.objects.exists()
