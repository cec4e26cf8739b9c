import pytest

from guide.pages.models import Page
from guide.search import index, matching
from guide.search.matching import match
from guide.search.queries import parse


def scores(text, slug):
    """What the section `slug` holds of each thing asked for in `text`."""
    pk = Page.objects.get(slug=slug).pk
    rows = match(parse(text, index.lexicon())).rows
    return next((row.scores for row in rows if (row.kind, row.pk) == ("section", pk)), {})


@pytest.mark.parametrize("most_read", [4000, 0])
@pytest.mark.parametrize("text", ["受理 投诉", "受理 tousu"])
def test_frequent_word_counts_where_the_rare_one_was_found(indexed, monkeypatch, most_read, text):
    monkeypatch.setattr(matching, "MOST_POSTINGS", 0)
    monkeypatch.setattr(matching, "MOST_READ", most_read)

    assert set(scores(text, "complaints")) == {0, 1}


def test_section_is_looked_at_for_frequent_words_too(indexed, monkeypatch):
    monkeypatch.setattr(matching, "MOST_POSTINGS", 0)

    assert scores("插话 投诉", "complaints")
