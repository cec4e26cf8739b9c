"""Debian's Chromium, driven by Playwright."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.site import free_port, manage, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items):
    """Mark what is here; leave it out only where that was asked for."""
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if os.environ.get("BROWSER_TESTS") == "off":
                item.add_marker(pytest.mark.skip(reason="BROWSER_TESTS=off"))


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests; without Chromium the tests fail, saying what to install."""
    if CHROMIUM is None:
        pytest.fail("Chromium is missing: apt-get install chromium fonts-noto-cjk, or BROWSER_TESTS=off")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_data(tmp_path_factory):
    """The folder that the site below writes to."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(site_data):
    """The real guide, served as `make run` serves it, with an administrator; gives its address."""
    port = free_port()
    with serving(site_data, port):
        manage(
            site_data, "createsuperuser", "--noinput", "--username=boss", "--email=", DJANGO_SUPERUSER_PASSWORD="pass-word-12"
        )
        yield f"http://127.0.0.1:{port}"


def wait_for_scripts(page):
    """Wait until the scripts of a reader's page have run: they begin after its first picture."""
    page.wait_for_selector("html:not([data-late])", state="attached")


def await_scripts(page):
    """Let `page.goto` come back when the scripts of a reader's page have run."""
    go = page.goto

    def goto(address):
        answer = go(address)
        wait_for_scripts(page)
        return answer

    page.goto = goto


@pytest.fixture
def opened(chromium, site):
    """Opens pages of a context of its own with `options`; closes them all afterwards."""
    contexts = []

    def open_page(path, width=360, height=640, **options):
        context = chromium.new_context(base_url=site, locale="zh-CN", viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        if options.get("java_script_enabled", True):
            await_scripts(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(params=[360, 768, 1440])
def page(chromium, site, request):
    """A page at each width, that fails on a script error, a refused policy or a request to elsewhere."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, base_url=site, locale="zh-CN")
    opened = context.new_page()
    await_scripts(opened)
    faults = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda request: None if request.url.startswith((site, "data:")) else faults.append(request.url))
    yield opened
    context.close()
    assert faults == []
