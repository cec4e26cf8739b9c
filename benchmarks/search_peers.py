"""What search is measured beside: SQLite FTS5 and tantivy, given the same words, cut by the same segmenter."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from benchmarks import corpus

FIRST = 10  # rows that are asked for, of everybody

Ask = Callable[[corpus.Question, str], object]


def peers(texts: list[corpus.Text]) -> dict[str, Ask]:
    from guide.search import words

    cut = [" ".join(word.text for word in words.dictionary_words(f"{text.title}\n{text.body}")) for text in texts]
    return {"SQLite FTS5": fts5(texts, cut), "tantivy": tantivy(texts, cut)}


def fts5(texts: list[corpus.Text], cut: list[str]) -> Ask:
    """Pre-cut words in an FTS5 table of one column, ranked by bm25."""
    path = Path(os.environ["DATA_DIR"]) / "fts5.sqlite3"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(words, tokenize=\"unicode61\", content='')")
    connection.executemany("INSERT INTO found(rowid, words) VALUES (?, ?)", enumerate(cut))
    connection.commit()
    sql = f"SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT {FIRST}"  # noqa: S608

    def ask(question: corpus.Question, kind: str) -> object:
        asked = _words_of(question, kind)
        rows = connection.execute(sql, [_joined(asked, kind, '"%s"')]).fetchall()
        return _shown([texts[number] for (number,) in rows], asked)

    return ask


def tantivy(texts: list[corpus.Text], cut: list[str]) -> Ask:
    """The same words in tantivy, on disk, ranked by its BM25."""
    index = tantivy_index(cut)
    searcher = index.searcher()

    def ask(question: corpus.Question, kind: str) -> object:
        asked = _words_of(question, kind)
        query = index.parse_query(_joined(asked, kind, '"%s"'), ["words"])
        found = searcher.search(query, FIRST, count=False).hits
        return _shown([texts[searcher.doc(address)["number"][0]] for _, address in found], asked)

    return ask


def tantivy_index(cut: list[str]):
    """An index of tantivy, in a folder of its own in DATA_DIR, of these texts by their numbers."""
    import tantivy as engine

    builder = engine.SchemaBuilder()
    builder.add_integer_field("number", stored=True)
    builder.add_text_field("words", tokenizer_name="whitespace")
    folder = Path(os.environ["DATA_DIR"]) / "tantivy"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    index = engine.Index(builder.build(), path=str(folder))
    writer = index.writer()
    for number, words in enumerate(cut):
        writer.add_document(engine.Document(number=number, words=words))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _words_of(question: corpus.Question, kind: str) -> list[str]:
    from guide.search import words

    return list(question.words) if kind in ("pinyin", "typo") else words.segments(question.text)


def _joined(asked: list[str], kind: str, quoted: str) -> str:
    if kind == "phrase":
        return quoted % " ".join(asked)
    return (" OR " if kind == "natural question" else " AND ").join(quoted % word for word in asked)


def _shown(found: list[corpus.Text], asked: list[str]) -> list[str]:
    from guide.search import passages

    return [passages.cut(f"{text.summary} {text.body}", tuple(asked)) for text in found]
