# The list of commands. `just` prints it; without just on the machine: python3 go.py run just

set shell := ["sh", "-euc"]
export UV_PYTHON_DOWNLOADS := "never"

uv := env("UV", "uv")
run := uv + " run --frozen"

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Everything that CI checks before the tests
check: lock lint types imports

# The lock file fits pyproject.toml
lock:
    {{ uv }} lock --check --quiet

# Style and likely mistakes
lint:
    {{ run }} ruff check
    {{ run }} ruff format --check

# Types, strictly
types:
    {{ run }} mypy

# Imports point down, siblings stay apart, the core does no I/O
imports:
    {{ run }} lint-imports

# Correct what can be corrected without thinking
fix:
    {{ run }} ruff check --fix
    {{ run }} ruff format

# The tests, with any pytest arguments
test *arguments:
    {{ run }} pytest -n auto {{ arguments }}

# The tests on every supported Python that this machine has to offer (all three must be installed)
matrix *arguments:
    for version in 3.11 3.12 3.13; do \
      {{ run }} --isolated -p "$version" pytest -n auto {{ arguments }}; \
    done

# The long loops: crashes at random moments, many more generated examples
nightly *arguments:
    HYPOTHESIS_PROFILE=nightly {{ run }} pytest -n auto -m "nightly or not nightly" --timeout 3600 {{ arguments }}

# Check every commit before it is made
hooks:
    {{ run }} pre-commit install
