import re

import pytest

from guide.publishing.loading import load
from tests.factories import CASE, COMPLAINTS, LISTENING, write_guide

SECTION = "/guide/talk/complaints/"
SECOND = CASE.replace("id: come-back", "id: at-the-door").replace("请您周一再来", "门口的投诉").replace("[counter]", "[lobby]")


def read(client, post="", url=SECTION):
    if post:
        client.cookies["post"] = post
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def answer(html):
    return html[html.index('<div class="answer">') : html.index('<p class="meta">')]


def reload(folder, changes):
    load(write_guide(folder, changes))


def test_first_screen_holds_the_rule_the_phrase_and_the_nearest_case(guide, client):
    out = answer(read(client))

    assert "先听完，再核实，按期答复。" in out
    assert re.search(r"宜说</b>.*您慢慢说，见<a class=\"ref\" href=\"/guide/talk/listening/\">倾听</a>。", out)
    assert re.search(r"忌说</b>.*这不归我管。", out)
    assert "请您周一再来" in out
    assert "周五下午，客户来投诉手续费。" in out


def test_first_screen_of_a_section_without_phrases_and_cases_holds_what_there_is(guide, client):
    out = answer(read(client, url="/guide/practice/cases/"))

    assert "宜说" not in out
    assert "典型案例" in out


def test_phrases_for_the_readers_post_come_first(guide, client):
    table = '| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n| 您里面请。 | 站住。 | 门口。 |\n{posts="lobby"}\n\n## 登记受理'
    reload(
        guide,
        {"01-talk/01-complaints.md": COMPLAINTS.replace("{audience=staff}", '{posts="counter"}').replace("## 登记受理", table)},
    )

    assert "您里面请。" in answer(read(client, "lobby"))
    assert "您慢慢说" in answer(read(client, "counter"))


def test_tables_of_phrases_for_the_readers_post_come_before_others_and_none_is_lost(guide, client):
    table = '\n| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n| %s | 站住。 | 门口。 |\n{posts="%s"}\n'
    tables = table % ("柜面这样说。", "counter") + table % ("大堂这样说。", "lobby")
    reload(guide, {"01-talk/01-complaints.md": COMPLAINTS.replace("\n## 登记受理", f"\n## 怎么说\n{tables}\n## 登记受理")})
    lobby, counter = read(client, "lobby"), read(client, "counter")

    assert lobby.rindex("大堂这样说。") < lobby.rindex("柜面这样说。")
    assert counter.rindex("柜面这样说。") < counter.rindex("大堂这样说。")


def test_case_for_the_readers_post_is_the_nearest(guide, client):
    reload(guide, {"02-practice/01-cases/at-the-door.md": SECOND})

    assert "请您周一再来" in answer(read(client, "counter"))
    assert "门口的投诉" in answer(read(client, "lobby"))


def test_principles_for_other_posts_come_last_and_are_all_there(guide, client):
    text = COMPLAINTS.replace('posts="counter lobby"', 'posts="lobby"')
    reload(guide, {"01-talk/01-complaints.md": text})
    out = read(client, "counter")

    assert out.index('id="no-refusal"') < out.index("以下主要写给其他岗位") < out.index('id="register"')
    assert out.index('id="register"') < out.index("没有登记")


def test_without_a_post_the_order_is_that_of_the_text(guide, client):
    out = read(client)

    assert out.index('id="register"') < out.index('id="no-refusal"')
    assert "其他岗位" not in out


def test_principle_of_a_lower_rank_stays_below_its_heading(guide, client):
    grouped = (
        "---\nid: listening\ntitle: 倾听\n---\n导语：先说。\n\n"
        '## 甲组\n\n甲的话。\n\n### 甲条 {#rule-a .principle level=should basis=guide posts="lobby"}\n\n**做到：** 一。\n\n'
        '## 乙组\n\n乙的话。\n\n### 乙 {#listen-first .principle level=should basis=guide posts="counter"}\n\n**做到：** 二。\n'
    )
    reload(guide, {"01-talk/02-listening.md": grouped})
    out = read(client, "counter", "/guide/talk/listening/")
    places = [out.index(words) for words in ("导语", "乙的话", 'id="listen-first"', "其他岗位", "甲的话", 'id="rule-a"')]

    assert places == sorted(places)


