"""A real JavaScript engine to compare with: Node in one process, asked line by line."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

NODE = shutil.which("node")

_SERVER = r"""
const tidy = (key, value) => typeof value === 'string' ? value.toWellFormed() : value;
require('readline').createInterface({input: process.stdin}).on('line', (line) => {
  const {source, json} = JSON.parse(line);
  let answer;
  try {
    const call = new Function('$json', '$min', '$max', 'return (' + source + '\n)');
    try { answer = {value: call(json, Math.min, Math.max)}; } catch (error) { answer = {}; }
    if (typeof answer.value === 'function') answer = {refused: 'function'};
  } catch (error) { answer = {refused: String(error)}; }
  console.log(JSON.stringify(answer, tidy));
});
"""


class Node:
    """Asks Node for the value of expressions, with the rules by which values leave an expression."""

    def __init__(self) -> None:
        assert NODE is not None
        self._process = subprocess.Popen(
            [NODE, "-e", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ask(self, source: str, data: Any) -> Any:
        """``{"value": ...}``, ``{}`` for undefined, or ``{"refused": why}``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"source": source, "json": data}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
