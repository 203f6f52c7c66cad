"""Ways to write an address that people read and simple programs do not: undone where they leave nothing to guess."""

from __future__ import annotations

import re

# "at" and "dot" as people of many languages call the signs, read only inside brackets: bare, they are words.
_AT_NAMES = (
    "at|ät|a|@|arobase|arroba|chiocciola|klammeraffe|ät-zeichen|apenstaartje|małpa|malpa|zavináč|zavinac|snabel-?a|kukac|"
    "krøllalfa|miukumauku|ätmerkki|ät-merkki|собака|παπάκι|et|kuyruklu a|アットマーク|アット|골뱅이|圈a|שטרודל"
)
_DOT_NAMES = (
    "dot|punkt|piste|point|punto|ponto|kropka|tečka|tecka|bodka|pont|nokta|точка|τελεία|ドット|점|נקודה|\\."
)
_MOST = 2_000
"""Disguised signs of one line that are looked at."""
_GAP = r"[ \x1f]{0,4}"
_OPEN, _CLOSE = r"[\[({<（【［〔]", r"[\])}>）】］〕]"
_AT = re.compile(rf"{_GAP}{_OPEN}{_GAP}(?:{_AT_NAMES}){_GAP}{_CLOSE}{_GAP}", re.IGNORECASE)
_DOT = re.compile(rf"{_GAP}{_OPEN}{_GAP}(?:{_DOT_NAMES}){_GAP}{_CLOSE}{_GAP}", re.IGNORECASE)
_CAPITALS = re.compile(
    r"(?<![^\s:])([a-z0-9][\w.+-]{0,63}) AT ([a-z0-9-]{1,63}(?: DOT [a-z]{1,63}){1,4})(?![\w-])"
)
_SPELT_DOT = re.compile(
    r"(?<=@)([\w-]{1,63}) (?:dot|punkt|piste|point|punto|ponto) ([a-z]{2,24})(?![\w.@-])", re.IGNORECASE
)
# "Find us (at) anchor.test" names a place to look; what stands before the sign is no mailbox.
_NO_MAILBOX = re.compile(
    r"(?:^|(?<=[^\w.+-]))(?:us|me|him|her|them|it|we|you|here|there|now|online|is|are|shop|uns|mich|hier|nous|nos|noi|meidät)$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"((?:e-?mail|mail|e-?post|sähköposti|correo|courriel|@) ?: ?[\w.+-]{1,64}) @ ?(?=\w)", re.IGNORECASE
)


def undisguised(text: str) -> str:
    """The text with at-signs and dots in place of what plainly stands for them."""
    text = text.replace("\uff20", "@").replace("\uff0e", ".")
    if _CAPITALS.search(text):
        text = _CAPITALS.sub(lambda found: f"{found[1]}@{found[2].replace(' DOT ', '.')}", text)
    pieces = _AT.split(text, _MOST)
    if len(pieces) > 1:
        text = pieces[0]
        for piece in pieces[1:]:
            text += f" {piece}" if _NO_MAILBOX.search(text[-80:]) else f"@{piece}"
    text = _LABELLED.sub(r"\1@", text)
    if "@" not in text:
        return text
    return _SPELT_DOT.sub(r"\1.\2", _DOT.sub(".", text))
