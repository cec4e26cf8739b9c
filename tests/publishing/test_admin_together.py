import pytest

from guide.pages.models import Page, Revision
from guide.publishing import drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.loading import load
from tests.factories import COMPLAINTS, LISTENING, write_guide
from tests.publishing.admin_forms import press

TOGETHER = "/admin/pages/revision/together/"
NEW = "---\nid: new\ntitle: 新的一节\n---\n见[[listening]]。\n"


@pytest.fixture
def proposed(guide, settings):
    """A load through review: a new section and two changed ones, of which one refers to it; nothing of it is live."""
    settings.LOAD_THROUGH_REVIEW = True
    load(write_guide(guide, {
        "01-talk/02-listening.md": LISTENING.replace("不打断", "绝不打断[[new]]"), "01-talk/03-new.md": NEW,
        "01-talk/01-complaints.md": COMPLAINTS.replace("推诿。", "推诿客户。"),
    }))  # fmt: skip
    return {revision.page.slug: revision.pk for revision in Revision.objects.in_review().select_related("page")}


@pytest.fixture
def judge(client, reviewer, proposed):
    client.force_login(reviewer)
    return client


def post(client, pks, button, note=""):
    return client.post(TOGETHER, {"revision": list(pks), "note": note, button: ""}, follow=True).content.decode()


def live(slug):
    return Page.objects.get(slug=slug)


def test_front_page_leads_to_all_that_came_from_files(judge, proposed):
    assert f'<a href="{TOGETHER}">来自文件的 3 个一起审核</a>' in judge.get("/admin/").content.decode()
    out = judge.get(TOGETHER).content.decode()

    assert out.count('name="revision"') == 3
    assert "<ins>客户</ins>" in out
    assert "新的一节" in out


def test_all_are_published_at_once(judge, proposed):
    assert "已通过 3 个" in post(judge, proposed.values(), "_approve")

    assert live("new").is_published
    assert "绝不打断" in live("listening").text
    assert "推诿客户" in live("complaints").text


def test_those_that_are_ticked_must_hold_by_themselves_or_none_is_published(judge, proposed):
    out = post(judge, [proposed["listening"], proposed["complaints"]], "_approve")

    assert "一个也没有发布" in out
    assert "引用的页面“new”不存在" in out
    assert live("complaints").text == COMPLAINTS
    assert 'name="_approve"' not in out


def test_only_what_is_ticked_is_decided_on(judge, proposed):
    post(judge, [proposed["complaints"]], "_approve")

    assert "推诿客户" in live("complaints").text
    assert set(Revision.objects.in_review().values_list("pk", flat=True)) == {proposed["new"], proposed["listening"]}


def test_sending_back_needs_a_reason(judge, proposed):
    assert "退回时请写原因" in post(judge, proposed.values(), "_reject")
    assert Revision.objects.in_review().count() == 3

    post(judge, proposed.values(), "_reject", "先别改")
    assert Revision.objects.filter(state="rejected", note="先别改").count() == 3


def test_one_that_somebody_else_decided_on_is_left_out(judge, proposed, client_of):
    post(client_of("other", "审核人"), [proposed["complaints"]], "_reject", "不行")

    assert "已通过 2 个" in post(judge, proposed.values(), "_approve")
    assert live("complaints").text == COMPLAINTS


def test_what_merges_with_a_text_published_meanwhile_is_shown_first(judge, proposed, client_of, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    text = COMPLAINTS.replace("先听完，再核实", "先听完再核实")
    press(client_of("quick", "编辑"), live("complaints"), "_publish", text=text, reason="别的")
    out = post(judge, proposed.values(), "_approve")

    assert "还没有发布" in out
    assert not live("new").is_published
    waiting = Revision.objects.in_review().values_list("pk", flat=True)
    assert "已通过 3 个" in post(judge, waiting, "_approve")
    assert "推诿客户" in live("complaints").text
    assert "先听完再核实" in live("complaints").text


def test_what_does_not_merge_is_named_and_left_out(judge, proposed, client_of, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    press(
        client_of("quick", "编辑"), live("complaints"), "_publish", text=COMPLAINTS.replace("推诿。", "推脱。"), reason="别的"
    )
    out = post(judge, proposed.values(), "_approve")

    assert "合不上、要退回给作者的：客户投诉处理" in out
    assert out.count('name="revision"') == 2


@pytest.mark.parametrize("role", ["编辑", "读者", "培训师"])
def test_who_may_not_review_decides_on_nothing(client_of, proposed, role):
    client = client_of("other", role)
    post(client, proposed.values(), "_approve")
    post(client, proposed.values(), "_reject", "不行")

    assert Revision.objects.in_review().count() == 3
    assert 'name="revision"' not in client.get(TOGETHER).content.decode()


def test_nobody_approves_their_own_among_others(client_of, proposed):
    own = client_of("own", "管理员")
    press(own, live("cases"), "_submit", text=live("cases").text.replace("下面", "后面"), reason="自己的")
    post(own, Revision.objects.in_review().values_list("pk", flat=True), "_approve")

    assert "下面" in live("cases").text
    assert Revision.objects.in_review().get().page == live("cases")


def test_any_revisions_are_chosen_from_the_list(judge, proposed):
    chosen = {"action": "together", "_selected_action": [proposed["new"], proposed["listening"]]}
    out = judge.post("/admin/pages/revision/", chosen).content.decode()

    assert out.count('name="revision"') == 2
    assert "推诿客户" not in out


def test_keys_that_cannot_be_are_left_out(judge):
    assert judge.post(TOGETHER, {"revision": ["9" * 30, "²"], "_approve": ""}).status_code == 200


def test_two_versions_of_one_page_are_not_approved_together(judge, proposed, editor):
    by = Actor(editor)
    draft = drafting.save_draft(drafting.open_draft(live("listening"), by), LISTENING.replace("不打断", "不插话"), by)
    mine = workflow.submit(draft, by).revision
    out = post(judge, [*proposed.values(), mine.pk], "_approve")

    assert "“1.2 倾听”有两个版本，一次只能通过一个" in out
    assert live("listening").text == LISTENING
