"""The HTML outside Streamlit, forms and what is said instead of a page: one template, every value escaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

from api import headers
from ui import logo

_WAY_BACK = '<p class="way"><a href="/">Open ProspectPro</a></p>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: ``name`` is what it is sent as, ``missing`` what to say when it is empty. What was typed into one
    that is ``kept`` is shown again with an error."""

    name: str
    label: str
    kind: str
    autocomplete: str
    missing: str
    hint: str = ""
    longest: int = 1000
    kept: bool = False


EMAIL = Field(
    name="email", label="E-mail", kind="email", autocomplete="username", longest=320, kept=True,
    missing="Enter your e-mail address.",
)  # fmt: skip
PASSWORD = Field(
    name="password", label="Password", kind="password", autocomplete="current-password",
    missing="Enter your password.",
)  # fmt: skip
NEW_PASSWORD = Field(
    name="password", label="Password", kind="password", autocomplete="new-password",
    missing="Enter your password.", hint="At least 8 characters.",
)  # fmt: skip
CODE = Field(
    name="code", label="Code", kind="text", autocomplete="one-time-code", missing="Enter a code.", longest=40,
    hint="The six digits your authenticator app shows, or a recovery code.",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to somewhere else below a form; ``stands_out`` is drawn as a button."""

    label: str
    path: str
    stands_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyButton:
    """A button that asks the browser for a passkey; with ``options`` to make one, else to sign in by one."""

    label: str
    action: str
    options: str = ""
    next_path: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What one form says: its address, its words, its fields, and what the person had typed (never a password). Without
    an address there is nothing to fill in. ``key``: what the link to the form held."""

    action: str
    title: str
    lead: str
    button: str
    next_path: str = "/"
    fields: tuple[Field, ...] = (EMAIL, PASSWORD)
    links: tuple[Link, ...] = ()
    passkey: PasskeyButton | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    error_field: str = ""
    notice: str = ""
    key: str = ""


def page(form: Form, mark: str, status_code: int = 200) -> HTMLResponse:
    """The whole document; ``mark`` is our own logo as SVG."""
    shown = form.error_field in {field.name for field in form.fields}
    return _document(
        form.title,
        form.lead,
        mark,
        status_code,
        has_script=form.passkey is not None,
        notice=_line(form.notice, "notice", "status"),
        problem=_line("" if shown else form.error, "problem", "alert"),
        fields=(_form(form) if form.action else "")
        + _passkey(form.passkey)
        + "".join(map(_link, form.links)),
    )


def message(title: str, lead: str, status_code: int, more: Mapping[str, str]) -> HTMLResponse:
    """A document that says something and leads back to the pages; ``more`` are headers of the answer."""
    said = _document(title, lead, logo.MARK, status_code, notice="", problem="", fields=_WAY_BACK)
    said.headers.update(more)
    return said


def sheet(title: str, lead: str, mark: str, body: str) -> HTMLResponse:
    """A document as wide as the window, for a table; ``body`` is HTML of ours."""
    return _document(title, lead, mark, 200, look="wide", notice="", problem="", fields=body)


def _document(
    title: str,
    lead: str,
    mark: str,
    status_code: int,
    *,
    has_script: bool = False,
    look: str = "",
    **parts: str,
) -> HTMLResponse:
    style = _read("form.css")
    html = Template(_read("form.html")).substitute(
        parts,
        look=look,
        title=escape(title, quote=True),
        lead=escape(lead, quote=True),
        mark=mark,
        style=style,
    )
    policy = headers.form_policy(style.encode(), has_script=has_script)
    return HTMLResponse(html, status_code, {"Cache-Control": "no-store", "Content-Security-Policy": policy})


def _form(form: Form) -> str:
    focused = form.error_field or next(
        (each.name for each in form.fields if not form.typed.get(each.name)), ""
    )
    return Template(_read("fields.html")).substitute(
        action=escape(form.action, quote=True),
        next=escape(form.next_path, quote=True),
        key=escape(form.key, quote=True),
        fields="".join(_field(each, form, focused) for each in form.fields),
        button=escape(form.button),
    )


def _field(field: Field, form: Form, focused: str) -> str:
    said = form.error if form.error_field == field.name else ""
    invalid = f' aria-invalid="true" aria-describedby="{field.name}-error"' if said else ""
    return Template(_read("field.html")).substitute(
        name=field.name,
        label=escape(field.label),
        kind=field.kind,
        autocomplete=field.autocomplete,
        longest=field.longest,
        value=escape(form.typed.get(field.name, "") if field.kept else "", quote=True),
        state=invalid + (" autofocus" if focused == field.name else ""),
        hint=_line(field.hint, "hint", ""),
        error=_line(said, "wrong", "alert", f"{field.name}-error"),
    )


def _passkey(button: PasskeyButton | None) -> str:
    if button is None:
        return ""
    return Template(_read("passkey.html")).substitute(
        action=escape(button.action, quote=True),
        options=escape(button.options, quote=True),
        next=escape(button.next_path, quote=True),
        button=escape(button.label),
        look="" if button.options else "other",
    )


def _link(link: Link) -> str:
    look = "other" if link.stands_out else "aside"
    return f'<p class="{look}"><a href="{escape(link.path, quote=True)}">{escape(link.label)}</a></p>'


def _line(text: str, css_class: str, role: str, element_id: str = "") -> str:
    if not text:
        return ""
    identity = f' id="{element_id}"' if element_id else ""
    spoken = f' role="{role}"' if role else ""
    return f'<p class="{css_class}"{spoken}{identity}>{escape(text)}</p>'


@lru_cache(maxsize=8)
def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
