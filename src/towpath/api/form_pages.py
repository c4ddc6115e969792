"""Form pages as HTML: plain, without scripts, every text escaped, usable with a keyboard, in two languages."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any

from towpath.engine.web_forms import FormField, fields_of

STYLE = """body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
label,legend{display:block;margin:1rem 0 .25rem;font-weight:600}fieldset{border:0;padding:0;margin:0}
fieldset label{font-weight:400;margin:.25rem 0}input:not([type=radio]):not([type=checkbox]),
select,textarea{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #767676}
button{font:inherit;margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.25rem;background:#0b57d0;color:#fff}
:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}.wrong{color:#b3261e;margin:.25rem 0}"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""
_TEXTS = {
    "en": {"send": "Send", "required": "Please fill this in.", "unknown_choice": "Please choose one of these.",
           "not_a_number": "Please write a number.", "not_a_date": "Please write a date.",
           "not_an_email": "Please write an e-mail address.", "too_long": "This is too long.",
           "thanks": "Thank you", "received": "Your answers have been received.", "working": "One moment please",
           "next": "The next page comes by itself.", "failed": "Something went wrong",
           "sorry": "Your answers are safe; the people in charge can see what happened.", "on": "Go on",
           "must": "required", "wrong": "Please look at the marked fields."},
    "zh": {"send": "提交", "required": "请填写此项。", "unknown_choice": "请从选项中选择。",
           "not_a_number": "请输入数字。", "not_a_date": "请输入日期。", "not_an_email": "请输入电子邮箱地址。",
           "too_long": "内容太长。", "thanks": "谢谢", "received": "您的答复已收到。",
           "working": "请稍候", "next": "下一页会自动出现。", "failed": "出现了问题",
           "sorry": "您的答复已保存，负责人可以看到发生了什么。", "on": "继续", "must": "必填",
           "wrong": "请检查标出的项目。"},
}  # fmt: skip


def language(accept: str) -> str:
    """The language of the page."""
    return "zh" if accept.lower().startswith("zh") else "en"


def form(page: Mapping[str, Any], lang: str, given: Mapping[str, Any], wrong: Mapping[str, str]) -> str:
    """A page with fields; ``given`` is what was filled in before, ``wrong`` what is to be mended, by place."""
    texts, fields = _TEXTS[lang], fields_of(page)
    parts = "".join(_field(f"field-{n}", each, texts, given, wrong) for n, each in enumerate(fields))
    kind = ' enctype="multipart/form-data"' if any(each.kind == "file" for each in fields) else ""
    about = f"<p>{_lines(page['description'])}</p>" if page.get("description") else ""
    fault = f'<p class="wrong" role="alert">{escape(texts["wrong"])}</p>' if wrong else ""
    button = escape(page.get("button") or texts["send"])
    body = f'{about}{fault}<form method="post"{kind}>{parts}<button>{button}</button></form>'
    return _page(lang, page["title"], body)


def working(lang: str) -> str:
    """The workflow is at work; the page looks again by itself."""
    texts = _TEXTS[lang]
    return _page(lang, texts["working"], f"<p>{texts['next']}</p>", '<meta http-equiv="refresh" content="1">')


def end(said: Mapping[str, Any], lang: str) -> str:
    """The last page; where people are sent on, with a link that does so by itself."""
    texts = _TEXTS[lang]
    if said.get("failed"):
        return _page(lang, texts["failed"], f"<p>{texts['sorry']}</p>")
    redirect = said.get("redirect")
    if isinstance(redirect, str) and redirect.startswith(("https://", "http://")):
        address = escape(redirect)
        head = f'<meta http-equiv="refresh" content="0;url={address}">'
        return _page(lang, texts["thanks"], f'<p><a href="{address}">{texts["on"]}</a></p>', head)
    title = said.get("title") or texts["thanks"]
    return _page(lang, str(title), f"<p>{_lines(said.get('text') or texts['received'])}</p>")


def _page(lang: str, title: str, body: str, head: str = "") -> str:
    return _PAGE.format(lang=lang, title=escape(title), body=body, head=head, style=STYLE)


def _lines(text: Any) -> str:
    return escape(str(text)).replace("\n", "<br>")


def _field(
    name: str, field: FormField, texts: Mapping[str, str], given: Mapping[str, Any], wrong: Mapping[str, str]
) -> str:
    if field.kind == "note":
        return f"<p>{_lines(field.label)}</p>"
    held = given.get(name, field.default)
    chosen = [str(part) for part in (held if isinstance(held, list) else [held]) if part is not None]
    if field.kind == "hidden":
        return f'<input type="hidden" name="{name}" value="{escape(field.default or "")}">'
    fault = f'<p class="wrong" id="{name}-wrong">{escape(texts[wrong[name]])}</p>' if name in wrong else ""
    more = f' aria-invalid="true" aria-describedby="{name}-wrong"' if fault else ""
    mark = f" ({texts['must']})" if field.required else ""
    label = escape(field.label) + mark
    if field.kind in ("radio", "checkboxes"):
        kind = "radio" if field.kind == "radio" else "checkbox"
        boxes = "".join(_box(name, kind, option, option in chosen) for option in field.options)
        return f"<fieldset{more}><legend>{label}</legend>{boxes}</fieldset>{fault}"
    return f'<label for="{name}">{label}</label>{_control(name, field, chosen, more)}{fault}'


def _box(name: str, kind: str, option: str, checked: bool) -> str:
    value = escape(option)
    on = " checked" if checked else ""
    return f'<label><input type="{kind}" name="{name}" value="{value}"{on}> {value}</label>'


def _control(name: str, field: FormField, chosen: list[str], more: str) -> str:
    must = " required" if field.required else ""
    common = f'id="{name}" name="{name}"{must}{more}'
    hint = f' placeholder="{escape(field.placeholder)}"' if field.placeholder else ""
    if field.kind == "textarea":
        return f'<textarea rows="5" {common}{hint}>{escape(chosen[0] if chosen else "")}</textarea>'
    several = " multiple" if field.several else ""
    if field.kind == "select":
        first = "" if field.several else '<option value=""></option>'
        options = "".join(
            f"<option{' selected' if option in chosen else ''}>{escape(option)}</option>" for option in field.options
        )
        return f"<select {common}{several}>{first}{options}</select>"
    if field.kind == "file":
        return f'<input type="file" {common}{several}>'
    step = ' step="any"' if field.kind == "number" else ""
    value = f' value="{escape(chosen[0])}"' if chosen and field.kind != "password" else ""
    return f'<input type="{field.kind}" {common}{hint}{step}{value}>'
