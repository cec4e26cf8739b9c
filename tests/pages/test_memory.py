import pytest

from guide.pages.memory import ObjectCache


@pytest.fixture
def memory():
    return ObjectCache("", {"TIMEOUT": None, "OPTIONS": {"MAX_ENTRIES": 2}})


def test_what_is_put_in_comes_out_itself(memory):
    value = ["anything"]
    memory.set("a", value)

    assert memory.get("a") is value
    assert memory.get("b", "nothing") == "nothing"


def test_what_was_not_used_longest_makes_room(memory):
    memory.set("a", 1)
    memory.set("b", 2)
    memory.get("a")
    memory.set("c", 3)

    assert memory.get_many(["a", "b", "c"]) == {"a": 1, "c": 3}


def test_value_ends_when_it_was_told_to(memory, monkeypatch):
    memory.set("a", 1, timeout=60)
    monkeypatch.setattr("time.time", lambda: 4e9)

    assert memory.get("a") is None
    assert memory.touch("a") is False


def test_add_keeps_what_is_there_and_counting_works(memory):
    assert memory.add("a", 1)
    assert not memory.add("a", 5)
    assert memory.incr("a", 2) == 3
    assert memory.delete("a")
    assert not memory.delete("a")
