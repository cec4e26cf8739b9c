"""The real content/: it loads, is whole, and every address in it answers."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from guide.pages import kept, outline, version
from guide.pages.models import CaseLink, Page, Phrase, Principle
from guide.publishing.loading import check
from guide.search import writing
from guide.search.phrasebook import find

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def real_index(real_guide, django_db_blocker, tmp_path_factory):
    """The real guide's index, built once; returns its folder."""
    folder = tmp_path_factory.mktemp("index")
    with django_db_blocker.unblock(), override_settings(INDEX_DIR=folder):
        writing.rebuild()
    return folder


@pytest.fixture
def searchable(real_index, settings):
    settings.INDEX_DIR = real_index


# Chapters and sections exactly as the customer named them.
OUTLINE = """
1 服务理念与职业道德: 服务宗旨与目标, 职业道德规范, 服务意识与责任, 服务行为规范, 服务反馈与改进
2 服务流程与操作规范: 服务前的准备, 服务中的沟通与处理, 服务后的跟进与反馈, 服务流程标准化, 服务风险控制与防范
3 客户沟通与交流技巧: 有效沟通的原则, 语言表达与沟通技巧, 非语言沟通的运用, 客户关系维护与建立, 客户投诉处理与应对
4 客户服务中的礼仪规范: 服务场合与礼仪要求, 服务人员仪表与着装, 服务中的礼貌用语与行为, 服务礼仪的适用场景, 服务礼仪的培训与落实
5 客户需求与个性化服务: 客户需求分析与识别, 个性化服务的实施, 客户偏好与服务定制, 服务差异化的管理, 服务满意度与评价机制
6 客户关系管理与维护: 客户关系的重要性, 客户关系的建立与维护, 客户生命周期管理, 客户流失与挽回策略, 客户关系的长期发展
7 服务监督与持续改进: 服务监督机制与流程, 服务质量评估与反馈, 服务改进与优化措施, 服务标准的制定与更新, 服务绩效的考核与激励
8 服务案例与实践指导: 服务典型案例分析, 服务场景模拟与演练, 服务问题处理与解决方案, 服务培训与实践操作, 服务经验总结与推广
"""


def wanted_outline():
    for line in OUTLINE.strip().splitlines():
        chapter, _, sections = line.partition(": ")
        number, title = chapter.split(" ")
        yield number, title
        yield from ((f"{number}.{place}", name) for place, name in enumerate(sections.split(", "), start=1))


def test_outline_is_exactly_the_customers(real_guide):
    assert list(Page.objects.published().numbered().in_reading_order().values_list("number", "title")) == list(wanted_outline())


def test_complaint_handling_keeps_its_permanent_id(real_guide):
    assert Page.objects.get(number="3.5").slug == "complaint-handling"


def test_every_section_has_principles(real_guide):
    sections = Page.objects.published().filter(kind=Page.Kind.SECTION)

    assert [page.number for page in sections if not page.principles.exists()] == []


def test_every_principle_of_chapter_one_has_a_case(real_guide):
    rules = Principle.objects.filter(page__number__startswith="1.")

    assert rules.count() >= 25
    assert [rule.slug for rule in rules if not rule.case_links.exists()] == []


def test_every_case_is_reachable_from_its_principle_and_back(real_guide, client):
    for link in CaseLink.objects.select_related("case", "principle__page"):
        section = link.principle.page.get_absolute_url()
        assert f'href="{link.case.get_absolute_url()}"' in read(client, section)
        assert f'href="{section}#{link.principle.slug}"' in read(client, link.case.get_absolute_url())


_read: dict[str, str] = {}


def read(client, url):
    if url not in _read:
        response = client.get(url, follow=True)
        assert response.status_code == 200, url
        _read[url] = response.content.decode()
    return _read[url]


def test_every_internal_link_of_every_page_answers(real_guide):
    client, seen, waiting = Client(), set(), ["/"]
    while waiting:
        found = re.findall(r'href="(/[^"]*)"', read(client, waiting.pop()))
        links = {link.partition("#")[0] for link in found if not link.startswith(("/static/", "/admin/", "//"))}
        waiting += sorted(links - seen)
        seen |= links

    assert len(seen) > 500


