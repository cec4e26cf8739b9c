import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from guide.search.folding import fold, forget_old
from guide.search.log import path_of
from guide.search.models import LogFile, LoggedSearch
from tests.site import ROOT, environment, manage


def record(query="投诉", **values):
    told = {"at": "2026-11-26T08:00:00+00:00", "kind": "page", "query": query, "count": 1, **values}
    return b"\x1e" + json.dumps(told).encode() + b"\n"


def append(settings, data, day=None):
    path = path_of(day or datetime.now(UTC))
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        file.write(data)
    return path


def queries():
    return list(LoggedSearch.objects.order_by("pk").values_list("query", flat=True))


def test_each_record_is_taken_once(db, settings):
    append(settings, record("甲") + record("乙"))
    fold()
    append(settings, record("丙"))
    fold()
    fold()

    assert queries() == ["甲", "乙", "丙"]


def test_record_still_being_written_waits(db, settings):
    whole = record("乙")
    append(settings, record("甲") + whole[:20])
    fold()
    append(settings, whole[20:])
    fold()

    assert queries() == ["甲", "乙"]


@pytest.mark.parametrize("torn", [record("坏")[:30], b"\x1e\n", b"\x1e{}\n", b"\x1e\xff\xfe\n", b"\x1e[1]\n", b"junk"])
def test_torn_record_harms_no_other(db, settings, torn):
    append(settings, record("甲") + torn + record("乙"))
    fold()

    assert queries() == ["甲", "乙"]


def test_folding_that_fails_half_way_leaves_nothing_and_is_made_good(db, settings, monkeypatch):
    append(settings, record("甲"))

    def die(self, *arguments, **options):
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(LogFile, "save", die)
        with pytest.raises(OSError, match="killed"):
            fold()
    assert queries() == []

    fold()
    assert queries() == ["甲"]


def test_file_whose_day_is_over_is_taken_and_removed(db, settings):
    old = append(settings, record("甲"), datetime.now(UTC) - timedelta(days=3))
    new = append(settings, record("乙"))
    fold()

    assert queries() == ["甲", "乙"]
    assert (old.exists(), new.exists(), LogFile.objects.count()) == (False, True, 1)


def test_alike_questions_have_one_key(db, settings):
    append(settings, record("ＫＹＣ  是什麼？") + record("kyc 是什么") + record(" Kyc 是什么?"))
    fold()

    assert set(LoggedSearch.objects.values_list("key", flat=True)) == {"kyc 是什么"}


def test_rows_are_kept_for_the_days_set_and_no_longer(db, settings):
    settings.SEARCH_LOG_DAYS = 30
    for name, days in (("旧", 31), ("新", 29)):
        LoggedSearch.objects.create(query=name, key=name, kind="page", count=1, at=timezone.now() - timedelta(days=days))
    forget_old()

    assert queries() == ["新"]


def test_names_go_when_the_setting_is_turned_off(db, settings):
    LoggedSearch.objects.create(query="甲", key="甲", kind="page", count=1, at=timezone.now(), user_name="reader")
    settings.SEARCH_LOG_USERS = False
    forget_old()

    assert LoggedSearch.objects.get().user_name == ""


_FOLDER = """
import django
django.setup()
from guide.search import folding
folding._CHUNK = 2000
print("ready", flush=True)
folding.fold()
"""


def test_killed_folding_takes_every_record_exactly_once(tmp_path):
    manage(tmp_path, "migrate", "-v0")
    path = tmp_path / "search-log" / f"{datetime.now(UTC):%Y-%m-%d}.json-seq"
    path.parent.mkdir()
    path.write_bytes(b"".join(record(f"词{number}") for number in range(4000)))
    variables = environment(tmp_path, 0) | {"DJANGO_SETTINGS_MODULE": "guide.settings"}
    for trial in range(4):
        process = subprocess.Popen([sys.executable, "-c", _FOLDER], cwd=ROOT, env=variables, stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.02 + 0.03 * trial)
        process.kill()
        process.wait()
    subprocess.run([sys.executable, "-c", _FOLDER], cwd=ROOT, env=variables, check=True, capture_output=True)
    count = "from guide.search.models import *; r = LoggedSearch.objects.values_list('query'); print(len(r), len(set(r)))"

    assert manage(tmp_path, "shell", "-v0", "-c", count).split()[-2:] == ["4000", "4000"]
