"""Why something did not come about, as values that policy reads, and the one sentence each is told in.

Nothing decides by a sentence: what may be repeated, what an administrator has to mend and what a continued campaign
does again all follow from the cause.
"""

from __future__ import annotations

from enum import StrEnum


class Billed(StrEnum):
    """Whether a question without a usable answer cost money. ``UNKNOWN`` counts as spent until proven otherwise."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a question to a source has no answer, an answer that brought nothing, or was not asked."""

    KEY_REFUSED = "key_refused"
    OUT_OF_CREDITS = "out_of_credits"
    NOT_IN_PLAN = "not_in_plan"
    DAY_LIMIT = "day_limit"
    NOT_SERVED = "not_served"
    NOT_UNDERSTOOD = "not_understood"
    STAYED_AWAY = "stayed_away"
    NO_SMTP = "no_smtp"
    STOPPED = "stopped"
    TOO_FAST = "too_fast"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    SERVER_ERROR = "server_error"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    BROKEN_OFF = "broken_off"
    NOT_ACCEPTED = "not_accepted"
    INTERRUPTED = "interrupted"
    LIST_FAILED = "list_failed"
    LIST_UNFINISHED = "list_unfinished"
    UNFINISHED = "unfinished"
    NO_RESULT = "no_result"
    OUT_OF_BUDGET = "out_of_budget"
    LIMIT_REACHED = "limit_reached"
    NO_BUDGET = "no_budget"
    NOT_CONFIGURED = "not_configured"
    NO_SOURCE = "no_source"
    BAD_FILE = "bad_file"
    LONG_SEARCH = "long_search"
    OUT_OF_REACH = "out_of_reach"
    UNSTATED = "unstated"
    NONE_QUALIFIES = "none_qualifies"
    NOTHING_KNOWN = "nothing_known"
    OTHER_DOMAINS = "other_domains"
    DOMAIN_REFUSED = "domain_refused"
    ALL_SUPPRESSED = "all_suppressed"
    ALL_UNREADABLE = "all_unreadable"
    OPTED_OUT = "opted_out"

    @property
    def is_gone(self) -> bool:
        """Whether the source is out for the rest of the campaign, or until an administrator wants it asked again."""
        return self in _GONE

    @property
    def needs_administrator(self) -> bool:
        """Whether only a person can mend it: a key, a plan, credits."""
        return self in _GONE and self is not Cause.STAYED_AWAY

    @property
    def ends_search(self) -> bool:
        """Whether asking the source for another part of the area makes no sense."""
        return self in _GONE or self is Cause.LONG_SEARCH

    @property
    def is_final(self) -> bool:
        """Whether only another order helps: the same search, gone on with, would come to the same end."""
        return self in (Cause.OUT_OF_REACH, Cause.UNSTATED, Cause.NONE_QUALIFIES)

    @property
    def is_choice(self) -> bool:
        """Whether the source was not asked because of how the order is, whatever else there is to say."""
        return self in (Cause.NO_BUDGET, Cause.OUT_OF_REACH, Cause.UNSTATED)

    @property
    def may_pass(self) -> bool:
        """Whether the same question may succeed a little later."""
        return self in _PASSING

    @property
    def is_outage(self) -> bool:
        """Whether it speaks of a source that is down, rather than of one that is well and of another opinion."""
        return self in _OUTAGES

    @property
    def leaves_open(self) -> bool:
        """Whether a continued campaign asks again: nothing was sent, or nothing can have been billed."""
        return self in _GONE or self in _LEFT_OPEN


_GONE = frozenset(
    {
        Cause.KEY_REFUSED,
        Cause.OUT_OF_CREDITS,
        Cause.NOT_IN_PLAN,
        Cause.DAY_LIMIT,
        Cause.NOT_SERVED,
        Cause.NOT_UNDERSTOOD,
        Cause.STAYED_AWAY,
        Cause.NO_SMTP,
        Cause.STOPPED,
    }
)
_LEFT_OPEN = (Cause.OUT_OF_BUDGET, Cause.LIMIT_REACHED, Cause.LIST_FAILED, Cause.NO_RESULT)
_OUTAGES = frozenset(
    {
        Cause.BUSY,
        Cause.UNREACHABLE,
        Cause.NO_ANSWER,
        Cause.SERVER_ERROR,
        Cause.UNREADABLE,
        Cause.TOO_LARGE,
        Cause.BROKEN_OFF,
    }
)
# A too large answer is as large the next time.
_PASSING = (_OUTAGES | {Cause.TOO_FAST}) - {Cause.TOO_LARGE}

