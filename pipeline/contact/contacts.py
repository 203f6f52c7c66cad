"""Phone numbers, websites and e-mail addresses: from the text a source holds to a value a person can use.

Nothing is guessed. Each reader returns the normal form of what is written, or the sentence that says why the
text is not usable.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import idna
import phonenumbers
from email_validator import EmailNotValidError, validate_email

from pipeline.contact.contact_lists import FREE_MAIL, ROLE_WORDS
from pipeline.contact.phone_text import numbers_in
from pipeline.contact.suffixes import name_under_ending
from pipeline.contact.suffixes import registered_domain as registered_domain
from pipeline.words.text import one_line

MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets less its angle brackets.
MAX_E164 = 16  # ITU-T E.164, 6: fifteen digits, after the plus.
MAX_PHONE_TEXT = 250  # phonenumbers refuses longer text.
_SHOWN = 60
_KEPT = 4096
"""Texts whose reading is kept: several fields are read from one, and businesses share hosts."""

_PHONE_LIST = re.compile(r"[;,|\n]")
_CONTEXT = re.compile(r";phone-context=\+\d+")  # RFC 3966, 5.1.5: what a local number is to be read with.
_EMAIL_LIST = re.compile(r"[;,\s]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one raw text means: a ``value``, or the ``reason`` it is unusable; neither when there is none.

    ``others`` are further values that are as good, in their order.
    """

    value: str | None = None
    reason: str | None = None
    others: tuple[str, ...] = ()


NOTHING = Reading()


def shown(raw: str) -> str:
    """A raw text as a sentence may quote it: one line, no invisible characters, at most 60 characters."""
    line = one_line(raw)
    return f"“{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}”"


@lru_cache(maxsize=_KEPT)
def phone_e164(raw: str | None, default_country: str | None) -> Reading:
    """The first valid number in ``raw`` in E.164 form; words around it and an extension are left out.

    ``default_country`` (ISO 3166 alpha-2) is the country a number without ``+`` or ``00`` belongs to.
    """
    if raw is None or not raw.strip():
        return NOTHING
    region = default_country if default_country in phonenumbers.SUPPORTED_REGIONS else None
    for piece in _phone_pieces(raw[:MAX_PHONE_TEXT]):
        try:
            number = phonenumbers.parse(piece, region)
        except phonenumbers.NumberParseException:
            continue
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number) and len(written) <= MAX_E164:
            return Reading(written)
    where = "" if region or "+" in raw else " without a country code"
    return Reading(reason=f"The listed phone {shown(raw)} is not a valid phone number{where}.")


@lru_cache(maxsize=_KEPT)
def is_mobile(number: str) -> bool:
    """Whether a number in E.164 form is one of mobile phones alone. In some countries, such as the United States, the
    same numbers are given to both: of those nobody can tell."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.MOBILE)


def _phone_pieces(raw: str) -> Iterator[str]:
    if _CONTEXT.search(raw) and not _WORD.search(_CONTEXT.sub("", raw).removeprefix("tel:")):
        yield raw
        return
    for piece in _PHONE_LIST.split(_CONTROL.sub(" ", raw.replace("\n", ";"))):
        yield from numbers_in(piece)


def email_address(raw: str | None) -> Reading:
    """The first address in ``raw`` with valid syntax (RFC 5321 and 5322); the domain lower-case and in ASCII.

    No DNS or mail server is asked: a valid syntax does not mean that the mailbox exists.
    """
    if raw is None or not raw.strip():
        return NOTHING
    if _CONTROL.search(raw.strip()):
        return Reading(reason=f"The listed e-mail {shown(raw)} holds line breaks or hidden characters.")
    for address in _email_pieces(raw.strip()):
        if len(address) > MAX_EMAIL:
            continue
        try:
            # The ending .test belongs to nobody (RFC 6761) and is what stand-ins of providers use.
            valid = validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
        return Reading(f"{valid.local_part}@{valid.ascii_domain.lower()}")
    return Reading(reason=f"The listed e-mail {shown(raw)} is not a valid address.")


def _email_pieces(raw: str) -> Iterator[str]:
    """Single addresses; a sign an address may hold itself only parts what are addresses on both sides."""
    for piece in _EMAIL_LIST.split(raw):
        text = piece.strip("<>")
        if text[:7].casefold() == "mailto:":
            text = unquote(text[7:].partition("?")[0])
        several = re.split(r"[|/]", text)
        yield from several if all("@" in one for one in several) else [text]


def is_role_address(email: str) -> bool:
    """Whether the mailbox is a shared one by its name (info@, sales@, myynti@, info.helsinki@)."""
    words = _WORD.findall(email.rpartition("@")[0].casefold())
    return bool(words) and (words[0] in ROLE_WORDS or words[-1] in ROLE_WORDS or "".join(words) in ROLE_WORDS)


def is_free_mail(domain: str) -> bool:
    """Whether the mail domain belongs to a mailbox provider, not to a company."""
    return listed(domain, FREE_MAIL) is not None


@lru_cache(maxsize=_KEPT)
def host_ascii(host: str) -> str | None:
    """A host name lower-case and in its DNS form (UTS 46), or None when it can be no public host name."""
    try:
        name = idna.encode(host.rstrip("."), uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None
    ending = name.rpartition(".")[2]
    return name if "." in name and (ending.isalpha() or ending.startswith("xn--")) else None


def listed(host: str, known: Container[str]) -> str | None:
    """The entry of a host list that covers ``host``: the host, one above it, or its name under any ending."""
    labels = host.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    candidates = [*above, name_under_ending(host)]
    return next((entry for entry in candidates if entry in known), None)
