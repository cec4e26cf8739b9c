import pytest

from tests.factories import ASKED, write_guide


@pytest.fixture
def folder(tmp_path):
    """The small guide's files; one of its principles says how people ask for it."""
    return write_guide(tmp_path / "content", {"01-talk/01-complaints.md": ASKED})
