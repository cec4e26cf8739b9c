"""What any engine must do, said through our own functions: another one could take Whoosh's place and be held to this."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from guide.pages.models import Page
from guide.publishing import workflow
from guide.publishing.loading import load
from guide.reference.models import Term
from guide.search import bell, generations, index, outbox, words, writing
from guide.search.lexicon import Lexicon
from guide.search.matching import match
from guide.search.models import Outbox
from guide.search.queries import parse
from tests.factories import COMPLAINTS, write_guide


def found(text):
    """The pages found for `text`, as the engine itself says, each as often as the index holds it."""
    return [row.pk for row in match(parse(text, Lexicon())).rows if row.kind in Page.Kind.values]


def shown(client, text):
    return [hit["id"] for hit in client.get("/api/search/", {"q": text}).json()["results"]]


def rewrite(folder, old, new):
    load(write_guide(folder, {"01-talk/01-complaints.md": COMPLAINTS.replace(old, new)}))


def withdraw(slug):
    workflow.publish(workflow.Batch(withdrawn=[slug]))


# ---- texts come, change and go


def test_withdrawn_page_is_gone_at_once_while_the_index_is_stale(indexed, client):
    assert "come-back" in shown(client, "手续费")

    withdraw("come-back")

    assert Outbox.objects.exists()
    assert shown(client, "手续费") == []


def test_withdrawn_page_is_gone_from_the_index_once_drained(indexed):
    withdraw("come-back")
    outbox.drain()

    assert found("手续费") == []


def test_withdrawn_page_that_is_published_again_is_found_again(indexed):
    withdraw("come-back")
    outbox.drain()
    Page.objects.filter(slug="come-back").update(withdrawn_at=None)
    Outbox.objects.create(page_pk=Page.objects.get(slug="come-back").pk)
    outbox.drain()

    assert len(found("手续费")) == 1


def test_update_replaces(indexed, section):
    for new in ("不满", "埋怨", "牢骚"):
        rewrite(indexed, "抱怨", new)
        outbox.drain()

    assert found("牢骚") == [section.pk]
    assert not [word for word in ("抱怨", "不满", "埋怨") if section.pk in found(word)]


def test_draining_twice_changes_nothing(indexed, section):
    for _ in range(2):
        Outbox.objects.create(page_pk=section.pk)
        outbox.drain()

    assert found("登记受理").count(section.pk) == 1


def test_text_of_a_page_is_looked_up_as_it_is_now(indexed, client, section):
    Page.objects.filter(pk=section.pk).update(title="新的名字")

    hits = client.get("/api/search/", {"q": "登记受理"}).json()["results"]

    assert "新的名字" in [hit["title"] for hit in hits]


def test_term_comes_changes_and_goes(indexed):
    def terms(text):
        return len([row for row in match(parse(text, Lexicon())).rows if row.kind == "term"])

    term = Term.objects.create(slug="new", term="绿色通道", pinyin="lǜ sè tōng dào", english="", definition="紧急时先办。")
    _reference_changed()
    assert terms("绿色通道") == 1

    Term.objects.filter(pk=term.pk).update(definition="紧急时先办后补。")
    _reference_changed()
    assert terms("后补") == terms("绿色通道") == 1

    term.delete()
    _reference_changed()
    assert terms("绿色通道") == 0
    assert terms("首问负责制") == 1


def _reference_changed():
    Outbox.objects.create(page_pk=None)
    outbox.drain()


# ---- phrases and places


@pytest.mark.parametrize(
    ("phrase", "is_there"),
    [("登记受理", True), ("投诉即登记", True), ("受理登记", False), ("登记投诉", False), ("答复首问", False)],
)
def test_phrase_is_found_as_it_stands_and_not_otherwise(indexed, section, phrase, is_there):
    assert (section.pk in found(f"“{phrase}”")) is is_there


@pytest.mark.parametrize(
    "text",
    [
        "接到投诉即登记受理",
        "接到投訴即登記受理，３．５節。",
        "ＫＹＣ與客戶盡職調查 2026年11月",
        "𠮷野家⻋票㈱ﬁne①½",
    ],
)
@pytest.mark.parametrize("cut", [words.dictionary_words, words.pairs])
def test_places_of_words_are_true(text, cut):
    for word in cut(text):
        assert words.normalise(text[word.start : word.end]) == word.text


def test_matched_words_are_marked_in_the_text_as_it_is_written(indexed, client):
    rewrite(indexed, "导语：这一节讲怎样接住投诉", "导语：這一節講怎樣接住投訴，Ｋ Y C")
    outbox.drain()

    passages = [hit["passage"] for hit in client.get("/api/search/", {"q": "接住投诉"}).json()["results"]]

    assert any("<mark>投訴</mark>" in passage for passage in passages)


# ---- faults of the disk


NOT_READ = ("compiled-for", "reference", "MAIN_WRITELOCK")


def spoil(path, how):
    whole = path.read_bytes()
    texts = {"emptied": b"", "halved": whole[: len(whole) // 2], "garbage": bytes(range(1, 256)) * (len(whole) // 255 + 1)}
    path.unlink()  # a file that is mapped must not shrink
    if how in texts:
        path.write_bytes(texts[how])


@pytest.mark.parametrize("how", ["emptied", "halved", "garbage", "gone"])
def test_any_spoilt_file_is_found_out(indexed, tmp_path, how):
    whole, directory = found("登记受理"), generations.current()
    shutil.copytree(directory, tmp_path / "whole")
    for name in sorted(path.name for path in directory.iterdir() if path.name not in NOT_READ):
        index.let_go()
        shutil.rmtree(directory)
        shutil.copytree(tmp_path / "whole", directory)
        assert index.is_sound(to_the_end=True)
        spoil(directory / name, how)

        assert not index.is_sound(to_the_end=True), name

    index.mark_broken("as the worker does at its start")
    outbox.drain()

    assert found("登记受理") == whole


@pytest.mark.parametrize("how", ["emptied", "halved", "garbage", "gone"])
def test_query_that_meets_a_spoilt_file_says_so_or_is_right(indexed, client, tmp_path, how):
    directory = generations.current()
    shutil.copytree(directory, tmp_path / "whole")
    for name in sorted(path.name for path in directory.iterdir() if path.name not in NOT_READ):
        index.let_go()
        shutil.rmtree(directory)
        shutil.copytree(tmp_path / "whole", directory)
        spoil(directory / name, how)

        assert "complaints" in shown(client, "登记受理"), name


def test_lexicon_that_cannot_be_read_is_built_anew(indexed, client):
    (generations.current() / "lexicon.trie").write_text("{")
    index.let_go()
    shown(client, "登记受理")

    outbox.drain()

    assert index.lexicon().dictionary


def test_missing_index_is_answered_from_the_database_and_built(indexed, client, settings):
    shutil.rmtree(settings.INDEX_DIR)

    assert "complaints" in shown(client, "登记受理")

    outbox.drain()

    assert found("登记受理")


def test_index_of_another_format_is_never_read(indexed, section):
    (generations.current() / "format").write_text("0 made by something else")
    index.let_go()
    with pytest.raises(index.IndexUnavailable):
        found("登记受理")

    outbox.drain()

    assert section.pk in found("登记受理")


# ---- locks and descriptors


def test_search_and_publish_wait_for_no_writer(indexed, client):
    with generations.writing_lock(), generations.building_lock():
        rewrite(indexed, "抱怨", "不满")

        assert "complaints" in shown(client, "登记受理")
        assert Outbox.objects.exists()


def test_commit_that_fails_lets_the_next_one_in(indexed, section, monkeypatch):
    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("whoosh.writing.SegmentWriter._commit_toc", refuse)
        with pytest.raises(OSError, match="No space"):
            writing.refresh([section.pk])

    writing.refresh([section.pk])

    assert found("登记受理").count(section.pk) == 1


def test_open_files_do_not_grow_with_commits(indexed, section):
    def descriptors_after_a_commit():
        writing.refresh([section.pk])
        if generations.is_outgrown():  # as the worker does
            outbox.rebuild()
        found("登记受理")
        return len(os.listdir("/proc/self/fd"))

    before = [descriptors_after_a_commit() for _ in range(20)]
    after = [descriptors_after_a_commit() for _ in range(60)]

    assert max(after) <= max(before)


def test_commits_merge_parts_when_no_new_generation_comes(indexed, section):
    for _ in range(writing.MERGED_FROM + 5):
        writing.refresh([section.pk])

    assert len(list(generations.current().glob("*.trm"))) < writing.MERGED_FROM


def test_searcher_that_is_replaced_stays_open_for_who_reads_with_it(indexed, section):
    with index.reading() as old:
        writing.refresh([section.pk])
        with index.reading() as new:
            assert new is not old
        assert old.of_word("登记")
    with index.reading() as newest:
        assert newest is new


def test_index_is_closed_to_other_users(indexed, settings):
    settings.INDEX_DIR.chmod(0o755)

    generations.index_dir()

    assert settings.INDEX_DIR.stat().st_mode & 0o777 == 0o700


def test_no_file_of_the_index_is_a_compound_of_others(indexed, section):
    writing.refresh([section.pk])

    assert not list(generations.current().glob("*.seg"))


# ---- generations, dictionary and lexicon


def test_change_during_a_rebuild_is_in_the_new_generation(indexed, section, monkeypatch):
    read = writing._everything

    def change_meanwhile():
        yield from list(read())
        rewrite(indexed, "抱怨", "不满")
        outbox.drain()

    monkeypatch.setattr(writing, "_everything", change_meanwhile)
    before = generations.current()
    outbox.rebuild()

    assert generations.current() != before
    assert section.pk in found("不满")
    assert section.pk not in found("抱怨")


def test_rebuild_that_fails_leaves_the_old_index_and_nothing_else(indexed, section, monkeypatch, settings):
    def fail():
        raise OSError(28, "No space left on device")
        yield

    monkeypatch.setattr(writing, "_everything", fail)
    with pytest.raises(OSError, match="No space"):
        outbox.rebuild()

    assert section.pk in found("登记受理")
    assert [path for path in settings.INDEX_DIR.iterdir() if path.is_dir()] == [generations.current()]


def test_new_synonym_counts_without_indexing_anew(indexed, client):
    before = generations.current()
    write_guide(indexed, {"synonyms.yml": "- words: [登记受理, 立案]\n"})
    load(indexed)
    outbox.drain()

    assert "complaints" in shown(client, "立案")
    assert generations.current() == before


def test_generation_whose_dictionary_is_outgrown_is_rebuilt_with_the_new_one(indexed):
    kept = index.lexicon().dictionary
    write_guide(indexed, {"synonyms.yml": "- words: [工装, 行服制式]\n"})
    load(indexed)
    outbox.drain()

    assert index.lexicon().dictionary == kept
    assert generations.is_outgrown()

    call_command("rebuild_index")

    assert "行服制式" in index.lexicon().dictionary
    assert not generations.is_outgrown()


def test_many_changes_end_in_a_new_generation_of_one_part(indexed, section):
    for _ in range(writing.MOST_SEGMENTS + 1):
        writing.refresh([section.pk])
    assert generations.is_outgrown()

    call_command("rebuild_index")

    assert len(list(generations.current().glob("*.trm"))) == 1
    assert found("登记受理").count(section.pk) == 1


def test_bell_wakes_the_worker_and_hinders_nobody_without_one(settings):
    bell.ring()
    listening = bell.Bell()
    bell.ring()

    listening.wait(60)
    listening.close()

    assert Path(settings.INDEX_DIR / "bell").is_fifo()
