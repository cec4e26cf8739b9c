import pytest

from guide.pages.models import Revision
from guide.publishing.models import Document, Draft
from guide.reference.models import LocalValue, Source, StandardPhrase, SynonymGroup, Term
from tests.factories import GLOSSARY, GUIDE, SOURCES
from tests.publishing.admin_forms import url_of

TERM = {"id": "kyc", "term": "客户尽职调查", "pinyin": "kè hù", "english": "CDD", "aliases": "KYC"}


@pytest.fixture
def desk(client, guide, editor):
    client.force_login(editor)
    return client


def draft_of(name):
    return Draft.objects.get(document=name).text


def test_term_form_rewrites_only_its_entry(desk):
    desk.post(url_of(Term.objects.get(slug="kyc")), {**TERM, "definition": "认识客户。", "_keep": ""})

    assert draft_of("glossary.yml") == GLOSSARY.replace("了解客户。", "认识客户。")
    assert Document.objects.get(name="glossary.yml").text == GLOSSARY


def test_term_goes_to_review(desk):
    said = {**TERM, "definition": "认识客户。", "reason": "说得准", "_submit": ""}
    desk.post(url_of(Term.objects.get(slug="kyc")), said)
    revision = Revision.objects.in_review().get()

    assert (revision.document, revision.reason) == ("glossary.yml", "说得准")
    assert Term.objects.get(slug="kyc").definition == "了解客户。"


def test_new_term_is_published_where_one_person_may(desk, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    said = {
        "id": "queue",
        "term": "叫号",
        "definition": "按号办理。",
        "aliases": "取号、排号",
        "reason": "新词",
        "_publish": "",
    }
    desk.post("/admin/reference/term/add/", said)

    assert Term.objects.get(slug="queue").aliases == ["取号", "排号"]


def test_term_in_use_is_not_removed(desk):
    out = desk.post(url_of(Term.objects.get(slug="kyc")), {**TERM, "definition": "了解客户。", "_remove": ""}, follow=True)

    assert "术语“kyc”不存在" in out.content.decode()
    assert Term.objects.filter(slug="kyc").exists()


def test_source_keeps_its_facts_and_their_quotes(desk):
    source = Source.objects.get()
    shown = desk.get(url_of(source)).context
    said = {name: shown["form"][name].value() or "" for name in shown["form"].fields}
    rows = {
        f"provisions-{place}-{name}": form[name].value() or ""
        for place, form in enumerate(shown["rows"])
        for name in form.fields
    }
    management = {"provisions-TOTAL_FORMS": 3, "provisions-INITIAL_FORMS": 2}
    desk.post(url_of(source), {**said, **rows, **management, "title": "新名称", "provisions-1-text": "核过的事实", "_keep": ""})

    expected = SOURCES.replace("投诉处理管理办法", "新名称").replace("未核的事实", "核过的事实")
    assert draft_of("sources.yml") == expected


def test_synonyms_and_phrases_and_local_values_have_forms(desk):
    desk.post(url_of(SynonymGroup.objects.get()), {"words": "工装、制服、行服", "_keep": ""})
    desk.post(url_of(StandardPhrase.objects.get()), {"id": "not-deposit", "text": "这不是存款。", "_keep": ""})
    desk.post(url_of(LocalValue.objects.get(slug="complaint-phone")), {"value": "95500", "_keep": ""})

    assert draft_of("synonyms.yml") == "- words: [工装, 制服, 行服]\n"
    assert draft_of("standard-phrases.yml") == "- {id: not-deposit, text: 这不是存款。}\n"
    assert draft_of("guide.yml") == GUIDE.replace('电话, value: ""', '电话, value: "95500"')


def test_one_word_is_no_group(desk):
    out = desk.post(url_of(SynonymGroup.objects.get()), {"words": "工装", "_keep": ""}).content.decode()

    assert "至少写两个词" in out
    assert not Draft.objects.exists()


def test_new_group_begins_with_the_word_that_was_missed(desk):
    assert "填单台" in desk.get("/admin/reference/synonymgroup/add/", {"words": "填单台"}).content.decode()


def test_reviewer_changes_no_entry(client, guide, reviewer):
    client.force_login(reviewer)
    client.post(url_of(Term.objects.get(slug="kyc")), {**TERM, "definition": "改", "_keep": ""})

    assert not Draft.objects.exists()