_SENTENCES = {
    Cause.KEY_REFUSED: "{source} refused the key of this installation.",
    Cause.OUT_OF_CREDITS: "{source}'s credits are used up.",
    Cause.NOT_IN_PLAN: "{source} does not allow this search on the present plan.",
    Cause.DAY_LIMIT: "{source} allows no more requests today.",
    Cause.NOT_SERVED: "{source} does not serve this installation.",
    Cause.NOT_UNDERSTOOD: "{source} does not understand what it is asked.",
    Cause.STAYED_AWAY: "{source} did not answer for {detail} seconds.",
    Cause.NO_SMTP: "{source} reached no mail server in {detail} checks in a row; is port 25 closed to it?",
    Cause.STOPPED: "{source} is not asked at the moment: an administrator stopped it.",
    Cause.TOO_FAST: "{source} asked to slow down.",
    Cause.BUSY: "{source} asked to try later.",
    Cause.UNREACHABLE: "{source} could not be reached.",
    Cause.NO_ANSWER: "{source} did not answer a request it had received.",
    Cause.SERVER_ERROR: "{source} is having trouble.",
    Cause.UNREADABLE: "{source} sent an answer that cannot be read.",
    Cause.TOO_LARGE: "{source} sent an answer too large to read.",
    Cause.BROKEN_OFF: "{source} broke off in the middle of its answer.",
    Cause.NOT_ACCEPTED: "{source} did not accept this question.",
    Cause.INTERRUPTED: "An earlier look-up of this was interrupted.",
    Cause.LIST_FAILED: "{source} did not carry out the list.",
    Cause.LIST_UNFINISHED: "{source} did not finish the list in ten minutes.",
    Cause.UNFINISHED: "{source} did not finish this search in {detail} seconds.",
    Cause.NO_RESULT: "{source} gave no result for this address.",
    Cause.OUT_OF_BUDGET: "The budget is used up.",
    Cause.LIMIT_REACHED: "{detail} leaves too little for the next paid call.",
    Cause.NO_BUDGET: "{source} costs money and the budget is $0.",
    Cause.NOT_CONFIGURED: "{source} is not set up on this installation.",
    Cause.NO_SOURCE: "None of the chosen sources is available here.",
    Cause.BAD_FILE: "{detail}",
    Cause.LONG_SEARCH: "{source} was asked for as many pages as an order of this size is worth; it may know more.",
    Cause.OUT_OF_REACH: (
        "What {source} is asked for makes {detail} at most before contacts are looked up, less than the minimum, so"
        " it is not paid for. Lower the minimum."
    ),
    Cause.UNSTATED: (
        "Nothing that {source} sells could become a lead, so it is not paid for: the order demands a {detail}, which is"
        " stated elsewhere or nowhere."
    ),
    Cause.NONE_QUALIFIES: (
        "None of the last {detail} new businesses of {source} met what is asked for, so no more were paid for."
        " Lower the minimum for more."
    ),
    Cause.NOTHING_KNOWN: "{source} knows no address on {detail}.",
    Cause.OTHER_DOMAINS: "{source} knows addresses of other domains only, none on {detail}.",
    Cause.DOMAIN_REFUSED: "{source} does not accept {detail} as a domain to search.",
    Cause.ALL_SUPPRESSED: "Every address {source} knows on {detail} is on the suppression list.",
    Cause.ALL_UNREADABLE: "{source} gave addresses for {detail}, but none that can be read.",
    Cause.OPTED_OUT: "The company's contact asked {source} not to be found; it is suppressed for good.",
}


def sentence(cause: Cause, source: str = "", detail: str = "") -> str:
    """The cause in words for people; ``source`` is what people call the provider, ``detail`` what the cause names."""
    return _SENTENCES[cause].format(source=source, detail=detail)
