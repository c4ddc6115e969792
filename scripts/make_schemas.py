"""Makes docs/reference/workflow.schema.json, the JSON Schema of workflow files: python -m scripts.make_schemas"""

from __future__ import annotations

import json
from pathlib import Path

from towpath.engine.document_schema import workflow_schema
from towpath.nodes import registry

PATH = Path(__file__).parent.parent / "docs" / "reference" / "workflow.schema.json"


def make_schema() -> str:
    """The text of the file."""
    return json.dumps(workflow_schema(registry()), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(make_schema(), encoding="utf-8")
