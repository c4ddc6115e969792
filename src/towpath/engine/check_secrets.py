"""Finds passwords, keys and tokens that were written into a workflow in plain text.

Known forms of keys are errors; a random-looking value under a telling name is one too; other random-looking
values are a warning. The value itself is never repeated in the finding.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from towpath.expr import is_template
from towpath.model.problem import Problem
from towpath.model.workflow import WorkflowDefinition

_HINT = "Store it as a connection and name the connection in the node; files and logs are read by many."
_KNOWN = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a JSON web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a Google key": r"\bAIza[\w-]{35}\b",
    "a GitHub token": r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,})",
    "a GitLab token": r"\bglpat-[\w-]{20,}",
    "a Slack token": r"\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/services/\w+/\w+/\w+",
    "a Stripe key": r"\b[rs]k_(?:live|test)_\w{16,}",
    "an API key": r"\bsk-[\w-]{20,}|\bpat-[a-z]{2}\d-[\w-]{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b",
    "a Salesforce session": r"\b00D\w{12,15}![\w.]{40,}",
    "an authorization header": r"(?i)\b(?:bearer|basic)\s+[\w.~+/-]{16,}=*",
    "a password in an address": r"\b[a-z][a-z0-9+.-]*://[^/\s:@{}]+:[^/\s:@{}]+@",
}
_PATTERNS = {what: re.compile(pattern) for what, pattern in _KNOWN.items()}
_PASSWORD = re.compile(r"(?i)pass(?:word|wd|phrase)|pwd$")
_TOKEN = re.compile(r"(?i)secret|token|credential|authorization|api[_-]?key|(?:access|private|client)[_-]?key")
_PLACEHOLDER = re.compile(r"(?i)^(?:[*x.\-_]+|<.*>|\[.*\]|your\b.*|change.?me|example.*|test|none|null|true|false)$")
_RANDOM = re.compile(r"[A-Za-z0-9+/_=.-]{32,}")
_RANDOM_FROM = 4.2  # bits for each character: above hex digits and words, below random base 64


def secret_problems(definition: WorkflowDefinition) -> Iterator[Problem]:
    """All texts in parameters and variables that look like secrets."""
    for node_id, node in definition.nodes.items():
        for path, name, text in _texts("", "", node.params):
            yield from _judge(text, name, node_id, path)
    for path, name, text in _texts("settings.variables", "", definition.settings.variables):
        yield from _judge(text, name, None, path)


def _judge(text: str, name: str, node: str | None, path: str) -> Iterator[Problem]:
    what = next((what for what, pattern in _PATTERNS.items() if pattern.search(text)), None)
    if what is None and not is_template(text) and not _PLACEHOLDER.match(text):
        if _PASSWORD.search(name) and len(text) >= 4:
            what = "a password"
        elif _TOKEN.search(name) and len(text) >= 16 and _entropy(text) >= 3 and re.search(r"\d", text):
            what = "a key or token"
        elif _RANDOM.fullmatch(text) and _entropy(text) >= _RANDOM_FROM and _mixed(text):
            message = "this looks like a key or token in plain text"
            yield Problem("workflow.secret", message, node, path, hint=_HINT, severity="warning")
    if what is not None:
        yield Problem("workflow.secret", f"{what} is written in plain text", node, path, hint=_HINT)


def _texts(path: str, name: str, value: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        yield path, name, value
    elif isinstance(value, dict):
        named = value.get("name")  # a header written as {name: Authorization, value: ...}
        for key, part in value.items():
            inner = named if key == "value" and isinstance(named, str) else key
            yield from _texts(f"{path}.{key}" if path else key, inner, part)
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _texts(f"{path}[{index}]", name, part)


def _entropy(text: str) -> float:
    """Bits for each character."""
    length = len(text)
    return -sum(count / length * math.log2(count / length) for count in Counter(text).values())


def _mixed(text: str) -> bool:
    return bool(re.search(r"[a-z]", text) and re.search(r"[A-Z]", text) and re.search(r"\d", text))
