"""Kept pages between processes: two serve, a third edits; nobody is shown an old page once the edit has returned."""

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories import COMPLAINTS, write_guide
from tests.site import free_port, manage, serving, wait_for

SECTION = "/guide/talk/complaints/"
BUMP = "from guide.pages.models import *; Page.objects.filter(slug='complaints').update(summary='进程被杀。'); \
GuideVersion.objects.update(number=GuideVersion.current() + 1)"


def get(port, path=SECTION):
    """A request on a connection of its own, so that either process may answer it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


def many(port, path=SECTION, times=20):
    with ThreadPoolExecutor(times) as pool:
        return set(pool.map(lambda _: get(port, path), range(times)))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The small guide on two processes; gives port, data folder and content folder."""
    home, port = tmp_path_factory.mktemp("kept"), free_port()
    content = write_guide(home / "content")
    with serving(home / "data", port, content):
        yield port, home / "data", content


def test_twenty_at_once_are_given_one_page(site):
    port, data, _ = site
    answers = many(port)

    assert len(answers) == 1
    assert {status for status, _ in answers} == {200}
    assert list(data.glob("pages/*/*.html.br"))
    assert not list(data.glob("pages/*/tmp*"))


def test_no_process_shows_an_old_page_after_an_edit_has_returned(site):
    port, data, content = site
    for turn in range(3):
        many(port)
        write_guide(content, {"01-talk/01-complaints.md": COMPLAINTS.replace("先听完", f"第{turn}次改")})
        manage(data, "load_content", str(content))

        answers = many(port)
        assert len(answers) == 1
        assert all(f"第{turn}次改" in body for _, body in answers)


def test_edit_of_a_killed_process_is_noticed_by_the_worker(site):
    port, data, _ = site
    many(port)
    manage(data, "shell", "-v0", "-c", BUMP)

    assert wait_for(lambda: all("进程被杀" in body for _, body in many(port)), 20)
    assert wait_for(lambda: len([entry for entry in (data / "pages").iterdir() if entry.is_dir()]) == 1, 20)


def test_withdrawn_page_is_gone_from_every_process_at_once(site):
    port, data, content = site
    path = "/guide/practice/cases/come-back/"
    many(port, path)
    (content / "02-practice/01-cases/come-back.md").unlink()
    section = (content / "01-talk/01-complaints.md").read_text(encoding="utf-8")
    (content / "01-talk/01-complaints.md").write_text(
        section.replace("card: {say: 1, case: come-back}\n", ""), encoding="utf-8"
    )
    manage(data, "load_content", str(content))

    assert {status for status, _ in many(port, path)} == {410}
