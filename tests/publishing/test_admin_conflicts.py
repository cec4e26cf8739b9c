import pytest

from guide.pages.models import Page, Revision
from guide.publishing.loading import load
from guide.publishing.models import Conflict
from tests.factories import COMPLAINTS, write_guide
from tests.publishing.admin_forms import press, url_of

OURS = COMPLAINTS.replace("登记受理，按期答复", "登记并答复")
THEIRS = COMPLAINTS.replace("登记受理，按期答复", "当场登记")


@pytest.fixture
def desk(client, guide, editor, settings, section):
    settings.SINGLE_PERSON_PUBLISHING = True
    client.force_login(editor)
    press(client, section, "_publish", text=OURS, reason="后台")
    load(write_guide(guide, {"01-talk/01-complaints.md": THEIRS}))
    return client


def settle(client, button, text=""):
    return client.post(url_of(Conflict.objects.get()), {button: "", "text": text}, follow=True)


def live():
    return Page.objects.get(slug="complaints").text


def test_conflict_is_listed_and_shows_both_texts(desk):
    out = desk.get(url_of(Conflict.objects.get())).content.decode()

    assert "合不上的（1）" in desk.get("/admin/").content.decode()
    assert "登记并答复" in out
    assert "当场登记" in out
    assert live() == OURS


@pytest.mark.parametrize(("button", "text"), [("_live", OURS), ("_file", THEIRS)])
def test_one_side_is_taken(desk, guide, button, text):
    settle(desk, button)
    load(guide)

    assert live() == text
    assert not Conflict.objects.filter(settled_at=None).exists()


def test_text_made_of_both_is_taken_and_marks_are_refused(desk, guide):
    marked = desk.get(url_of(Conflict.objects.get())).context["text"]
    assert "还有合并的标记" in settle(desk, "_text", marked).content.decode()

    settle(desk, "_text", COMPLAINTS.replace("登记受理，按期答复", "当场登记并答复"))
    load(guide)
    assert "当场登记并答复" in live()
    assert not Conflict.objects.filter(settled_at=None).exists()


def test_settling_goes_through_review(desk, settings):
    settings.SINGLE_PERSON_PUBLISHING = False
    settle(desk, "_file")

    assert live() == OURS
    assert Revision.objects.in_review().get().text == THEIRS


def test_reviewer_alone_settles_nothing(desk, client, reviewer):
    client.force_login(reviewer)
    settle(client, "_file")

    assert live() == OURS
