"""A real Chromium on a real server: where it is found, how it is started, and what it complained about."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from towpath.api.pages import Pages

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_chromium() -> str | None:
    """The browser named by TOWPATH_CHROMIUM, else one on PATH, else Playwright's own."""
    named = os.environ.get("TOWPATH_CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    folders = (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright")
    own = [path for folder in folders for path in sorted(folder.glob("chromium-*/chrome-*/chrome"))]
    return str(own[-1]) if own else None


def missing() -> str | None:
    """What is not here for the stories to be played, or None."""
    if not Pages():
        return "the pages are not built (python3 go.py builds them; it needs the npm registry once)"
    if find_chromium() is None:
        return "there is no Chromium here (TOWPATH_CHROMIUM names one; Debian has the package chromium)"
    return None


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, with a profile of its own that is thrown away."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        environment = {**os.environ, "HOME": home}
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS), env=environment)
        try:
            yield browser
        finally:
            browser.close()


class Complaints(list[str]):
    """What a page writes to its console as an error, throws, or is refused by the content security policy."""

    def listen(self, page: Page) -> None:
        """Write down what this page complains about from now on."""
        page.on("console", lambda message: self._note(message) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        self.append(f"{message.text} ({message.location.get('url', '')})")


def new_context(browser: Browser, *, language: str = "en", theme: str = "light", width: int = 1280) -> BrowserContext:
    """A window of its own, as somebody with this language, theme and screen would have it."""
    context = browser.new_context(
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": width, "height": 800 if width > 600 else 844},
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return context


class Towpath:
    """``towpath serve`` on a folder, as a user starts it; says its address and the first owner's link."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "towpath.main", "--folder", str(folder), "--json", "serve", "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url, self.link, self.token = "", "", ""

    def __enter__(self) -> Self:
        assert self.process.stdout is not None
        text = ""
        for line in self.process.stdout:
            text += line
            if line.startswith("}"):
                break
        assert text, self.process.communicate()[1]
        told = json.loads(text)
        self.url, self.link, self.token = told["url"], told["link"], told["token"]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
