"""Whether a visitor surely sees a text: told from what the page itself says of colours, sizes and who it is read to.

What is doubtful is read for contacts all the same, as many a page hides those from robots only; as evidence it does not
count. Colours of sheets in files of their own are not known, so that text in the colour of an unknown ground passes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]

_NAMES: Mapping[str, Colour] = {
    "white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "silver": (192, 192, 192), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0),
    "navy": (0, 0, 128), "orange": (255, 165, 0),
}  # fmt: skip
_INK = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;!]+)")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(r"rgba?\((\d{1,3})[,\s](\d{1,3})[,\s](\d{1,3})(?:[,/]([\d.]+%?))?\)")
_FAINT = re.compile(
    r"(?:^|;)(?:opacity:(?:0(?:\.0\d*)?|\.0\d*)(?![\d.])|font-size:(?:[0-2](?:\.\d+)?px|1pt"
    r"|0?\.[0-4]\d*(?:px|pt|em|rem))"
    r"|(?:max-)?(?:height|width):[01](?:px)?(?![\d.%])|transform:scale\(0|clip-path:inset\((?:50|100)%"
    r"|clip-path:circle\(0|filter:opacity\(0|content-visibility:hidden)"
)
_ASIDE = frozenset({"option", "textarea", "datalist", "dialog", "select"})
_CLASSES = (
    "sr-only visually-hidden visuallyhidden screen-reader-text screenreader-text u-hidden d-none"
    " invisible hidden is-hidden"
    " hide"
)
_READ_OUT = frozenset(_CLASSES.split())
"""Classes of the usual style sheets for what no visitor sees."""
_ALIKE = 60
"""Steps of red, green and blue together that two colours differ by at least where a text can be read."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of an element looks: its colour, that of what is behind it (None: a picture), and whether it is
    doubtful that a visitor sees it."""

    ink: Colour = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)
    is_faint: bool = False

    def inside(self, tag: str, attributes: Mapping[str, str | None], rules: str) -> Look:
        """The look of an element inside, of which the page says these rules, without blanks and in lower case."""
        is_aside = tag in _ASIDE and not (tag == "dialog" and "open" in attributes)
        names = (attributes.get("class") or "").casefold().split()
        said = f"{_of_attributes(attributes)}{rules}"
        if not (said or is_aside or names or "aria-hidden" in attributes):
            return self
        look = self._coloured(said) if said else self
        is_faint = (
            look.is_faint
            or is_aside
            or (attributes.get("aria-hidden") or "").casefold() == "true"
            or not _READ_OUT.isdisjoint(names)
            or bool(_FAINT.search(rules))
        )
        return replace(look, is_faint=is_faint) if is_faint is not look.is_faint else look

    def _coloured(self, rules: str) -> Look:
        ink, ground, is_clear = self.ink, self.ground, False
        for found in _GROUND.finditer(rules):
            value = found[1]
            colour, alpha = _colour(value)
            if "url(" in value or "gradient" in value:
                ground = None
            elif colour and alpha:
                ground = colour
        for found in _INK.finditer(rules):
            colour, alpha = _colour(found[1])
            is_clear = found[1] == "transparent" or (colour is not None and not alpha)
            ink = colour or ink
        is_lost = ground is not None and sum(abs(a - b) for a, b in zip(ink, ground, strict=True)) < _ALIKE
        return Look(ink, ground, self.is_faint or is_clear or is_lost)


PLAIN = Look()
"""Black on white, as browsers draw what says nothing else."""


def _of_attributes(attributes: Mapping[str, str | None]) -> str:
    """Colours as pages of old said them."""
    said = [("color", attributes.get("color")), ("background-color", attributes.get("bgcolor"))]
    return "".join(f";{name}:{''.join(value.split()).casefold()};" for name, value in said if value)


def _colour(value: str) -> tuple[Colour | None, bool]:
    """A colour and whether it can be seen at all; None for what is none, or none that is known."""
    if found := _HEX.search(value):
        digits = found[1]
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) in (6, 8):
            red, green, blue = (int(digits[place : place + 2], 16) for place in (0, 2, 4))
            return (red, green, blue), digits[6:] not in ("00", "0f", "08")
    if found := _RGB.search(value):
        alpha = found[4] or "1"
        share = float(alpha.rstrip("%.") or 0) / (100 if alpha.endswith("%") else 1)
        return (int(found[1]), int(found[2]), int(found[3])), share > 0.1
    return next(((_NAMES[word], True) for word in re.split(r"[^a-z]", value) if word in _NAMES), (None, True))
