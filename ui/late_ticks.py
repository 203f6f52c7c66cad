"""A tick of a page that has been left does nothing.

A button may open another page on the server while the browser still asks for a moving part of the one before. Streamlit
takes that up when the new page is drawn, and whether it finds the part or not, it tells the browser that the page
before is drawn now: the browser empties itself, and the next part of the new page breaks it.
"""

from __future__ import annotations

from collections.abc import Callable

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)

_Ready = Callable[[ScriptRequests], ScriptRequest]


def pass_over() -> None:
    """From now on in this process, requests for parts of another page than the one that is shown are forgotten.

    Streamlit offers no setting for it. A part is one of its fragments, whose names do not tell pages apart.
    """
    ready: _Ready = ScriptRequests.on_scriptrunner_ready
    setattr(ScriptRequests, "on_scriptrunner_ready", _without_late_ticks(ready))  # noqa: B010 - mypy forbids the other


def _without_late_ticks(ready: _Ready) -> _Ready:
    def careful(requests: ScriptRequests) -> ScriptRequest:
        context = get_script_run_ctx(suppress_warning=True)
        with requests._lock:
            asked = requests._rerun_data
            is_late = (
                asked.page_script_hash and context and asked.page_script_hash != context.page_script_hash
            )
            if is_late and asked.fragment_id_queue and requests._state is ScriptRequestType.RERUN:
                requests._state = ScriptRequestType.CONTINUE
        return ready(requests)

    return careful
