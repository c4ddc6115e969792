"""One command to begin: makes the project's own environment, then runs the demo, the tests, or any command in it.

It needs Python 3.11 or newer and nothing else, and writes only into this folder (``.venv``, ``.tools``, the demo's
data folder) and uv's own cache. The first run needs a package index; later runs work offline, and start at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import hatch_build

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
VENV = ROOT / (os.environ.get("TOWPATH_VENV") or ".venv")
STAMP = VENV / "towpath.stamp"
OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 7)

USAGE = """usage: python3 go.py COMMAND [ARGUMENTS...]

  demo [--once] [--json] [--data FOLDER]   set up, then run CRM workflows over thousands of records
  serve [--port NUMBER] [--host ADDRESS]   set up, then run the pages, the API and the worker on the folder .towpath
  test [pytest arguments]                  set up, then pass the tests
  run COMMAND [ARGUMENTS...]               set up, then run any command: go.py run towpath --help
"""

# name: (the lock file that it needs, the command, where to look next)
TASKS = {
    "demo": (
        "runtime",  # the tools of development are not needed to look at the product
        ["towpath", "demo"],
        "Next: docs/tutorial/ explains what you saw; `python3 go.py run towpath --help` lists every command.",
    ),
    "serve": ("runtime", ["towpath", "serve"], ""),
    "test": (
        "dev",
        ["pytest", "-n", "auto"],
        "Next: CONTRIBUTING.md says how to change Towpath; `python3 go.py run just` lists the other commands.",
    ),
    "run": ("dev", [], ""),
}


def main(arguments: list[str]) -> int:
    """Run the command named by the first argument with the others added; returns its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        return start_again_with_newer_python(arguments)
    if not arguments or arguments[0] not in TASKS or arguments == ["run"]:
        asked_for_help = arguments[:1] in (["-h"], ["--help"])
        print(USAGE, end="", file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else 2
    lock, command, next_steps = TASKS[arguments[0]]
    if not (is_ready(lock) or make_ready(lock)):
        return 1
    make_pages(again=arguments[0] != "run")
    code = run([*command, *arguments[1:]])
    if code == 0 and next_steps and "CI" not in os.environ:
        print(f"\n{next_steps}", file=sys.stderr)  # stdout belongs to the command: `demo --json` is for programs
    return code


def start_again_with_newer_python(arguments: list[str]) -> int:
    """Continue in a newer Python found on PATH; without one, say what is missing."""
    for version in ("3.13", "3.12", "3.11", "3.14"):
        python = shutil.which("python" + version)
        # Version managers leave launchers on PATH for versions that are switched off: ask before using one.
        if python and answers([python, "-c", "import sys; print(sys.version)"]):
            os.execv(python, [python, __file__, *arguments])
    found = ".".join(map(str, sys.version_info[:3]))
    return complain(
        f"Towpath needs Python 3.11 or newer. {sys.executable} is Python {found}, and no newer one is on PATH.",
        "Install one (Linux: the package python3.13, python3.12 or python3.11; macOS: brew install python),",
        "then run this command again with it, for example: python3.13 go.py demo",
    )


def is_ready(lock: str) -> bool:
    """Whether the environment already holds what the lock file asks for; whatever demo needs, the tools include."""
    if not made_by_this_python() or not STAMP.exists():
        return False
    return STAMP.read_text(encoding="ascii") in (stamp_for(lock), stamp_for("dev"))


def made_by_this_python() -> bool:
    """Whether the environment is there, belongs to this Python's version, and its own Python has not been removed."""
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))
    return packages.is_dir() and (VENV / "bin" / "python").exists()


def stamp_for(lock: str) -> str:
    """What a finished set-up leaves. It changes with the lock file, with pyproject.toml and when the folder moves."""
    content = [str(ROOT).encode(), *(path.read_bytes() for path in (ROOT / "pyproject.toml", lock_file(lock)))]
    return f"{lock} {hashlib.sha256(bytes(1).join(content)).hexdigest()}"


def lock_file(lock: str) -> Path:
    """The versions and hashes of everything that goes into an environment of this kind."""
    return ROOT / "lock" / f"{lock}.txt"


