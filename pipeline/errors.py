"""Every error the pipeline raises.

ProspectError
├── SpecError            the order for a campaign makes no sense; the message says what to change
├── SourceError          a source of businesses or contacts could not answer
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

    ``retryable``: the same question may succeed later. ``billed``: the question may have cost money.
    """

    def __init__(self, message: str, *, retryable: bool, billed: bool) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.billed = billed


class Stopped(ProspectError):
    """The campaign must end now; what is stored stays."""


class Cancelled(Stopped):
    """The person asked for the campaign to stop."""


class LeaseLost(Stopped):
    """Another worker owns this campaign now."""


class Draining(Stopped):
    """This worker is shutting down; another one goes on from the last checkpoint."""
