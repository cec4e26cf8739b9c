"""Every screen of publishing with something on it: it fits, no violation of axe's rules, nothing refused by the policy."""

import json
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import CASE, COMPLAINTS, LISTENING, write_guide
from tests.site import free_port, manage, serving

NEW = "---\nid: new\ntitle: 新的一节\n---\n见[[listening]]。\n"
PREPARE = """
import json
from django.contrib.auth.models import Group
from guide.accounts.models import User
from guide.pages.models import Page
from guide.publishing import arranging, drafting, workflow
from guide.publishing.audit import Actor
people = {}
for name, role in (("wang", "编辑"), ("li", "审核人"), ("zhou", "管理员")):
    people[name] = User.objects.create_user(name, password="pass-word-12")
    people[name].groups.add(Group.objects.get(name=role))
by, reviewer = Actor(people["wang"]), Actor(people["li"])
def page(slug): return Page.objects.get(slug=slug)
def submit(slug, old, new, **said):
    draft = drafting.open_draft(page(slug), by)
    return workflow.submit(drafting.save_draft(draft, draft.text.replace(old, new), by, **said), by).revision
head = "title: 先倾听\\nposts: [counter]"
workflow.approve(submit("listening", "title: 倾听", head, reason="改题目", is_material=True), reviewer)
workflow.approve(submit("complaints", "先听完，再核实", "先听完、后核实", reason="改说法"), reviewer)
arranging.approve(arranging.propose_move(page("cases"), page("talk"), 0, by, "先看案例"), reviewer)
"""
LATER = """
import json
from guide.accounts.models import User
from guide.pages.models import Page, Revision
from guide.publishing import arranging, drafting, workflow
from guide.publishing.arrangements import Arrangement
from guide.publishing.audit import Actor
from guide.publishing.models import Conflict
by, zhou = (Actor(User.objects.get(username=name)) for name in ("wang", "zhou"))
def page(slug): return Page.objects.get(slug=slug)
draft = drafting.open_draft(page("talk"), by)
own = workflow.submit(drafting.save_draft(draft, draft.text.replace("听完再答", "听完了再答"), by, reason="语气"), by).revision
move = arranging.propose_move(page("listening"), page("practice"), 0, by, "归到实践")
gone = arranging.propose_withdrawal([page("come-back")], by, "不再用", {"come-back": "kept"})
print(json.dumps({
    "conflict": Conflict.objects.get().pk, "review": own.pk, "move": move.pk, "gone": gone.pk,
    "listening": page("listening").pk,
}))
"""
SCREENS = {
    "desk": "/admin/", "review": "/admin/pages/revision/{review}/change/", "together": "/admin/pages/revision/together/",
    "conflict": "/admin/publishing/conflict/{conflict}/change/",
    "move asked for": "/admin/publishing/arrangement/{move}/change/",
    "withdrawal asked for": "/admin/publishing/arrangement/{gone}/change/",
    "move": "/admin/pages/page/{listening}/move/", "tree": "/admin/pages/page/", "revisions": "/admin/pages/revision/",
    "arrangements": "/admin/publishing/arrangement/", "conflicts": "/admin/publishing/conflict/",
    "reports": "/admin/reports/", "report": "/admin/reports/no-phrases/", "dates": "/admin/reports/reviews/",
    "log": "/admin/publishing/auditentry/", "history": "/guide/talk/listening/history/",
    "difference": "/guide/talk/listening/history/?new=2", "moves": "/guide/talk/cases/history/", "changes": "/changes/",
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The small guide with a conflict, a load in review, a move and a withdrawal to decide on; its address and keys."""
    data, port = tmp_path_factory.mktemp("office"), free_port()
    other_case = {"02-practice/01-cases/kept.md": _case("kept", "当天就登记")}
    content = write_guide(tmp_path_factory.mktemp("files") / "content", other_case)
    with serving(data, port, content):
        manage(data, "shell", "-v0", "-c", PREPARE)
        write_guide(content, {
            **other_case, "01-talk/01-complaints.md": COMPLAINTS.replace("先听完，再核实", "先听，再核实"),
            "01-talk/02-listening.md": LISTENING.replace("不打断", "绝不打断[[new]]"), "01-talk/03-new.md": NEW,
        })  # fmt: skip
        _load_through_review(data, content)
        yield f"http://127.0.0.1:{port}", json.loads(manage(data, "shell", "-v0", "-c", LATER))


def _case(slug, title):
    return CASE.replace("id: come-back", f"id: {slug}").replace("请您周一再来", title)


def _load_through_review(data, content):
    """A load that leaves a conflict, which it says by its exit status."""
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        manage(data, "load_content", str(content), LOAD_THROUGH_REVIEW="1")
    assert stopped.value.returncode == 2


@pytest.fixture(scope="module", params=[("light", 360), ("dark", 1440)], ids=str)
def judge(chromium, office, request):
    """The reviewer's browser in one colour scheme at one width; it fails on an error, a refused policy, a foreign request."""
    (scheme, width), faults = request.param, []
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        base_url=office[0],
        locale="zh-CN",
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda sent: None if sent.url.startswith((office[0], "data:", "about:")) else faults.append(sent.url))
    page.goto("/admin/")
    page.locator("[name=username]").fill("zhou")
    page.locator("[name=password]").fill("pass-word-12")
    page.locator("[type=submit]").click()
    yield page
    context.close()
    assert faults == []


@pytest.mark.parametrize("name", SCREENS)
def test_screen_fits_and_has_no_violation(judge, office, name):
    answer = judge.goto(SCREENS[name].format(**office[1]))
    found = Axe().run(judge)

    assert answer.status == 200
    assert judge.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found.violations_count == 0, found.generate_report()


def test_both_sides_of_a_difference_are_a_click_away(judge, office):
    judge.goto(SCREENS["difference"])
    expect(judge.get_by_role("heading", name="岗位", exact=True)).to_be_visible()
    judge.get_by_label("左右对照").check()

    expect(judge.locator(".sides").first).to_be_visible()
    expect(judge.locator(".diff.inline").first).to_be_hidden()