def make_ready(lock: str) -> bool:
    """Set up the environment, unless another go.py is doing so: then wait for that one."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "set-up.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return is_ready(lock) or set_up(lock)


def set_up(lock: str) -> bool:
    """Make the environment where it is missing, install what is locked, and then this folder itself."""
    uv = find_uv() or install_uv()
    if uv is None:
        return False
    print(f"Setting up {VENV.name}/ from lock/{lock}.txt ...", file=sys.stderr)
    STAMP.unlink(missing_ok=True)  # a set-up that is broken off must not look finished
    if all(run([uv, *step], TOWPATH_UI="skip") == 0 for step in set_up_steps(lock)):
        STAMP.write_text(stamp_for(lock), encoding="ascii")
        return True
    complain(
        "The environment could not be set up; uv's own message is above.",
        "Check the network (or the proxy settings), then run the same command again.",
        f"If that does not help, remove the folder {VENV.name} first: it is made anew.",
    )
    return False


def set_up_steps(lock: str) -> list[list[str]]:
    """The commands of uv. Each does nothing when its work is done, and none removes what somebody added by hand."""
    into = ["pip", "install", "--quiet", "-p", str(VENV / "bin" / "python")]
    steps = [
        [*into, "--require-hashes", "-r", str(lock_file(lock))],
        # hatchling is locked: building asks no index; the pages are a step of their own, which may fail alone
        [*into, "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    ]
    if not made_by_this_python():
        if (VENV / "pyvenv.cfg").exists():
            shutil.rmtree(VENV)
        steps.insert(0, ["venv", "--quiet", "--relocatable", "-p", sys.executable, str(VENV)])
    return steps


def make_pages(*, again: bool) -> None:
    """Build the web pages where they are not those of ui/. What fails is told, and everything else works without.

    ``again`` tries once more what has failed before.
    """
    if not hatch_build.stale(ROOT):
        return
    failed, sources = VENV / "pages-failed.stamp", hatch_build.sources_hash(ROOT / "ui")
    if not again and failed.exists() and failed.read_text(encoding="ascii") == sources:
        return
    with (TOOLS / "set-up.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not hatch_build.stale(ROOT):  # another go.py has just built them
            return
        print("Building the web pages from ui/ ...", file=sys.stderr)
        if all(run(step, TOWPATH_UI="auto") == 0 for step in page_steps()):
            return
    failed.write_text(sources, encoding="ascii")
    complain(
        "The web pages could not be built; the message is above. Everything else works: the API, the commands.",
        "They need the npm registry once: check the network (or npm's proxy settings), then run the command again.",
        "TOWPATH_UI=skip leaves them out without a word.",
    )


def page_steps() -> list[list[str]]:
    """The commands that build the pages: Node first, where there is none that is new enough."""
    python = str(VENV / "bin" / "python")
    into = ["pip", "install", "--quiet", "-p", python]
    node = [find_uv() or "uv", *into, "--require-hashes", "-r", str(lock_file("node"))]
    return [*([] if hatch_build.system_npm() else [node]), [python, str(ROOT / "hatch_build.py")]]


def find_uv() -> str | None:
    """A uv that is new enough, from PATH or from this folder."""
    for uv in (shutil.which("uv"), shutil.which("uv", path=str(TOOLS / "bin"))):
        version = re.match(r"uv (\d+)\.(\d+)", answers([uv, "--version"])) if uv else None
        if version and (int(version[1]), int(version[2])) >= OLDEST_UV:
            return uv
    return None


def install_uv() -> str | None:
    """Get uv through pip into ``.tools``; nothing outside this folder changes."""
    print("Getting uv into .tools/ (once) ...", file=sys.stderr)
    pip = find_pip()
    if pip is None:
        complain(
            "Towpath sets itself up with uv; uv is missing, and this Python has no pip to get it with.",
            "Install one of the two, then run the same command again:",
            "  Debian, Ubuntu: apt install python3-pip    Fedora: dnf install python3-pip    macOS: brew install uv",
        )
        return None
    wanted = "uv>={}.{}".format(*OLDEST_UV)
    # Settings of the user that would send the package elsewhere, or refuse to work outside a virtual environment.
    neutral = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    command = [*pip, "install", "--quiet", "--disable-pip-version-check", "--upgrade", "--target", str(TOOLS), wanted]
    if subprocess.call(command, env=neutral) != 0 or find_uv() is None:
        complain(
            "pip could not get uv; its own message is above.",
            "Check the network (or the proxy settings), then run the same command again.",
        )
    return find_uv()


def find_pip() -> list[str] | None:
    """The command that starts pip: this Python's own, or else one in a virtual environment made for it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    home = TOOLS / "pip"
    if importlib.util.find_spec("ensurepip") and subprocess.call([sys.executable, "-m", "venv", str(home)]) == 0:
        return [str(home / "bin" / "python"), "-m", "pip"]
    return None


def run(command: list[str], **variables: str) -> int:
    """Run the command in this folder and return its exit code; Ctrl-C and termination are the command's to handle."""
    try:
        child = subprocess.Popen(command, cwd=ROOT, env={**environment(), **variables})
    except OSError as problem:
        complain(f"{command[0]} cannot be started: {problem.strerror}. Is its name spelled right?")
        return 127
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal sends it to the child as well
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


def environment() -> dict[str, str]:
    """The variables for a command: programs of the environment come first, and a uv in ``.tools`` can be found too."""
    path = [str(VENV / "bin"), os.environ.get("PATH", os.defpath), str(TOOLS / "bin")]
    ours = {"PATH": os.pathsep.join(path), "VIRTUAL_ENV": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    return {**os.environ, **ours}


def answers(command: list[str]) -> str:
    """What a command prints, or nothing when it cannot be run or fails."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def complain(*lines: str) -> int:
    """Say what is wrong and what to do about it; returns the exit code for it."""
    print("\n".join(lines), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
