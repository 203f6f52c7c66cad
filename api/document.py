"""The HTML outside Streamlit, two forms and what is said instead of a page: one template, every value escaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

from api import headers
from ui import logo

_FORM, _FIELDS, _STYLE = "form.html", "fields.html", "form.css"
_WAY_BACK = '<p class="way"><a href="/">Open ProspectPro</a></p>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What one form says: its address, its words, and what the person had typed (never a password). Without an address
    there is nothing to fill in. ``key``: what the link to the form held."""

    action: str
    title: str
    lead: str
    button: str
    new_password: bool
    next_path: str
    email: str = ""
    error: str = ""
    error_field: str = ""
    notice: str = ""
    key: str = ""


def page(form: Form, mark: str, status_code: int = 200) -> HTMLResponse:
    """The whole document; ``mark`` is our own logo as SVG."""
    values = {
        "action": form.action,
        "title": form.title,
        "lead": form.lead,
        "button": form.button,
        "next": form.next_path,
        "key": form.key,
        "email": form.email,
        "password_autocomplete": "new-password" if form.new_password else "current-password",
        "password_hint": "At least 8 characters." if form.new_password else "",
    }
    escaped = {key: escape(value, quote=True) for key, value in values.items()}
    fields = Template(_read(_FIELDS)).substitute(
        escaped,
        email_error=_line(form.error if form.error_field == "email" else "", "wrong", "alert", "email-error"),
        password_error=_line(
            form.error if form.error_field == "password" else "", "wrong", "alert", "password-error"
        ),
        email_state=_state(form, "email", focus=form.error_field != "password" and not form.email),
        password_state=_state(form, "password", focus=form.error_field == "password" or bool(form.email)),
    )
    return _document(
        form.title,
        form.lead,
        mark,
        status_code,
        notice=_line(form.notice, "notice", "status"),
        problem=_line(form.error if not form.error_field else "", "problem", "alert"),
        fields=fields if form.action else "",
    )


def message(title: str, lead: str, status_code: int, more: Mapping[str, str]) -> HTMLResponse:
    """A document that says something and leads back to the pages; ``more`` are headers of the answer."""
    said = _document(title, lead, logo.MARK, status_code, notice="", problem="", fields=_WAY_BACK)
    said.headers.update(more)
    return said


def _document(title: str, lead: str, mark: str, status_code: int, **parts: str) -> HTMLResponse:
    style = _read(_STYLE)
    html = Template(_read(_FORM)).substitute(
        parts, title=escape(title, quote=True), lead=escape(lead, quote=True), mark=mark, style=style
    )
    policy = headers.form_policy(style.encode())
    return HTMLResponse(html, status_code, {"Cache-Control": "no-store", "Content-Security-Policy": policy})


def _line(text: str, css_class: str, role: str, element_id: str = "") -> str:
    if not text:
        return ""
    identity = f' id="{element_id}"' if element_id else ""
    return f'<p class="{css_class}" role="{role}"{identity}>{escape(text)}</p>'


def _state(form: Form, field: str, *, focus: bool) -> str:
    invalid = f' aria-invalid="true" aria-describedby="{field}-error"' if form.error_field == field else ""
    return invalid + (" autofocus" if focus else "")


@lru_cache(maxsize=3)
def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
