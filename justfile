# The list of commands. `just` prints it; without just on the machine: python3 go.py run just

set shell := ["sh", "-euc"]

run := "python3 go.py run"
compile := "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url"

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Everything that CI checks before the tests
check: lock lint types imports ui-check

# The lock files fit pyproject.toml
lock:
    {{ run }} pytest -q tests/unit/test_lock.py

# Style and likely mistakes
lint:
    {{ run }} ruff check
    {{ run }} ruff format --check

# Types, strictly
types:
    {{ run }} mypy

# Imports point down, siblings stay apart, the core does no I/O
imports:
    {{ run }} lint-imports --no-cache # its cache takes a module that became a package for the old one

# Correct what can be corrected without thinking
fix:
    {{ run }} ruff check --fix
    {{ run }} ruff format

# The lock files anew after a change of dependencies; versions stay, unless asked: just relock --upgrade
relock *arguments:
    {{ run }} {{ compile }} --group build -o lock/runtime.txt {{ arguments }} pyproject.toml
    {{ run }} {{ compile }} --group node -o lock/node.txt {{ arguments }}
    {{ run }} {{ compile }} --group dev -c lock/runtime.txt -o lock/dev.txt {{ arguments }} pyproject.toml

# Anything that npm does in ui/, with its tools: just ui run dev, just ui run lint
ui *arguments:
    {{ run }} python hatch_build.py {{ arguments }}

# The types and the style of ui/
ui-check:
    {{ run }} python hatch_build.py run types
    {{ run }} python hatch_build.py run lint
    {{ run }} python hatch_build.py run test

# A picture of every page, in both themes and languages, into build/screenshots
screenshots *arguments:
    {{ run }} python -m scripts.screenshots {{ arguments }}

# The tests, with any pytest arguments
test *arguments:
    {{ run }} pytest -n auto {{ arguments }}

# The tests on every supported Python, each in its own environment (all three must be on PATH)
matrix *arguments:
    for version in 3.11 3.12 3.13; do \
      TOWPATH_VENV=".venv-$version" "python$version" go.py test {{ arguments }}; \
    done

# The long loops: crashes at random moments, many more generated examples
nightly *arguments:
    HYPOTHESIS_PROFILE=nightly {{ run }} pytest -n auto -m "nightly or not nightly" --timeout 3600 {{ arguments }}

# Check every commit before it is made
hooks:
    {{ run }} pre-commit install
