"""The house's arrows and measures, kept true."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for path in (ROOT / "guide").rglob("*.py") if "migrations" not in path.parts)
IN_APPS = [path for path in MODULES if path.parent != ROOT / "guide"]
APPS = {
    "accounts": set(),
    "reference": set(),
    "mail": set(),
    "pages": {"reference"},
    "publishing": {"mail", "pages", "reference"},
    "search": {"pages", "reference"},
    "feedback": {"mail", "pages"},
    "board": {"publishing", "search", "feedback", "pages"},
}
ABOVE_ALL = {"settings", "urls", "wsgi", "worker", "health", "serving"}
PURE = {
    "guide/pages/rendering.py", "guide/pages/extension.py", "guide/pages/policy.py", "guide/pages/syntax.py",
    "guide/pages/masking.py", "guide/pages/paragraphs.py", "guide/pages/spreadsheet.py",
    "guide/publishing/source.py",
    "guide/publishing/frontmatter.py", "guide/publishing/documents.py", "guide/publishing/checking.py",
    "guide/publishing/faults.py", "guide/publishing/merging.py", "guide/publishing/differences.py",
    "guide/publishing/rewriting.py", "guide/publishing/skeletons.py",
    "guide/search/words.py", "guide/search/segmenter.py", "guide/search/queries.py",
    "guide/search/lexicon.py", "guide/search/ranking.py", "guide/search/impacts.py", "guide/search/slips.py",
    "guide/search/understanding.py", "guide/search/shapes.py", "guide/publishing/synonyms.py",
    "guide/search/facets.py", "guide/search/readings.py",
}  # fmt: skip
FENCED = {
    "mptt": {"guide/pages/models.py", "guide/publishing/admin_pages.py"},
    "marisa_trie": {"guide/search/lexicon.py", "guide/search/segmenter.py"},
    "whoosh": {"guide/search/index.py", "guide/search/writing.py", "guide/search/postings.py", "guide/search/schema.py"},
    "rjieba": {"guide/publishing/differences.py"},
    "jieba": set(),
    "opencc": {"guide/search/words.py"},
    "pypinyin": {"guide/search/compiler.py"},
    "nh3": {"guide/pages/rendering.py"},
    "mark_safe": {"guide/pages/rendering.py", "guide/search/passages.py"},
    "brotli": {"guide/pages/kept.py"},
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> set[str]:
    """Every dotted name that `path` imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _app(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if parts[0] == "guide" and len(parts) > 1 else ""


@pytest.mark.parametrize("path", IN_APPS, ids=_name)
def test_imports_follow_the_arrows(path):
    here = path.relative_to(ROOT / "guide").parts
    wrong = {name for name in _imports(path) if _app(name) and _app(name) not in {here[0]} | APPS[here[0]]}

    assert not wrong


@pytest.mark.parametrize("path", IN_APPS, ids=_name)
def test_no_app_imports_what_sees_all_apps(path):
    assert not {name for name in _imports(path) if _app(name) in ABOVE_ALL}


@pytest.mark.parametrize("name", sorted(PURE))
def test_pure_modules_import_only_pure_modules(name):
    pure = {path.removesuffix(".py").replace("/", ".") for path in PURE} | {"guide.pages", "guide.publishing", "guide.search"}
    ours = {found for found in _imports(ROOT / name) if found.startswith("guide.")}
    wrong = {found for found in ours if found not in pure and found.rpartition(".")[0] not in pure}

    assert not wrong
    assert not {found for found in _imports(ROOT / name) if found.startswith("django.db")}


@pytest.mark.parametrize("path", MODULES, ids=_name)
@pytest.mark.parametrize("word", sorted(FENCED))
def test_libraries_stay_in_their_rooms(path, word):
    used = any(word in found.split(".") for found in _imports(path))

    assert not used or _name(path) in FENCED[word]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_open_with_a_sentence_and_stay_short(path):
    text = path.read_text(encoding="utf-8")

    assert text.count("\n") <= 300
    assert not text.strip() or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_functions_stay_short(path):
    functions = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]

    assert not [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 25]


def test_no_room_without_a_noun():
    assert not [path for path in MODULES if path.stem in {"utils", "helpers", "common", "core", "services"}]
