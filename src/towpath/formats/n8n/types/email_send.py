"""n8n's Send Email."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.texts import ours


def read(given: Given) -> Mapped:
    """Sent by the mail server that Towpath is set up with, not by n8n's credential."""
    if given.fixed("operation") not in ("send", None) or given.get("options.attachments") or given.get("attachments"):
        raise UnmappedError("it waits for an answer, or sends files", "Use people.approve, or leave the files out.")
    params: dict[str, Any] = {"to": ours(given.get("toEmail", "")), "subject": ours(given.get("subject", ""))}
    form = given.fixed("emailFormat", "text" if given.version < 2 else "html")
    for name, on in (("text", form in ("text", "both")), ("html", form in ("html", "both"))):
        if on and given.get(name):
            params[name] = ours(given.get(name))
    if given.version < 2:
        params.update({name: ours(given.get(name)) for name in ("text", "html") if given.get(name)})
    for ours_name, path in (("cc", "options.ccEmail"), ("reply_to", "options.replyTo")):
        if given.get(path):
            params[ours_name] = ours(given.get(path))
    if given.get("ccEmail"):
        params["cc"] = ours(given.get("ccEmail"))
    if not params["to"] or not ("text" in params or "html" in params):
        raise UnmappedError("it has no recipient or no text")
    said = "it is sent from the address that Towpath's mail server is set up with"
    return Mapped("mail.send", params, outputs=("sent",), warnings=(said,))


dialect = Dialect(
    "n8n-nodes-base.emailSend", (1, 2, 2.1), read, {1: {}, 2: {"operation": "send"}, 2.1: {"operation": "send"}}
)
