from guide.publishing.loading import load
from tests.factories import CASE, write_guide

URL = "/guide/practice/cases/come-back/"
CHOICES = """\
choices:
  - {text: 请他下周再来, outcome: 他没有再来。, principle: "complaints#register"}
  - {text: 当场道歉, outcome: 他坐下了。, principle: "complaints#no-refusal"}
---
## 情景
"""
FOLDED = "\n## 讨论题\n\n怎么办？\n\n## 参考要点\n\n先登记。\n"


def told(folder, client, text=CASE, **changes):
    load(write_guide(folder, {"02-practice/01-cases/come-back.md": text, **changes}))
    return client.get(URL).content.decode()


def test_situation_comes_first_then_the_choices_then_what_happened(guide, client):
    out = told(guide, client, CASE.replace("---\n## 情景\n", CHOICES))
    places = [out.index(words) for words in ("周五下午", "请他下周再来", '<div class="rest">', "当场登记。", "说明的原则")]

    assert places == sorted(places)


def test_choice_tells_its_outcome_and_principle_only_when_opened(guide, client):
    out = told(guide, client, CASE.replace("---\n## 情景\n", CHOICES))
    choice = out[out.index("<details><summary>当场道歉") :]
    choice = choice[: choice.index("</details>")]

    assert "他坐下了。" in choice
    assert '<a href="/guide/talk/complaints/#no-refusal">1.1“不推诿”</a>' in choice


def test_case_without_choices_offers_no_practice(guide, client):
    assert "练习" not in told(guide, client)


def test_points_for_the_host_are_folded(guide, client):
    out = told(guide, client, CASE + FOLDED)

    assert out.index('<details class="folded"><summary>参考要点') < out.index("先登记。")
    assert 'id="讨论题"' in out


def test_next_case_on_the_same_principle_is_named_and_the_last_leads_to_the_first(guide, client):
    other = (
        CASE.replace("come-back", "at-the-door").replace("请您周一再来", "门口的投诉").split('  - {to: "listening')[0]
        + "---\n## 情景\n\n人来了。\n"
    )
    out = told(guide, client, **{"02-practice/01-cases/at-the-door.md": other})
    back = client.get("/guide/practice/cases/at-the-door/").content.decode()

    assert out.count("同一原则，下一个") == 1
    assert 'href="/guide/practice/cases/at-the-door/">门口的投诉' in out
    assert f'href="{URL}">请您周一再来' in back


def test_case_of_a_withdrawn_page_is_not_offered_as_the_next(guide, client):
    assert "同一原则，下一个" not in told(guide, client)
