"""Files and admin edited at random, loaded and exported in any order: nothing that anybody wrote is lost."""

import shutil
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guide.pages import tree
from guide.pages.models import GuideVersion, Page, Revision
from guide.publishing import drafting, settling, workflow
from guide.publishing.audit import Actor
from guide.publishing.conflicts import open_conflicts
from guide.publishing.exporting import ExportRefused, export
from guide.publishing.faults import SourceError
from guide.publishing.loading import load
from guide.publishing.merging import merge_text
from guide.publishing.models import Document
from tests.factories import FILES, write_guide
from tests.publishing.test_loading import state
from tests.publishing.test_workflow import history_is_whole

TARGETS = {"listening": "01-talk/02-listening.md", "complaints": "01-talk/01-complaints.md", "talk": "01-talk/index.md"}
GLOSSARY = "glossary.yml"
IN_DATABASE = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def written(text, place, word, *, is_new):
    """`text` with `word` behind one of its paragraphs, or as a paragraph of its own after it."""
    head, body = text[: text.rindex("---\n") + 4], text[text.rindex("---\n") + 4 :]
    pieces = body.split("\n\n")
    prose = [at for at, piece in enumerate(pieces) if piece.startswith(("导语", "**", "词"))]
    at = prose[place % len(prose)]
    piece = pieces[at].rstrip("\n")
    end = pieces[at][len(piece) :]
    pieces[at] = f"{piece}\n\n{word}{end}" if is_new else f"{piece}{word}{end}"
    return head + "\n\n".join(pieces)


class Site:
    """A loaded guide and its folder, with every word that somebody has written so far."""

    def __init__(self, folder, user):
        self.folder, self.by, self.words, self.numbers = write_guide(folder), Actor(user, "test"), [], count(1)
        load(folder)

    def word(self):
        self.words.append(f"词{next(self.numbers)}。")
        return self.words[-1]

    def path(self, slug):
        return self.folder / (Page.objects.get(slug=slug).file_path if slug != GLOSSARY else GLOSSARY)

    def text_after(self, slug, text, place, *, is_new):
        if slug == GLOSSARY:
            number = len(self.words) + 1
            return f"{text}- {{id: t{number}, term: 术语{number}, definition: {self.word()}}}\n"
        return written(text, place, self.word(), is_new=is_new)

    def edit_file(self, slug, place, is_new):
        path = self.path(slug)
        path.write_text(self.text_after(slug, path.read_text(), place, is_new=is_new))

    def edit_admin(self, slug, place, is_new):
        target = Document.objects.get(name=slug) if slug == GLOSSARY else Page.objects.get(slug=slug)
        draft = drafting.open_draft(target, self.by)
        text = self.text_after(slug, draft.text, place, is_new=is_new)
        workflow.publish_alone(drafting.save_draft(draft, text, self.by), self.by)

    def load(self, *_):
        planned = load(self.folder, plan_only=True)
        assert load(self.folder).changes == planned.changes

    def export(self, *_):
        with suppress(ExportRefused):  # a file that changed since is not written over
            export(self.folder, into=True)

    def export_and_load(self, *_):
        """Go on in a new folder. Each page remembers one text on which it agreed with its file: one folder at a time."""
        self.load()
        if not open_conflicts():
            out = Path(tempfile.mkdtemp()) / "out"
            export(out)
            version = GuideVersion.current()
            load(out)
            assert GuideVersion.current() == version
            self.folder = out

    def settle(self, *_):
        for conflict in open_conflicts():
            marked = merge_text(bool(conflict.document), conflict.base_text, conflict.live_text, conflict.file_text).marked
            lines = [line for line in marked.split("\n") if not line.startswith(("<<<<<<<", "=======", ">>>>>>>"))]
            settling.settle(conflict, "\n".join(dict.fromkeys(lines)) if conflict.document else "\n".join(lines), self.by)

    def is_said(self, word, folder):
        texts = [*Page.objects.values_list("text", flat=True), *Document.objects.values_list("text", flat=True)]
        texts += [text for row in open_conflicts() for text in (row.live_text, row.file_text)]
        texts += [path.read_text() for path in folder.rglob("*") if path.is_file()]
        return any(word in text for text in texts)


DETAILS = st.sampled_from([*TARGETS, GLOSSARY]), st.integers(0, 3), st.booleans()
ACTS = st.tuples(
    st.sampled_from(
        ["edit_file", "edit_file", "edit_admin", "edit_admin", "load", "load", "export", "export_and_load", "settle"]
    ),
    *DETAILS,
)


