"""Every screen of the admin that editors use, filled: it fits at each width, and axe finds no violation, light or dark."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories import write_guide
from tests.site import free_port, manage, serving

FILL = """
import json
from django.utils import timezone
from django.contrib.auth.models import Group
from guide.accounts.models import User
from guide.feedback import inbox
from guide.feedback.models import Report
from guide.pages.models import Page, Principle
from guide.publishing import drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.models import Document
from guide.reference.models import LocalValue, Source, StandardPhrase, SynonymGroup, Term
from guide.search.folding import key_of
from guide.search.models import LoggedSearch
boss = User.objects.create_superuser("boss", password="pass-word-12")
wang = User.objects.create_user("wang", password="pass-word-12")
wang.groups.add(Group.objects.get(name="编辑"))
by = Actor(wang, "test")
page = Page.objects.get(slug="listening")
draft = drafting.save_draft(drafting.open_draft(page, by), page.text.replace("不打断", "不插话"), by, reason="说得更准")
sent = workflow.submit(draft, by).revision
register = Principle.objects.get(slug="register")
inbox.take_in(Report(about="wrong", text="期限算错了"), register.page, register)
for query, count in (("量子纠缠", 0), ("投诉", 3)):
    LoggedSearch.objects.create(query=query, key=key_of(query), kind="page", count=count, at=timezone.now())
models = (Term, Source, StandardPhrase, SynonymGroup, LocalValue, Document)
first = {model.__name__: model.objects.first().pk for model in models}
print(json.dumps(first | {"Report": Report.objects.get().pk, "User": wang.pk, "Revision": sent.pk, "Page": page.pk}))
"""
SCREENS = [
    "/admin/",
    "/admin/pages/page/",
    "/admin/pages/page/?kind__exact=section&q=投诉",
    "/admin/pages/page/add/",
    "/admin/pages/page/{Page}/change/",
    "/admin/pages/revision/",
    "/admin/pages/revision/{Revision}/change/",
    "/admin/reference/term/",
    "/admin/reference/term/add/",
    "/admin/reference/term/{Term}/change/",
    "/admin/reference/source/",
    "/admin/reference/source/{Source}/change/",
    "/admin/reference/standardphrase/{StandardPhrase}/change/",
    "/admin/reference/synonymgroup/{SynonymGroup}/change/",
    "/admin/reference/localvalue/",
    "/admin/reference/localvalue/{LocalValue}/change/",
    "/admin/publishing/document/",
    "/admin/publishing/document/{Document}/change/",
    "/admin/feedback/report/?open=yes",
    "/admin/feedback/report/{Report}/change/",
    "/admin/search/miss/",
    "/admin/search/unopened/",
    "/admin/reports/",
    "/admin/reports/reviews/",
    "/admin/publishing/auditentry/",
    "/admin/publishing/chapterrole/add/",
    "/admin/accounts/user/",
    "/admin/accounts/user/{User}/change/",
    "/admin/password_change/",
]
COLOURS = [("light", "no-preference", 360), ("dark", "no-preference", 1440), ("light", "more", 768), ("dark", "more", 360)]

# High contrast changes the colours alone, which all screens share: those that use most of them are enough.
COLOURFUL = [
    "/admin/", "/admin/pages/page/?kind__exact=section&q=投诉", "/admin/pages/page/{Page}/change/",
    "/admin/pages/revision/{Revision}/change/", "/admin/feedback/report/{Report}/change/",
    "/admin/accounts/user/{User}/change/",
]  # fmt: skip
SHOWN = [(colours, place) for colours in COLOURS for place in (COLOURFUL if colours[1] == "more" else SCREENS)]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The small guide with something on every list; its address and the keys of what there is."""
    data, port = tmp_path_factory.mktemp("office"), free_port()
    with serving(data, port, write_guide(tmp_path_factory.mktemp("files") / "content")):
        yield f"http://127.0.0.1:{port}", json.loads(manage(data, "shell", "-v0", "-c", FILL))


@pytest.fixture(scope="module")
def boss(chromium, office, request):
    """A superuser's page, who sees whatever anybody sees."""
    scheme, contrast, width = request.param
    size = {"width": width, "height": 900}
    context = chromium.new_context(viewport=size, base_url=office[0], locale="zh-CN", color_scheme=scheme, contrast=contrast)
    page = context.new_page()
    page.goto("/admin/")
    page.locator("[name=username]").fill("boss")
    page.locator("[name=password]").fill("pass-word-12")
    page.locator("[type=submit]").click()
    yield page
    context.close()


@pytest.mark.parametrize(
    ("boss", "place"), SHOWN, indirect=["boss"], ids=lambda it: it if isinstance(it, str) else f"{it[0]}-{it[1]}"
)
def test_screen_fits_and_has_no_violation(boss, office, place):
    answer = boss.goto(place.format(**office[1]))
    found = Axe().run(boss, options={"rules": {"scrollable-region-focusable": {"enabled": False}}})  # CodeMirror's own

    assert answer.status == 200
    assert found.violations_count == 0, found.generate_report()
    assert boss.evaluate("document.documentElement.scrollWidth <= innerWidth")
