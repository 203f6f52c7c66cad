"""Whether words name who made a site, so that an address beside them is that one's."""

from __future__ import annotations

import re

_MOST = 1_000
# A quick look for what every form below holds: most lines end here.
_SIGNS = (
    "by", "with", "web", "credit", "umsetz", "programmier", "realisier", "toteu", "suunnittelu", "réalisation",
    "création", "diseño", "desarrollado", "desenvolvido", "realizzazione", "sito", "produktion:", "gemaakt",
    "wykonanie", "realizace", "создание", "разработка", "制作",
)  # fmt: skip
_MAKER = re.compile(
    r"\b(?:site|website|web|page|designe?d?|develop(?:ed|ment)|made|built|created|powered|hosted) (?:by|with)\b"
    r"|\bweb ?(?:design|agency|agentur|studio|byrå)|\bcredits?\b|\bumsetzung\b|\bprogrammierung\b|\brealisierung\b"
    r"|\btoteutus\b|\bsivut(?:on)? (?:suunnittelu|toteut)|\bréalisation\b|\bcréation (?:de |du )?site|制作"
    r"|\bdiseño (?:web|y desarrollo)|\bdesarrollado por|\bdesenvolvido por|\brealizzazione\b"
    r"|\bsito (?:web )?(?:di|by)\b|\bproduktion:|\bgemaakt door|\bwykonanie\b|\brealizace\b"
    r"|\bсоздание сайт|\bразработка сайт"
)


def names_a_maker(words: str) -> bool:
    """Whether the words say "website by …" in one of the languages of the shipped and common data."""
    said = words[:_MOST].casefold().replace("\x1f", "")
    return any(sign in said for sign in _SIGNS) and _MAKER.search(said) is not None
