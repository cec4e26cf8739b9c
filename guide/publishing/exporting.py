"""The live guide to files, byte for byte: pages, documents and pictures, into a new folder or one that knows them."""

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from guide.pages import tree
from guide.pages.models import Page, Picture
from guide.publishing import audit, layout, lineage, rows
from guide.publishing.audit import Act, Actor
from guide.publishing.conflicts import open_conflicts
from guide.publishing.models import Document
from guide.publishing.proposing import last_proposed

COMMAND = Actor(where="export_content")


class ExportRefused(Exception):
    """The folder holds what exporting would overwrite; the words name the files and the remedy."""


@dataclass
class _Guide:
    """What is to be written: by path below the folder, and what the site last knew to stand at paths."""

    texts: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Path] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)  # path -> texts that may be overwritten there
    pages: dict[int, tuple[str, str]] = field(default_factory=dict)  # pk -> (text, path)
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> (text, path)
    asked: dict[str, set[str]] = field(default_factory=dict)  # path -> texts of files that wait for a person
    left: set[str] = field(default_factory=set)  # paths whose file says such a text, and stays as it is


@dataclass
class Exported:
    """What an export came to, by path below the folder."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    left: list[str] = field(default_factory=list)  # files whose text waits for a person: in conflict, or in review


def export(directory: Path, *, into: bool = False, by: Actor = COMMAND) -> Exported:
    """Write the live guide as files below `directory`, which must be new or empty.

    With `into` it may be a folder that was loaded: only files of pages that the site knows are touched, and none that
    has changed since. Raises ExportRefused, with nothing written.
    """
    with transaction.atomic():
        tree.lock_tree()
        guide = _read()
        done = _write_into(directory, guide) if into else _write_new(directory, guide)
        if into:
            _note_agreement(guide)
            lineage.note(directory)
        audit.note(by, Act.EXPORTED, detail=f"{directory}：写出 {len(done.written)}，移去 {len(done.removed)}")
    return done


def _read() -> _Guide:
    guide = _Guide()
    pages = list(Page.objects.published().in_reading_order())
    paths = layout.lay_out(pages)
    for page in pages:
        guide.texts[paths[page.pk]] = page.text
        guide.pages[page.pk] = (page.text, paths[page.pk])
    places = {page.slug: paths[page.pk] for page in pages}
    for document in Document.objects.all():
        path = layout.document_path(document.name, places)
        guide.texts[path] = document.text
        guide.documents[document.name] = (document.text, path)
    guide.pictures = {row.name: Path(settings.PICTURES_DIR) / row.file for row in Picture.objects.all()}
    _know(guide)
    _ask(guide, {page.slug: paths[page.pk] for page in pages})
    return guide


def _ask(guide: _Guide, places: dict[str, str]) -> None:
    """What files say that is in conflict with the guide, or was proposed and is not live."""
    waiting = [(row.page.slug if row.page else row.document, row.file_text) for row in open_conflicts()]
    for name, text in [*waiting, *last_proposed().items()]:
        path = places.get(name) or layout.document_path(name, places)
        guide.asked.setdefault(path, set()).add(text)
    for page in Page.objects.exclude(file_path=""):
        guide.asked.setdefault(page.file_path, set()).update(guide.asked.get(places.get(page.slug, ""), set()))


def _know(guide: _Guide) -> None:
    for page in Page.objects.exclude(file_path=""):
        guide.known.setdefault(page.file_path, set()).update({page.file_text, page.text})
    for document in Document.everything.all():
        guide.known.setdefault(document.name, set()).update({document.file_text, document.text})
    for path, text in guide.texts.items():
        guide.known.setdefault(path, set()).add(text)


def _write_new(directory: Path, guide: _Guide) -> Exported:
    """Everything into a folder beside the wanted one, which then takes its name: whole, or not there."""
    if directory.exists() and any(directory.iterdir()):
        raise ExportRefused(f"{directory} 不是空的。换一个新文件夹，或加 --into 写回已载入过的文件夹。")
    directory.parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    done = Exported()
    for path, text in guide.texts.items():
        _replace(waiting / path, text.encode())
        done.written.append(path)
    for path, file in guide.pictures.items():
        _replace(waiting / path, file.read_bytes())
        done.written.append(path)
    waiting.chmod(0o755)
    waiting.replace(directory)
    return done


def _write_into(directory: Path, guide: _Guide) -> Exported:
    stale = [path for path in guide.known if path not in guide.texts and (directory / path).is_file()]
    there = [*stale, *(path for path in guide.texts if (directory / path).is_file())]
    guide.left = {path for path in there if _text_of(directory / path) in guide.asked.get(path, set())}
    _refuse_changed(directory, guide, [path for path in there if path not in guide.left])
    done = Exported(left=sorted(guide.left))
    contents = {path: text.encode() for path, text in guide.texts.items()}
    contents |= {path: file.read_bytes() for path, file in guide.pictures.items()}
    for path, content in contents.items():
        file = directory / path
        if path in guide.left:
            continue
        if file.is_file() and file.read_bytes() == content:
            done.unchanged += 1
        else:
            _replace(file, content)
            done.written.append(path)
    for path in (path for path in stale if path not in guide.left):
        (directory / path).unlink()
        _remove_empty((directory / path).parent, directory)
        done.removed.append(path)
    return done


def _refuse_changed(directory: Path, guide: _Guide, paths: list[str]) -> None:
    """A file that says neither what the site last knew of it nor what it is to say holds somebody's work."""
    changed = [path for path in paths if (directory / path).read_bytes() not in {text.encode() for text in guide.known[path]}]
    if changed:
        raise ExportRefused(f"这些文件改过，还没有载入：{'、'.join(sorted(changed))}。先运行 load_content。")


def _text_of(file: Path) -> str:
    return file.read_bytes().decode(errors="replace")


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole, or leave it as it was."""
    file.parent.mkdir(parents=True, exist_ok=True)
    waiting = file.with_name(f".{file.name}.{os.getpid()}")
    waiting.write_bytes(content)
    waiting.replace(file)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _note_agreement(guide: _Guide) -> None:
    """Files and guide say the same now; what is no longer part of the guide has no file."""
    pages = Page.objects.in_bulk([pk for pk, (_, path) in guide.pages.items() if path not in guide.left])
    for pk, page in pages.items():
        page.file_text, page.file_path = guide.pages[pk]
    Page.objects.bulk_update(pages.values(), ["file_text", "file_path"], batch_size=rows.BATCH)
    Page.objects.exclude(withdrawn_at=None).filter(is_proposed=False).update(file_text="", file_path="")
    for name, (text, path) in guide.documents.items():
        if path not in guide.left:
            Document.objects.filter(name=name).update(file_text=text)
