"""n8n's workflow files: read into a definition with a report, and written from one."""

from towpath.formats.n8n.reading import read_n8n, survey_n8n
from towpath.formats.n8n.report import Connection, Imported, NodeReport, Status
from towpath.formats.n8n.shapes import is_n8n
from towpath.formats.n8n.writing import Written, write_n8n

__all__ = [
    "Connection",
    "Imported",
    "NodeReport",
    "Status",
    "Written",
    "is_n8n",
    "read_n8n",
    "survey_n8n",
    "write_n8n",
]
