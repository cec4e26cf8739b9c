import csv
import io

import pytest

from guide.pages.models import Page
from guide.publishing import audit
from guide.publishing.models import AuditEntry

LOG = "/admin/publishing/auditentry/"


@pytest.fixture
def log(guide, editor):
    """Two entries beside those of the first load: one that a spreadsheet would run."""
    page = Page.objects.get(slug="listening")
    audit.note(audit.Actor(editor, "后台 10.0.0.1"), audit.Act.MOVED, page, detail='=HYPERLINK("http://evil","x")')
    return audit.note(audit.Actor(editor, "后台 10.0.0.2"), audit.Act.WITHDRAWN, page, detail="不用了")


def table(client, query=""):
    response = client.get(f"{LOG}csv/{query}")
    assert response.status_code == 200
    assert response.streaming
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_log_is_listed_and_filtered(log, client, admin_user):
    client.force_login(admin_user)

    assert "不用了" in client.get(LOG).content.decode()
    assert "不用了" not in client.get(f"{LOG}?act__exact=moved").content.decode()


def test_export_holds_what_the_filter_shows_oldest_first(log, client, admin_user):
    client.force_login(admin_user)
    rows = table(client, "?user__id__exact=" + str(log.user_id))

    assert rows[0] == ["时间", "谁", "做了什么", "页面", "文档", "版本", "说明", "从哪里"]
    assert [row[2] for row in rows[1:]] == ["移动", "撤下"]
    assert rows[2][1:] == ["editor", "撤下", "listening", "", "", "不用了", "后台 10.0.0.2"]


def test_no_cell_of_the_export_is_a_formula(log, client, admin_user):
    client.force_login(admin_user)

    assert [row[6] for row in table(client, "?act__exact=moved")[1:]] == ['\'=HYPERLINK("http://evil","x")']


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\r\n@"])
def test_every_start_of_a_formula_is_quoted(log, start):
    entry = AuditEntry(who=f"{start}1", act="other", at=log.at)

    assert next(csv.reader(io.StringIO(audit.as_csv([entry]).split("\r\n", 1)[1])))[1].startswith("'")


def test_administrator_cannot_add_change_or_delete(log, client, admin_user):
    client.force_login(admin_user)
    before = list(AuditEntry.objects.values_list("pk", "detail"))
    client.post(f"{LOG}{log.pk}/change/", {"detail": "改了"})
    client.post(LOG, {"action": "delete_selected", "_selected_action": [log.pk], "post": "yes"})

    assert client.get(f"{LOG}add/").status_code == 403
    assert client.post(f"{LOG}{log.pk}/delete/", {"post": "yes"}).status_code == 403
    assert list(AuditEntry.objects.values_list("pk", "detail")) == before


def test_log_is_for_those_with_the_permission(log, client, reader):
    client.force_login(reader)

    assert client.get(LOG).status_code == 302
    assert client.get(f"{LOG}csv/").status_code == 302
