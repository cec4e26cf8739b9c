import base64
import hashlib
import re

from guide.pages.policy import csp_hash, inline_script_hash


def sha(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_hash_is_the_one_that_browsers_compute():
    assert csp_hash("b{color:red}") == sha("b{color:red}")


def test_script_is_what_stands_between_its_tags(tmp_path):
    (tmp_path / "early.html").write_text("<script>let a = 1</script>\n", encoding="utf-8")

    assert inline_script_hash(tmp_path / "early.html") == sha("let a = 1")


def test_policy_allows_every_inline_script_of_a_page_and_nothing_unsafe(guide, client):
    response = client.get("/guide/talk/complaints/")
    policy = response.headers["Content-Security-Policy"]
    scripts = re.findall(r"<script>(.*?)</script>", response.content.decode(), re.DOTALL)

    assert scripts
    assert all(sha(script) in policy for script in scripts)
    assert "unsafe" not in policy
    assert "nonce" not in policy
