"""The guide's scripts: one file a behaviour in static/js, served to readers as one file, so that a page asks once."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

BUNDLE = "js/guide.js"


class ScriptFinder(BaseFinder):
    """A finder of static files that finds one: the scripts named in settings.SCRIPTS, one after another."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != BUNDLE:
            return []
        found = str(_bundle(settings.DATA_DIR / "bundle") / BUNDLE)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        yield BUNDLE, FileSystemStorage(location=_bundle(settings.DATA_DIR / "bundle"))


def _bundle(folder: Path) -> Path:
    """Write the scripts into one file below `folder`; returns `folder`. Each is a block of its own, so no names meet."""
    sources = [settings.BASE_DIR / "static" / "js" / f"{name}.js" for name in settings.SCRIPTS]
    target = folder / BUNDLE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(path.read_text(encoding="utf-8") for path in sources), encoding="utf-8")
    return folder
