import pytest

from guide.pages.models import Page
from guide.publishing import arranging, drafting, impact, workflow
from guide.publishing.audit import Actor
from guide.publishing.faults import SourceError
from guide.publishing.models import Document
from tests.factories import COMPLAINTS, GLOSSARY, LISTENING

INSTEAD = {"listening": "hearing", "listening#listen-first": "hearing#listen-first"}


@pytest.fixture
def by(guide, editor):
    return Actor(editor, "test")


def page(slug):
    return Page.objects.get(slug=slug)


def shown(target, text):
    return {group.title: [touched.label for touched in group.touched] for group in impact.impact_of(target, text)}


def test_impact_names_all_that_points_to_a_page(by):
    assert shown(page("complaints"), COMPLAINTS.replace("推诿。", "推诿客户。")) == {
        "案例": ["请您周一再来"], "引用": ["1.2 倾听"], "依据的条款": ["投诉处理管理办法"],
        "用到的术语": ["客户尽职调查", "首问负责制"],
        "用到的标准用语与本行信息": ["〔本行填写：投诉电话〕", "本产品不是存款。"],
    }  # fmt: skip
    assert impact.broken_by(page("complaints"), COMPLAINTS.replace("推诿。", "推诿客户。")) == []


def test_impact_marks_what_would_break(by):
    text = COMPLAINTS.replace("#register ", "#note-down ")
    groups = impact.impact_of(page("complaints"), text)
    broken = {touched.label for group in groups for touched in group.touched if touched.is_broken}

    assert broken == {"请您周一再来", "1.2 倾听"}
    assert {fault.code for fault in impact.broken_by(page("complaints"), text)} == {"unknown-principle"}


def test_impact_of_a_document_names_the_pages_that_use_what_changes(by):
    glossary = Document.objects.get(name="glossary.yml")

    assert shown(glossary, GLOSSARY.replace("了解客户。", "认识客户。")) == {"用到所改条目的页面": ["1.1 客户投诉处理"]}


@pytest.mark.parametrize(
    ("name", "old", "new", "details"),
    [
        ("glossary.yml", GLOSSARY.splitlines()[1] + "\n", "", [("术语“客户尽职调查”（要删去）", True)]),
        (
            "glossary.yml",
            GLOSSARY.splitlines()[0] + "\n",
            "",
            [("术语“首问负责制”（要删去）", False)],
        ),  # unmarked
        ("standard-phrases.yml", "不是存款", "非存款", [("标准用语“not-deposit”", False)]),
        ("standard-phrases.yml", "not-deposit", "no-deposit", [("标准用语“not-deposit”（要删去）", True)]),
        ("sources.yml", "in_force", "superseded", [("依据《投诉处理管理办法》第20条", False)]),
        ("sources.yml", "id: f1", "id: f9", [("依据《投诉处理管理办法》第20条（要删去）", True)]),
        ("guide.yml", 'value: ""', 'value: "95500"', [("本行信息“投诉电话”", False)]),
        ("guide.yml", "complaint-phone", "phone", [("本行信息“投诉电话”（要删去）", True)]),
        ("guide.yml", ", lobby: 大堂", "", [("岗位“大堂”（要删去）", True)]),
    ],
)
def test_impact_names_each_entry_that_changes_or_goes(by, name, old, new, details):
    document = Document.objects.get(name=name)
    (group,) = impact.impact_of(document, document.text.replace(old, new))

    assert [(one.label, one.detail, one.is_broken) for one in group.touched] == [("1.1 客户投诉处理", *row) for row in details]


def test_impact_of_a_withdrawal_lists_every_link_that_would_break(by):
    found = impact.broken_by(page("listening"), None)

    assert {fault.path for fault in found} == {"01-talk/01-complaints.md", "02-practice/01-cases/come-back.md"}


def test_links_are_turned_to_a_replacement_and_then_the_page_may_go(by, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    text = LISTENING.replace("id: listening", "id: hearing").replace("title: 倾听", "title: 听")
    workflow.publish_alone(drafting.propose_page(page("talk"), text, by), by)

    arranging.withdraw([page("listening")], by, "并入", INSTEAD)
    assert not page("listening").is_published
    assert "[[hearing|倾听]]" in page("complaints").text
    assert "hearing#listen-first" in page("come-back").text


def test_link_without_a_counterpart_still_refuses_the_withdrawal(by, settings):
    settings.SINGLE_PERSON_PUBLISHING = True

    with pytest.raises(SourceError, match="listening#listen-first"):
        arranging.withdraw([page("listening")], by, "", {"listening": "cases"})
    assert page("listening").is_published
    assert "[[listening|倾听]]" in page("complaints").text


def test_another_app_adds_what_it_knows(by, monkeypatch):
    monkeypatch.setattr(impact, "_finders", {})
    impact.register("课程", lambda change: [impact.Touched(f"课程讲到 {change.target.slug}")])

    assert shown(page("talk"), None) == {"课程": ["课程讲到 talk"]}
