"""`make run`: brings database, content, index and static files up to date, then serves. Like urls.py it sees all apps.

Ends by becoming supervisord, which keeps gunicorn and the worker running and takes both down with it.
"""

import fcntl
import os
import socket
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

# supervisord closes every descriptor from 5 up when it starts; the lock must outlive the change of program.
_LOCK_DESCRIPTOR = 3

_CONFIGURATION = """\
[supervisord]
nodaemon = true
silent = true
logfile = /dev/null
logfile_maxbytes = 0
pidfile = {data}/supervisord.pid
{user}
[program:web]
environment = {memory}
command = {bin}/gunicorn guide.wsgi --bind {host}:{port} --workers {workers} --threads 4 --preload --no-control-socket
{common}
[program:worker]
command = {bin}/python -m guide.worker
{common}
"""
# Freed memory goes back to the system, and threads share one arena: 3 MB less in each process.
_MEMORY = 'MALLOC_ARENA_MAX="1",MALLOC_TRIM_THRESHOLD_="131072",MALLOC_MMAP_THRESHOLD_="131072"'
_COMMON = """\
directory = {base}
autorestart = true
startsecs = 1
stopwaitsecs = 8
stopasgroup = true
killasgroup = true
stdout_logfile = /dev/stdout
stdout_logfile_maxbytes = 0
stderr_logfile = /dev/stderr
stderr_logfile_maxbytes = 0
"""


def main() -> int:  # noqa: RET503  # execv does not come back
    """Prepare and serve. Returns only when it refuses: another run holds DATA_DIR, the port, or there is no guide."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")
    django.setup()
    refusal = _lock() or _port_taken() or _prepare()
    if refusal:
        print(refusal, file=sys.stderr)
        return 1
    _greet()
    supervisord = Path(sys.executable).with_name("supervisord")
    os.execv(supervisord, [str(supervisord), "--configuration", str(_write_configuration())])


def _lock() -> str:
    """Hold DATA_DIR for this run; the reason why not, when another run holds it."""
    descriptor = os.open(settings.DATA_DIR / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    if descriptor != _LOCK_DESCRIPTOR:
        os.dup2(descriptor, _LOCK_DESCRIPTOR)
        os.close(descriptor)
    os.set_inheritable(_LOCK_DESCRIPTOR, True)
    try:
        fcntl.flock(_LOCK_DESCRIPTOR, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return f"已有一个服务在用 {settings.DATA_DIR}。先停掉它，或用另一个 DATA_DIR。"
    return ""


def _port_taken() -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            return f"不能使用 {settings.HOST}:{settings.PORT}（{error.strerror}）。用 PORT=… 换一个端口。"
    return ""


def _prepare() -> str:
    """Migrate, load, index, collect static files; the reason why it cannot be served, if so."""
    from guide.pages import kept

    call_command("migrate", verbosity=0, interactive=False)
    kept.start_afresh()
    is_refused = _load() == 1
    if is_refused and not _has_guide():
        return "内容有错，数据库里也还没有指南，不能启动。改好上面的错误后再运行。"
    if is_refused:
        print("内容有错，没有载入；继续提供数据库里原有的指南。", file=sys.stderr)
    if is_refused:
        call_command("refresh_index")
    _collect_static()
    return ""


def _collect_static() -> None:
    """Collect, name by content and compress the static files, unless that was done for this release already."""
    from guide.pages import kept

    done = settings.DATA_DIR / "static.release"
    if done.exists() and done.read_text(encoding="ascii") == kept.release():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    done.write_text(kept.release(), encoding="ascii")


def _load() -> int:
    try:
        call_command("load_content")
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def _has_guide() -> bool:
    from guide.pages.models import Page

    return bool(Page.objects.published().exists())


def _write_configuration() -> Path:
    path = settings.DATA_DIR / "supervisord.conf"
    common = _COMMON.format(base=settings.BASE_DIR)
    user = "user = root\n" if os.geteuid() == 0 else ""
    text = _CONFIGURATION.format(
        data=settings.DATA_DIR, bin=Path(sys.executable).parent, host=settings.HOST, port=settings.PORT,
        workers=settings.WORKERS, common=common, user=user, memory=_MEMORY,
    )  # fmt: skip
    path.write_text(text.replace("%", "%%"), encoding="utf-8")
    return Path(path)


def _greet() -> None:
    print(f"指南已在 {settings.SITE_URL}/ 提供服务（按 Ctrl-C 停止）。")
    print(f"建立管理员：DATA_DIR={settings.DATA_DIR} .venv/bin/python manage.py createsuperuser", flush=True)


if __name__ == "__main__":
    sys.exit(main())