def test_every_fragment_leads_to_an_element(real_guide, client):
    missing = []
    for page in Page.objects.published().shaped_like_lists():
        here = page.get_absolute_url()
        for url, fragment in re.findall(r'href="([^"#]*)#([^"]+)"', read(client, here)):
            if f'id="{fragment}"' not in read(client, url or here):
                missing.append((here, url, fragment))

    assert missing == []


@pytest.mark.parametrize("slug", ["complaint-handling", "typical-cases", "come-back-on-monday", "philosophy-and-ethics"])
def test_page_asks_at_most_eight_queries(real_guide, client, slug):
    url = Page.objects.get(slug=slug).get_absolute_url()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url)

    assert len(queries) <= 8


def test_every_page_is_drawn_within_four_queries_after_an_edit(real_guide, settings, tmp_path, monkeypatch):
    settings.KEPT_PAGES, settings.PAGES_DIR, settings.PAGES_LEAVE_FREE = True, tmp_path / "pages", 0
    monkeypatch.setattr(kept, "_memory", type(kept._memory)())
    version.announce()
    outline.prepare()  # as after each commit
    cache.clear()

    urls = [page.get_absolute_url() for page in Page.objects.published().shaped_like_lists()]
    asked = {url: queries_of(url) for url in urls}
    assert len(asked) > 300
    assert {url: number for url, number in asked.items() if not 1 <= number <= 4} == {}


def queries_of(url):
    with CaptureQueriesContext(connection) as queries:
        Client().get(url)
    return len(queries)


@pytest.mark.parametrize("url", ["/", "/cases/", "/glossary/", "/sources/", "/sources/cbirc-2020-3/", "/glossary/escalation/",
                                 "/principles/complaint-handling/register-and-reply/", "/search/?q=客户投诉"])  # fmt: skip
def test_list_asks_at_most_eight_queries(searchable, client, url):
    with CaptureQueriesContext(connection) as queries:
        client.get(url)

    assert len(queries) <= 8


def test_search_finds_the_section_on_complaints(searchable, client):
    assert client.get("/api/search/", {"q": "客户投诉处理", "kind": "section"}).json()["results"][0]["section"] == "3.5"


def test_nothing_in_the_text_is_broken(real_guide, client):
    shown = [page.get_absolute_url() for page in Page.objects.published().shaped_like_lists()]

    assert [url for url in shown if 'class="broken"' in read(client, url)] == []


@pytest.mark.parametrize(
    ("post", "number", "said"),
    [
        ("call-centre", "1.3", "您别挂，我把他们的小严接进来"),
        ("call-centre", "3.2", "存款保险保的是存款"),
        ("call-centre", "4.3", "我帮您查，三分钟内告诉您去哪里办"),
        ("call-centre", "4.4", "您好，这里是河口支行"),
        ("counter", "2.1", "这一栏今天用不着"),
        ("lobby", "2.4", "不用手机也能办"),
        ("lobby", "5.4", "预约和现场是两列"),
        ("wealth-manager", "2.2", "下面这段要录音录像"),
        ("", "2.2", "麻烦您说一遍"),
    ],
)
def test_card_says_first_what_somebody_at_this_post_says(real_guide, post, number, said):
    client = Client()
    client.cookies["post"] = post
    html = client.get(Page.objects.get(number=number).get_absolute_url()).content.decode()

    assert said in html[html.index('class="yes"') : html.index('class="no"')]


def test_content_check_passes():
    assert isinstance(check(settings.CONTENT_DIR), list)


def test_every_forbidden_phrase_is_found_and_no_good_one(real_guide):
    rows = list(Phrase.objects.select_related("page"))
    good = [row.say for row in rows if row.say]

    assert [say for say in good if find(say, rows)] == []
    missed = [row.avoid for row in rows if row.avoid and not find(f"刚才他说：“{row.avoid}”就走了", rows)]
    assert missed == []
