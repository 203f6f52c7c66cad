"""What an error of the database says keeps no value: it goes into logs, into the queue and to the terminal.

``hide_parameters`` of an engine leaves out the values that were bound. The server repeats them all the same: behind the
first line of its answer (``Key (email)=(…)``, the failing row, the line of the statement), and for data of a wrong
form in that line itself.
"""

from __future__ import annotations

import re

from psycopg2 import Error
from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext

_WRONG_DATA = "22"
"""The class of answers about values: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_QUOTED = re.compile(r'".*"', re.DOTALL)


@event.listens_for(Engine, "handle_error")
def without_values(context: ExceptionContext) -> None:
    """Shorten an answer of the server, wherever it will be shown. Without a code there was no server."""
    answer = context.original_exception
    code = getattr(answer, "pgcode", None)
    if not isinstance(answer, Error) or code is None:
        return
    said = _said(str(answer), code)
    answer.args = (said,)
    if context.sqlalchemy_exception is not None:
        kind = type(answer)
        context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__name__}) {said}",)


def _said(text: str, code: str) -> str:
    told = _QUOTED.sub("…", text) if code.startswith(_WRONG_DATA) else text
    return (told.strip().splitlines() or [code])[0]
