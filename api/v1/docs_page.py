"""The document of the interface as a page for people: made here, with no script and nothing of another host."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse

from api import headers
from api.v1.document import PATH as PATH_OF_DOCUMENT
from api.v1.document import Document
from api.v1.problems import PREFIX, Problem
from ui import logo

PATH = "/api/docs"
_JSON = "application/json"
_FOLDER = Path(__file__).parent
_FIRST_ERROR = 400
_CODE = re.compile(r"`([^`]+)`")


class DocsPage:
    """The page of one document; drawn once somebody asks, as reading it from the code takes longer than a start may."""

    def __init__(self, document: Callable[[], Document]) -> None:
        self._document = document
        self._style = (_FOLDER / "docs.css").read_text(encoding="utf-8")

    def show(self, request: Request) -> HTMLResponse:
        """GET /api/docs; the same for everybody."""
        policy = headers.form_policy(self._style.encode())
        return HTMLResponse(self._page, headers={"Content-Security-Policy": policy})

    @cached_property
    def _page(self) -> str:
        return _page(self._document(), self._style)


def _page(document: Document, style: str) -> str:
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            (tag,) = operation["tags"]
            by_tag.setdefault(tag, []).append(_operation(path, method, operation))
    return Template((_FOLDER / "docs.html").read_text(encoding="utf-8")).substitute(
        style=style,
        mark=logo.MARK,
        version=escape(document["info"]["version"]),
        about=_text(document["info"]["description"]),
        document=f"{PREFIX}{PATH_OF_DOCUMENT}",
        contents="".join(f'<li><a href="#{tag}">{tag}</a></li>' for tag in (*by_tag, "problems")),
        resources="".join(
            f'<section><h2 id="{tag}">{tag}</h2>{"".join(parts)}</section>' for tag, parts in by_tag.items()
        ),
        problems="".join(map(_problem, Problem)),
    )


def _operation(path: str, method: str, operation: Document) -> str:
    return (
        f'<details id="{operation["operationId"]}"><summary><span class="method">{method.upper()}</span> '
        f'<code>{escape(PREFIX + path)}</code> <span class="said">{escape(operation["summary"])}</span></summary>'
        f"<div><p>{_text(operation.get('description', ''))}</p>{''.join(_parts(operation))}</div></details>"
    )


def _parts(operation: Document) -> Iterator[str]:
    if parameters := operation.get("parameters"):
        rows = "".join(map(_parameter, parameters))
        yield f'<h3>Parameters</h3><div class="wide"><table><tbody>{rows}</tbody></table></div>'
    if body := operation.get("requestBody"):
        yield from _examples("Body", body)
    for status, answer in operation["responses"].items():
        if int(status) < _FIRST_ERROR:
            yield from _examples(f"Answer {status}", answer)
    causes = [status for status in operation["responses"] if int(status) >= _FIRST_ERROR]
    yield f'<p class="said">Problems: {", ".join(causes)}.</p>'


def _parameter(parameter: Document) -> str:
    schema = parameter["schema"]
    told = parameter.get("description") or schema.get("description", "")
    usual = f" Usually {schema['default']}." if schema.get("default") not in (None, "", [], ()) else ""
    need = "needed" if parameter["required"] else ""
    return (
        f'<tr><th scope="row"><code>{escape(parameter["name"])}</code></th><td>{parameter["in"]} {need}</td>'
        f"<td>{_text(told + usual)}</td></tr>"
    )


def _examples(heading: str, told: Document) -> Iterator[str]:
    for kind, content in told.get("content", {}).items():
        if "example" in content:
            example = content["example"]
            shown = json.dumps(example, ensure_ascii=False, indent=2) if kind == _JSON else str(example)
            yield f"<h3>{escape(heading)} <code>{escape(kind)}</code></h3><pre>{escape(shown)}</pre>"


def _problem(cause: Problem) -> str:
    return (
        f'<tr id="problem-{cause.value}"><th scope="row"><code>{cause.value}</code></th><td>{cause.status}</td>'
        f"<td>{escape(cause.called)}</td></tr>"
    )


def _text(said: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(re.sub(r"\s+", " ", said)))
