"""Whether a host name was chosen for a company, and which part of a site is one company's.

Many companies have no site but a page on somebody else's: a mall, a chain of hotels, a town. What that site says of
itself is not theirs. Such a page shows by its address: the host is not named after the company, the page is.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from pipeline.contact.contact_lists import ROLE_WORDS
from pipeline.contact.suffixes import registered_domain
from pipeline.lead import Business
from pipeline.words.text import folded

_SHORTEST = 4
"""Letters a word needs to tell one name from another; our own choice."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"})
_GENERIC = ROLE_WORDS | {
    "gmbh", "city", "center", "centre", "house", "haus", "home", "group", "company", "ravintola", "restaurante",
    "ristorante", "bakery", "pizzeria", "pizza", "beauty", "salon", "hair", "dental", "clinic", "pharmacy",
    "apteekki", "apotheke", "school", "church", "market", "food", "design", "media", "consulting", "kahvila",
    "hostel", "local", "online", "the", "street", "shops", "stores",
}  # fmt: skip
# The start of a site in a language: no page of its own.
_FRONT = re.compile(
    r"[a-z]{2}([-_][a-z]{2})?|(index|home|default|start|main|welcome|etusivu|inicio|startseite|accueil)(\.\w+)?",
    re.IGNORECASE,
)

_FILE = re.compile(r"(/(index|default|main)\.\w+|\.(html?|php|aspx?|jsp))/*$", re.IGNORECASE)


def names_host(name: str, host: str) -> bool:
    """Whether a host name holds the name of a company, one telling word of it, or its initials."""
    spellings = [folded(name).split(), folded(name.casefold().translate(_SPELT_OUT)).split()]
    return any(_is_in(words, label) for words in spellings for label in _labels(host) if words)


def is_alike(host: str, other: str) -> bool:
    """Whether two domains go by one name: ``anchor.fi`` and ``anchor-cafe.com``."""
    names = sorted((_name(host), _name(other)), key=len)
    short, long = (name.replace("-", "") for name in names)
    if short == long:
        return True
    is_telling = len(short) >= _SHORTEST and short not in _GENERIC
    return is_telling and (long.startswith(short) or long.endswith(short))


def own_folder(business: Business) -> str | None:
    """The path below which a site speaks of the business, when it has but a page on somebody else's site; else None."""
    parts = urlsplit(business.website or "")
    folders = [part for part in unquote(parts.path).split("/") if part]
    while folders and _FRONT.fullmatch(folders[0]):
        folders = folders[1:]
    # A name in another script cannot be compared with a host, so that its site is believed to be its own.
    is_latin = any("a" <= char <= "z" for char in folded(business.name))
    if not folders or not is_latin or names_host(business.name, parts.hostname or ""):
        return None
    if len(folders) > 1 or folders[0].startswith("~") or names_host(business.name, f"{folders[0]}.test"):
        return _FILE.sub("", unquote(parts.path)).rstrip("/")
    return None


def _is_in(words: list[str], label: str) -> bool:
    joined, initials = "".join(words), "".join(word[0] for word in words)
    telling = [word for word in words if len(word) >= _SHORTEST and word not in _GENERIC]
    if (
        joined in label
        or (len(label) >= _SHORTEST and label in joined)
        or any(word in label for word in telling)
    ):
        return True
    return len(initials) > 2 and initials == label


def _labels(host: str) -> list[str]:
    """The labels of a host that its owner chose, as words are compared."""
    registered = registered_domain(host)
    ending = registered.count(".")
    chosen = host.split(".")[: -ending or None]
    return [folded(_decoded(label)).replace(" ", "") for label in chosen if label != "www"]


def _name(host: str) -> str:
    return _decoded(registered_domain(host).split(".")[0])


def _decoded(label: str) -> str:
    try:
        return label.encode("ascii").decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label
