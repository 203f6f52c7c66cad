"""How somebody is found in texts that name them: as regular expressions of Postgres."""

from __future__ import annotations

import re
from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumberFormat

from pipeline.suppression import Subject, SuppressedKind
from pipeline.words.text import folded

_TOKEN = r"""[^\s"'\\<>,;()\[\]]*"""  # noqa: S105 - what hangs on a domain in a text
_GAP = r"[\s().\u00a0/-]*"


def squeezed(text: str) -> str:
    """Text as the database compares names: letter case, accents, blanks and punctuation aside."""
    return "".join(folded(text).split())


def query(subject: Subject, *others: Subject) -> dict[str, object]:
    """What the database looks for: ``pattern`` finds the value and nothing longer, ``wide`` with the web address or
    mailbox around it, ``order`` what a person may have typed into an order or a filter. Of companies ``names`` are the
    places of each; several are looked for together."""
    asked = {"kind": subject.kind.value, "value": subject.value}
    if subject.kind is SuppressedKind.COMPANY:
        companies = (subject, *others)
        any_name = f"(?:{'|'.join(re.escape(each.name) for each in companies)})"
        # As a value of its own in an answer, not a word of another one.
        pattern = rf'"\s*{any_name}\s*"'
        order = rf"(?<![[:alnum:]]){any_name}(?![[:alnum:]])"
        return {**asked, "pattern": pattern, "wide": pattern, "order": order, "names": _places(companies)}
    pattern = _PATTERNS[subject.kind](subject)
    wide = f"{_TOKEN}{pattern}{_TOKEN}" if subject.kind is SuppressedKind.DOMAIN else pattern
    return {**asked, "pattern": pattern, "wide": wide, "order": wide}


def _places(companies: Sequence[Subject]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for each in companies:
        places.setdefault(squeezed(each.name), []).append(squeezed(each.place))
    return places


def _email(subject: Subject) -> str:
    return rf"(?<![[:alnum:]._%+-]){re.escape(subject.value)}(?![[:alnum:]-]|\.[[:alnum:]])"


def _domain(subject: Subject) -> str:
    return rf"(?<![[:alnum:]-]){re.escape(subject.value)}(?![[:alnum:]-]|\.[[:alnum:]])"


def _phone(subject: Subject) -> str:
    """The number with its country in any spacing, or as it is written at home."""
    number = phonenumbers.parse(subject.value)
    national = phonenumbers.national_significant_number(number)
    digits = _GAP.join(national)
    home = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    at_home = _GAP.join(re.escape(sign) for sign in home if sign.isdigit())
    abroad = rf"(?:\+|00){number.country_code}{_GAP}(?:\(?0\)?{_GAP})?{digits}"
    return rf"(?<![[:digit:].])(?:{abroad}|{at_home})(?![[:digit:]])"


_PATTERNS = {
    SuppressedKind.EMAIL: _email,
    SuppressedKind.DOMAIN: _domain,
    SuppressedKind.PHONE: _phone,
}
