"""The phone numbers written in a text, each whole; and what the words around one say it is for.

Words part numbers in every language, so that none has to be known for it, and letters are never dialled: on a keypad
they would become digits nobody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.words.text import folded

_SPACES = "\u0009\u0020\u00a0\u2000-\u200a\u202f\u2060\u3000"
_DASHES = "\\-\u2010-\u2015\u2212\u30fc\uff0d"
_RUN = re.compile(
    rf"[+\uff0b(\uff08]?(?:[{_SPACES}(]{{0,3}}[+\uff0b])?[{_SPACES}(]{{0,3}}\d[\d{_SPACES}{_DASHES}()\uff08\uff09./\u00b7*]*"
)
"""A number as people write it: digits with what parts their groups."""
_PAIR = re.compile(rf"[{_SPACES}]+[{_DASHES}/][{_SPACES}]+|/")
_AGAIN = re.compile(r"(?<=\d)(?=[ (]*[+\uff0b])")
_LETTERS = re.compile(r"[^\W\d_]")
_WHOLE = 6
"""Digits that make a number of their own on either side of a dash or slash; shorter ones are a code or an extension."""
_ENDED = re.compile(r"\D+$")
_BEHIND = re.compile(r"\W*\(([^\d()]+)\)")
_HIDDEN_PREFIX = re.compile(r"^\s*\((\+|00)(\d+)\)")

_FAX = (
    "fax", "telefax", "faksi", "faks", "telefaks", "telecopie", "telecopieur", "facsimile", "belgegecer",
    "belgec", "faxnummer", "φαξ", "факс", "传真", "傳真", "ファックス", "ファクス", "ファクシミリ", "팩스",
    "โทรสาร", "فاكس", "פקס",
)  # fmt: skip
_PHONE = (
    "tel", "telefon", "telefoni", "telefono", "telefone", "telephone", "telefonnummer", "telefoon", "telefonia",
    "telefonas", "telefonszam", "phone", "phones", "ph", "puh", "puhelin", "puhelinnumero", "matkapuhelin",
    "tlf", "tfn", "call", "mobile", "mob", "mobil", "movil", "telemovel", "cell", "gsm", "handy", "portable",
    "cellulare", "sumi", "simi", "hotline", "whatsapp", "τηλ", "τηλεφωνο", "κινητο", "тел", "телефон",
    "телефони", "моб", "мобильный", "電話", "電話番号", "电话", "전화", "โทร", "โทรศัพท์", "هاتف", "تلفن", "טלפון", "טל",
)  # fmt: skip
_FAX_WORDS = frozenset(map(folded, _FAX)) | {"f"}
_PHONE_WORDS = frozenset(map(folded, _PHONE)) | {"t", "p", "m"}
_UNSPACED = tuple(map(folded, ("传真", "傳真", "ファックス", "ファクス", "ファクシミリ", "팩스", "โทรสาร")))


def numbers_in(text: str) -> Iterator[str]:
    """What may be phone numbers in a text, in its order; whole ones before the halves of a pair, faxes left out."""
    before = 0
    for run in _RUN.finditer(text):
        end = run.start() + len(_ENDED.sub("", run.group()))
        behind = _BEHIND.match(text[end : end + 40])
        is_fax = is_fax_label(text[before : run.start()]) or bool(behind and is_fax_label(behind[1]))
        before = behind.end() + end if behind else run.end()
        if is_fax:
            continue
        for single in _AGAIN.split(run.group()):
            yield from _parted(_HIDDEN_PREFIX.sub(r"\1\2 ", single).strip(" ./-–—(*"))


def is_fax_label(text: str) -> bool:
    """Whether the words beside a number say that it is a fax and no phone as well."""
    words = folded(text).split()
    has_fax = any(word in _FAX_WORDS or word.startswith(_UNSPACED) for word in words)
    return has_fax and not any(word in _PHONE_WORDS for word in words)


def labelled_numbers(line: str) -> Iterator[str]:
    """The numbers of a line that a word just before each calls a phone, and that end where a number can end.

    A number that words follow may be run into what stands there ("030 123456 10115 Berlin"), so it is not read.
    """
    before = 0
    for run in _RUN.finditer(line):
        label, before = line[max(before, run.start() - 40) : run.start()], run.end()
        if is_phone_label(label) and not _LETTERS.match(line[run.end() : run.end() + 1]):
            yield run.group().strip(" ./-–—(*")


def is_phone_label(text: str) -> bool:
    """Whether the words just before a number say that it is a phone: "Tel.", "Puhelin:", "電話"."""
    words = folded(text).split()
    return bool(words) and (words[-1] in _PHONE_WORDS or any(sign in text[-3:] for sign in "☎📞✆"))


def _parted(number: str) -> Iterator[str]:
    halves = [half.strip() for half in _PAIR.split(number) if half.strip()]
    if len(halves) > 1 and all(sum(char.isdigit() for char in half) >= _WHOLE for half in halves):
        yield from halves
        return
    yield number
    if "/" in number:
        yield from number.split("/")
