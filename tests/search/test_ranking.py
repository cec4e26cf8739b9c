from dataclasses import replace

from guide.search.ranking import Asked, Evidence, rank

ASKED = Asked(weights=(4.0, 2.0), lengths=(2, 2))
BOTH = {0: 1.0, 1: 1.0}


def found(kind, pk, scores, page_pk=0, **more):
    return Evidence(kind, pk, page_pk or pk, more.pop("size", 4), scores, **more)


def ranked(*documents, asked=ASKED, sections_of=None, parents=None):
    return [(row.kind, row.pk) for row in rank(documents, asked, sections_of or {}, parents or {})]


def test_section_that_holds_all_comes_before_one_that_holds_a_part():
    rows = ranked(found("section", 1, {0: 1.5}), found("section", 2, BOTH), asked=replace(ASKED, own=frozenset({0})))

    assert rows == [("section", 2), ("section", 1)]


def test_way_of_asking_leads_to_its_principle():
    rows = rank([found("asked", 7, BOTH, page_pk=1), found("principle", 8, BOTH, page_pk=1)], ASKED, {}, {})

    assert [(row.kind, row.pk, row.principle_pk) for row in rows] == [("section", 1, 7)]


def test_case_lends_evidence_to_the_section_of_its_principle():
    sections = [found("section", 1, BOTH), found("section", 2, BOTH)]

    rows = ranked(*sections, found("case", 9, BOTH), sections_of={9: [2]})

    assert rows.index(("section", 2)) < rows.index(("section", 1))


def test_problem_card_answers_for_the_section_it_lies_in():
    assert ("section", 5) in ranked(found("card", 9, BOTH), parents={9: 5})


def test_what_holds_too_little_is_left_out():
    assert ranked(found("section", 1, {1: 0.5})) == []


def test_what_holds_the_whole_question_as_typed_is_never_left_out():
    assert ranked(found("section", 1, {}, literal=0.1)) == [("section", 1)]


def test_word_of_the_guides_own_lowers_the_bar():
    weak = found("section", 1, {0: 0.8})

    assert (ranked(weak), ranked(weak, asked=replace(ASKED, own=frozenset({0})))) == ([], [("section", 1)])