def test_each_principle_lists_what_it_rests_on_under_the_number_of_its_mark(guide, client):
    out = read(client)
    rule = out[out.index('id="register"') : out.index('id="no-refusal"')]

    assert re.search(r'<a class="cite" href="/sources/rule-2020/#f1">依据1</a>', rule)
    assert re.search(
        r"依据1 <a href=\"/sources/rule-2020/#f1\">《投诉处理管理办法》第20条</a> <span class=\"soft\">现行 · 已核引文", rule
    )


@pytest.mark.parametrize(("count", "shown", "folded"), [(2, 2, 0), (5, 2, 3)])
def test_more_than_two_cases_of_a_principle_are_folded(guide, client, count, shown, folded):
    more = {
        f"02-practice/01-cases/case-{place}.md": CASE.replace("come-back", f"case-{place}").replace(
            "请您周一", f"第{place}个周一"
        )
        for place in range(count - 1)
    }
    reload(guide, more)
    out = read(client, url="/guide/talk/listening/")
    rule = out[out.index('id="listen-first"') :]

    assert rule.count('class="case"') == shown
    assert f"还有 {folded} 个" in rule or not folded
    assert LISTENING.count("principle") == 1


def test_case_of_the_card_is_the_first_of_its_principle(guide, client):
    reload(guide, {"02-practice/01-cases/at-the-door.md": SECOND.replace("门口的投诉", "一个早得多的标题")})
    rule = read(client)
    rule = rule[rule.index('id="register"') :]

    assert rule.index("请您周一再来") < rule.index("一个早得多的标题")


TABLE = "\n| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n| %s | 站住。 | 门口。 |\n"


def test_card_shows_what_is_written_for_the_readers_post_before_what_anybody_says(guide, client):
    lobby = TABLE % "您里面请。" + '{posts="lobby"}\n\n## 登记受理'
    text = COMPLAINTS.replace("{audience=staff}\n", "").replace("\n## 登记受理", lobby)
    reload(guide, {"01-talk/01-complaints.md": text})

    assert "您里面请。" in answer(read(client, "lobby"))
    assert "您慢慢说" in answer(read(client, "counter"))
    assert "您慢慢说" in answer(read(client.__class__()))


def test_phrases_below_a_principle_are_for_its_posts_unless_their_table_says_otherwise(guide, client):
    text = COMPLAINTS.replace('posts="counter lobby"', 'posts="lobby"')
    own = text.replace("\n## 不推诿", TABLE % "您里面请。" + "\n## 不推诿")
    reload(guide, {"01-talk/01-complaints.md": own})
    assert "您里面请。" in answer(read(client, "lobby"))
    assert "您慢慢说" in answer(read(client, "counter"))

    reload(guide, {"01-talk/01-complaints.md": own.replace("门口。 |\n", '门口。 |\n{posts="counter"}\n')})
    assert "您慢慢说" in answer(read(client, "lobby"))
    assert "您里面请。" in answer(read(client, "counter"))


def test_tables_of_phrases_that_stand_one_after_another_are_read_as_one(guide, client):
    tables = TABLE % "柜面这样说。" + '{posts="counter"}\n' + TABLE % "谁都这样说。"
    apart = "\n另外：\n" + TABLE % "隔开的话。"
    reload(guide, {"01-talk/01-complaints.md": COMPLAINTS.replace("\n## 不推诿", f"{tables}{apart}\n## 不推诿")})
    rule = read(client)
    rule = rule[rule.index('id="register"') : rule.index('id="no-refusal"')]

    assert rule.count("<thead>") == rule.count("<table") == 2
    assert rule.index("柜面这样说。") < rule.index("谁都这样说。") < rule.index("</table>") < rule.index("隔开的话。")
