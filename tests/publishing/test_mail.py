"""Review by mail, from the admin's buttons to what a mail server receives, through the settings that a site is given."""

import os
from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from tests.factories import write_guide
from tests.site import manage

SUBMIT = """
from django.contrib.auth.models import Group
from django.test import Client
from django.test.utils import setup_test_environment
from guide.accounts.models import User
from guide.pages.models import Page
from tests.publishing.admin_forms import press
for name, role in (("wang", "编辑"), ("zhao", "编辑"), ("li", "审核人")):
    User.objects.create_user(name, f"{name}@bank.example", "pass-word-12").groups.add(Group.objects.get(name=role))
setup_test_environment()  # so that the values of the form can be read
writer = Client(headers={"host": "127.0.0.1"})
writer.force_login(User.objects.get(username="wang"))
page = Page.objects.get(slug="listening")
press(writer, page, "_submit", text=page.text.replace("不打断", "绝不打断"), reason="说得更重")
"""
REJECT = """
from django.test import Client
from guide.accounts.models import User
from guide.pages.models import Revision
from tests.publishing.admin_forms import url_of
reviewer = Client(headers={"host": "127.0.0.1"})
reviewer.force_login(User.objects.get(username="li"))
reviewer.post(url_of(Revision.objects.in_review().get()), {"_reject": "", "note": "说得太重"})
"""


class _Mailbox(StreamRequestHandler):
    """As much of a mail server as a client asks for."""

    def handle(self):
        self.wfile.write(b"220 mail\r\n")
        while line := self.rfile.readline():
            command = line.strip().upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 fine\r\n")


@pytest.fixture
def mailbox():
    """A mail server on this machine."""
    with ThreadingTCPServer(("127.0.0.1", 0), _Mailbox) as server:
        server.received, server.daemon_threads = [], True
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def received(mailbox):
    """Everything that arrived since the last look: from, to, subject, words."""
    letters = [message_from_bytes(data, policy=policy.default) for data in mailbox.received]
    mailbox.received.clear()
    return [(mail["from"], mail["to"], mail["subject"], mail.get_content()) for mail in letters]


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="a site of its own, on a SQLite file")
def test_submitting_writes_to_reviewers_and_rejecting_to_the_author(tmp_path, mailbox):
    data, content = tmp_path / "data", write_guide(tmp_path / "content")
    told = {
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.server_address[1]}", "MAIL_FROM": "guide@bank.example",
        "SITE_URL": "http://127.0.0.1:8123", "PYTHONPATH": ".",
    }  # fmt: skip
    prepare = ["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["load_content", str(content)]
    for command in (*prepare, ["shell", "-c", SUBMIT], ["send_letters"]):
        manage(data, *command, **told)
    ((sender, to, subject, words),) = received(mailbox)
    assert (sender, to, subject) == ("guide@bank.example", "li@bank.example", "待审核：倾听 · 第 2 版")
    assert "修改原因：说得更重" in words
    assert "http://127.0.0.1:8123/admin/pages/revision/" in words

    manage(data, "shell", "-c", REJECT, **told)
    manage(data, "send_letters", **told)
    ((sender, to, subject, words),) = received(mailbox)
    assert (to, subject) == ("wang@bank.example", "已退回：倾听 · 第 2 版")
    assert "意见：说得太重" in words
