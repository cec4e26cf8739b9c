import base64
import hashlib

from guide.pages.styles import INLINE, csp_hash, first_part


def test_first_part_ends_at_its_line():
    assert first_part("a{}\n/* end of the first screen */\nb{}\n") == "a{}\n"
    assert first_part("a{}\n") == ""


def test_hash_is_the_one_that_browsers_compute():
    wanted = base64.b64encode(hashlib.sha256(b"b{color:red}").digest()).decode()

    assert csp_hash("b{color:red}") == f"'sha256-{wanted}'"


def test_inlined_style_cannot_end_its_element():
    assert "<" not in INLINE
