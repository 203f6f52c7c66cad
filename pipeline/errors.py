"""Every error the pipeline raises.

ProspectError
├── SpecError            the order for a campaign makes no sense; the message says what to change
├── SourceError          a source of businesses or contacts could not answer; its cause says why
├── BrokenPlugin         a file somebody added cannot be used; nothing starts with it
├── BudgetReached        the next call would cost more than the budget has left
│   └── LimitReached     it would pass a money limit of the installation, the workspace or the person
└── Stopped              control flow: the campaign must end now
    ├── Cancelled        the person asked for it
    ├── OutOfTime        it ran for as long as a campaign may
    ├── LeaseLost        another worker owns this campaign; write nothing more
    └── Draining         this worker is shutting down; another one goes on

The message of each is one sentence for a person. Policy travels as attributes, never as text.
"""

from __future__ import annotations

from pipeline.causes import Billed, Cause, sentence


class ProspectError(Exception):
    """Root of all errors this project raises on purpose."""


class SpecError(ProspectError):
    """The order for a campaign makes no sense."""


class SourceError(ProspectError):
    """A source could not answer.

    ``source`` is what people call it. ``billed``: whether the question cost money all the same. ``retry_after_s``:
    how long the source asked to be left alone. ``subject``: the business that bears the cost, None for the one
    that asks. ``detail``: what the cause's sentence names.
    """

    def __init__(
        self,
        cause: Cause,
        source: str = "",
        *,
        billed: Billed = Billed.NO,
        retry_after_s: float | None = None,
        subject: str | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(sentence(cause, source, detail))
        self.cause = cause
        self.source = source
        self.billed = billed
        self.retry_after_s = retry_after_s
        self.subject = subject
        self.detail = detail

    @property
    def is_free(self) -> bool:
        """Whether it is certain that nothing was billed."""
        return self.billed is Billed.NO


class BrokenPlugin(ProspectError):
    """A plugin that cannot be used; the message names its file and says what to do."""

    def __init__(self, file: str, problem: str) -> None:
        """``problem`` is a sentence without its beginning, which names the file."""
        super().__init__(f"The plugin {file} cannot be used: {problem} Mend it or take it away.")


class BudgetReached(ProspectError):
    """The next call would cost more than the campaign's budget has left; nothing was sent."""

    cause = Cause.OUT_OF_BUDGET

    def __init__(self, detail: str = "") -> None:
        super().__init__(sentence(self.cause, detail=detail))


class LimitReached(BudgetReached):
    """The next call would pass a money limit, named by ``detail``; nothing was sent."""

    cause = Cause.LIMIT_REACHED


class Stopped(ProspectError):
    """The campaign must end now; what is stored stays."""


class Cancelled(Stopped):
    """The person asked for the campaign to stop."""


class OutOfTime(Stopped):
    """The campaign ran for as long as one may."""


class LeaseLost(Stopped):
    """Another worker owns this campaign now."""


class Draining(Stopped):
    """This worker is shutting down; another one goes on from the last checkpoint."""
