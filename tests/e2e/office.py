"""What several stories begin with: the API asked as the owner."""

from __future__ import annotations

from typing import Any

import httpx

from tests.e2e.browser import Towpath


def ask(server: Towpath, method: str, path: str, body: Any = None) -> Any:
    """The answer of the API as the owner."""
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = httpx.request(method, server.url + path, json=body, headers=headers, timeout=60)
    assert answer.is_success, answer.text
    return answer.json()
