"""Every error the pipeline raises.

ProspectError
├── SpecError            the order for a campaign makes no sense; the message says what to change
├── SourceError          a source of businesses or contacts could not answer
│   ├── TooFast          a provider asked to slow down; it is well, and nothing was billed
│   └── ProviderGone     a provider is out for the rest of this campaign
├── BrokenPlugin         a file somebody added cannot be used; nothing starts with it
├── BudgetReached        the next call would cost more than the budget has left
└── Stopped              control flow: the campaign must end now
    ├── Cancelled        the person asked for it
    ├── LeaseLost        another worker owns this campaign; write nothing more
    └── Draining         this worker is shutting down; another one goes on

The message of each is one sentence for a person. Policy travels as attributes, never as text.
"""


class ProspectError(Exception):
    """Root of all errors this project raises on purpose."""


class SpecError(ProspectError):
    """The order for a campaign makes no sense."""


class SourceError(ProspectError):
    """A source could not answer.

    ``retryable``: the same question may succeed later, after ``retry_after_s`` when the source said so.
    ``billed``: the question may have cost money; ``subject`` is the business that bears it, None for the one that asks.
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool,
        billed: bool,
        retry_after_s: float | None = None,
        subject: str | None = None,
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.billed = billed
        self.retry_after_s = retry_after_s
        self.subject = subject


class TooFast(SourceError):
    """A provider refused a question for coming too fast: it is well, nothing was billed, a pause helps."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message, retryable=True, billed=False, retry_after_s=retry_after_s)


class ProviderGone(SourceError):
    """A provider is out for the rest of this campaign: its key was refused, its credits are used up, or it
    stayed away too long. Nothing was billed. ``alarm``: an administrator has to do something about it."""

    def __init__(self, message: str, *, alarm: bool) -> None:
        super().__init__(message, retryable=False, billed=False)
        self.alarm = alarm


class BrokenPlugin(ProspectError):
    """A plugin that cannot be used; the message names its file and says what to do."""

    def __init__(self, file: str, problem: str) -> None:
        """``problem`` is a sentence without its beginning, which names the file."""
        super().__init__(f"The plugin {file} cannot be used: {problem} Mend it or take it away.")


class BudgetReached(ProspectError):
    """The next call would cost more than the campaign's budget has left; nothing was sent."""


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