@IN_DATABASE
@given(acts=st.lists(ACTS, min_size=2, max_size=8))
def test_no_word_is_lost_whatever_is_done_in_whatever_order(db, editor, settings, acts):
    settings.SINGLE_PERSON_PUBLISHING = True
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        site = Site(Path(folder) / "content", editor)
        for act, *details in acts:
            getattr(site, act)(*details)

            assert all(site.is_said(word, site.folder) for word in site.words)
            assert history_is_whole()
            assert tree.check() == []
        site.load()
        before = GuideVersion.current()
        site.load()
        assert GuideVersion.current() == before
        transaction.set_rollback(True)


class TwoFolders(Site):
    """A second folder beside the first: a copy that somebody else goes on with, and loads when they like."""

    def __init__(self, folder, user):
        super().__init__(folder / "first", user)
        self.folders = [self.folder, folder / "second"]
        shutil.copytree(*self.folders)

    def other(self, *_):
        self.folders.reverse()
        self.folder = self.folders[0]

    def path(self, slug):
        return self.folder / TARGETS.get(slug, slug)

    def live_words(self):
        texts = [*Page.objects.values_list("text", flat=True), *Document.objects.values_list("text", flat=True)]
        texts += [row.file_text for row in open_conflicts()]
        return {word for word in self.words if any(word in text for text in texts)}

    def load(self, *_):
        """What readers see, or what waits for a person, is never less than it was; what the folder says is now in it."""
        before = self.live_words()
        super().load()
        told = "".join(path.read_text() for path in self.folder.rglob("*") if path.is_file())
        assert self.live_words() >= before | {word for word in self.words if word in told}
        version = GuideVersion.current()
        super().load()
        assert GuideVersion.current() == version


TWO = st.sampled_from(["edit_file", "edit_file", "edit_admin", "load", "load", "export", "other", "other", "settle"])


@IN_DATABASE
@given(acts=st.lists(st.tuples(TWO, *DETAILS), min_size=4, max_size=12))
def test_no_word_is_lost_between_two_folders_loaded_in_turn(db, editor, settings, acts):
    settings.SINGLE_PERSON_PUBLISHING = True
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        site = TwoFolders(Path(folder), editor)
        for act, *details in acts:
            getattr(site, act)(*details)
            assert all(site.is_said(word, site.folders[0]) or site.is_said(word, site.folders[1]) for word in site.words)
        for _ in range(2):
            site.load()
            site.settle()
            site.other()
        assert site.live_words() == set(site.words)
        assert history_is_whole()
        assert tree.check() == []
        transaction.set_rollback(True)


CHARACTERS = list("---:[]{}|#\"'\\\n\r\t\0&*!%@`>~=,. 甲a1\ufeff\u2028\ud7ff")
NASTY = st.text(st.sampled_from(CHARACTERS), max_size=12) | st.sampled_from(["[[", "]]", "{#a .principle", "\n## ", "\n| "])
MUTATIONS = st.tuples(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.floats(0, 1), NASTY)


def mutated(text, start, length, put):
    at = int(start * len(text))
    return text[:at] + put + text[at + int(length * length * 40) :]


@settings(IN_DATABASE, max_examples=60)
@given(mutations=st.lists(MUTATIONS, min_size=1, max_size=3))
def test_spoilt_files_are_loaded_or_refused_with_nothing_changed(guide, mutations):
    before = state()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        files = dict(FILES)
        for name, start, length, put in mutations:
            files[name] = mutated(files[name], start, length, put)
        write_guide(Path(folder), files)
        try:
            load(Path(folder), allow_removals=True)
            refused = None
        except SourceError as error:
            refused = error
        if refused:
            assert "改法" in str(refused)
            assert state() == before
        assert history_is_whole()
        assert Revision.objects.count() >= len(FILES)
        transaction.set_rollback(True)


@settings(IN_DATABASE, max_examples=30)
@given(name=st.sampled_from(sorted(FILES)), data=st.binary(max_size=200), at=st.floats(0, 1))
def test_files_that_are_no_text_are_refused(guide, name, data, at):
    before = state()
    content = FILES[name].encode()
    spoilt = content[: int(at * len(content))] + data + content[int(at * len(content)) :]
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        (write_guide(Path(folder)) / name).write_bytes(spoilt)
        try:
            load(Path(folder))
        except SourceError:
            assert state() == before
        transaction.set_rollback(True)
