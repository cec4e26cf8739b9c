"""Judging only what changes finds what judging the whole guide anew would find."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guide.pages.models import Page, Picture
from guide.publishing import judging
from guide.publishing.models import Document
from guide.publishing.source import examine
from tests.factories import CASE, COMPLAINTS, GLOSSARY, GUIDE, LISTENING, SOURCES

PAGES = {"complaints": COMPLAINTS, "listening": LISTENING, "come-back": CASE}
DOCUMENTS = {"glossary.yml": GLOSSARY, "sources.yml": SOURCES, "guide.yml": GUIDE}
PIECES = [
    "#register ", "#no-refusal ", "#listen-first ", "[[listening|倾听]]", "[[complaints#register]]", "[[term:kyc]]",
    "[@rule-2020#f1]", ", case: come-back", "complaints#register", "listening#listen-first", "id: kyc", "confirmed: quoted",
    "counter: 柜面", "complaint-phone:", "id: f1", "level=must basis=law",
]  # fmt: skip
WITH = ["", "#other ", "[[nope]]", "x: y, ", "[[cases]]", 'applies="complaints#register" ', "counter2: 柜员"]
CHANGES = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(WITH)), max_size=3)


def changed(text, changes):
    for old, new in changes:
        text = text.replace(old, new)
    return text


def whole(sources, texts, gone):
    """Every fault of the guide as it would be, all of it read anew."""
    stored = [judging.stored_source(page) for page in Page.objects.published().exclude(slug__in={*sources, *gone})]
    every = [*stored, *sources.values()]
    documents = dict(Document.objects.values_list("name", "text")) | texts
    records, faults = judging.read_documents(documents)
    universe = judging.universe_of(every, records, Picture.objects.values_list("name", flat=True))
    return sorted(set(faults + judging.cross_faults(every, records, universe)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pages=st.dictionaries(st.sampled_from(sorted(PAGES)), CHANGES, max_size=2),
    documents=st.dictionaries(st.sampled_from(sorted(DOCUMENTS)), CHANGES, max_size=1),
    gone=st.sets(st.sampled_from(["come-back", "listening", "cases"]), max_size=1),
)
def test_faults_of_a_change_are_those_of_the_whole_guide(guide, pages, documents, gone):
    sources = {}
    for slug, changes in pages.items():
        source, faults = examine(changed(PAGES[slug], changes), Page.objects.get(slug=slug).file_path, "section")
        if source and not faults and source.id == slug:
            sources[slug] = source
    texts = {name: changed(DOCUMENTS[name], changes) for name, changes in documents.items()}
    gone -= set(sources)

    assert sorted(set(judging.check_batch(list(sources.values()), texts, gone)[1])) == whole(sources, texts, gone)
