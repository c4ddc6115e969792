"""Takes a picture of every page, in both themes and languages and on a phone: python -m scripts.screenshots [FOLDER]

It starts a server on the demo's data (made where there is none) and Chromium, and writes PNG files into FOLDER
(default: build/screenshots). They are for people to look at; no test compares them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import Complaints, Towpath, chromium, missing, new_context

NEW = '[{"field":"status","operator":"in","value":["New","Contacted"]}]'
PAGES = {
    "home": "", "measure": "measure/lead-capture", "tasks": "tasks?who=all", "leads": "records/Lead",
    "filter": f"records/Lead?filters={quote(NEW)}", "board": "records/Deal?board=stage", "objects": "settings/objects",
    "runs": "runs", "workflows": "workflows", "workflow": "workflows/lead-capture", "templates": "templates",
    "designer": "workflows/lead-capture/design", "counts": "workflows/lead-capture/design?counts=all",
    "profile": "settings/profile", "people": "settings/people", "tokens": "settings/tokens", "audit": "settings/audit",
    "missing": "no/such/page",
}  # fmt: skip
FIRST = {
    "record": ("records/Lead", "[role=row] a"),
    "run": ("runs", "tbody a"),
    "task": ("tasks?who=all", "main li button"),
}
LOOKS = [(language, theme, 1280) for language in ("en", "zh-CN") for theme in ("light", "dark")] + [
    ("en", "light", 390)
]


def main() -> int:
    """Take the pictures; 1 when a page complained on its console."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    arguments.add_argument("--data", type=Path, help="a demo's data folder that is there already")
    arguments.add_argument("--only", help="names of pages, with commas")
    arguments.add_argument("--looks", help="such as en-light-1280,zh-CN-dark-1280")
    given = arguments.parse_args()
    lacking = missing()
    if lacking:
        print(lacking, file=sys.stderr)
        return 1
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        data = given.data or Path(scratch) / "demo"
        if given.data is None:
            command = [sys.executable, "-m", "towpath.main", "--folder", str(data), "demo", "--once"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with Towpath(data) as server, chromium() as browser:
            return _take(browser, server, given.folder, given.only, given.looks)


def _take(browser: Browser, server: Towpath, folder: Path, only: str | None, looks: str | None) -> int:
    wanted = set(only.split(",")) if only else {"sign-in", *PAGES, *FIRST}
    complaints = Complaints()
    state = _signed_in(browser, server)
    for language, theme, width in LOOKS:
        look = f"{language}-{theme}-{width}"
        if looks and look not in looks.split(","):
            continue
        context = new_context(browser, language=language, theme=theme, width=width)
        page = context.new_page()
        complaints.listen(page)
        if "sign-in" in wanted:
            _shoot(page, f"{server.url}/app/sign-in", folder / f"sign-in-{look}.png")
        context.add_cookies(state)
        for name in wanted & PAGES.keys():
            _shoot(page, f"{server.url}/app/{PAGES[name]}", folder / f"{name}-{look}.png")
        for name in wanted & FIRST.keys():
            path, link = FIRST[name]
            page.goto(f"{server.url}/app/{path}")
            page.locator(link).first.click()
            _shoot(page, None, folder / f"{name}-{look}.png")
        context.close()
    for complaint in dict.fromkeys(complaints):
        print(f"the console says: {complaint}", file=sys.stderr)
    print(f"pictures are in {folder}")
    return 1 if complaints else 0


def _signed_in(browser: Browser, server: Towpath) -> list[dict[str, object]]:
    context = new_context(browser)
    page = context.new_page()
    page.goto(server.link)
    page.get_by_role("heading", name="Home").wait_for()
    cookies = [dict(cookie) for cookie in context.cookies()]
    context.close()
    return cookies


def _shoot(page: Page, address: str | None, path: Path) -> None:
    if address:
        page.goto(address)
    page.locator("h1, main p").first.wait_for()
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)
    page.wait_for_timeout(350)
    page.screenshot(path=str(path))


if __name__ == "__main__":
    sys.exit(main())
