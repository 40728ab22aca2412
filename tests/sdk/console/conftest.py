"""Fixtures of the suite: Debian's Chromium, which may reach the emulator and nothing else."""

import pathlib
import shutil

import pytest
from playwright.sync_api import sync_playwright
from seeded import ENDPOINT, WAY

# Where pages are opened: by real host names, at a host of the real console. The certificate of the emulator is not in the browser's store.
BASE = "https://account.aliyun.com" if WAY == "hosts" else ENDPOINT
OURS = (BASE, "data:", *(["https://"] if WAY == "hosts" else []))
SHOTS = pathlib.Path(__file__).resolve().parent.parent / ".work" / "console" / "shots"
# What a browser may say without there being a mistake: a page that is not found, or not to be seen without a log-in.
EXPECTED = "Failed to load resource: the server responded with a status of"


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        # Root may run it only without its sandbox; it opens pages of this machine only.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Opens browsers of their own; in the end, none may have asked another server or have been stopped by the policy."""
    strangers, mistakes, contexts = [], [], []

    def guard(route):
        # On a machine of its own, a packet for another server goes nowhere.
        if route.request.url.startswith(OURS):
            return route.continue_()
        strangers.append(route.request.url)
        return route.abort()

    def new(language="en", scheme="light", width=1280, **more):
        context = chromium.new_context(
            base_url=BASE,
            locale=language,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            ignore_https_errors=WAY == "hosts",
            **more,
        )
        context.set_default_timeout(15_000)
        context.route("**/*", guard)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and EXPECTED not in said.text and mistakes.append(said.text))
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert (strangers, mistakes) == ([], [])


@pytest.fixture(scope="session")
def shots():
    """Where screenshots are put."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS
