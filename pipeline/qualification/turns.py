"""What in a sentence turns round or blurs what its words say: no, no longer, soon, if, a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEAR = 5
"""Words between a no and what it denies at most; further away it may deny something else. Our own choice."""
_NO = _words(
    "no not never none neither nor without cannot cant dont doesnt didnt wont isnt arent hasnt havent"
    " hadnt nobody nowhere"
    " kein keine keinen keinem keiner keines nicht nie niemals ohne weder ei eivat emme en et ette ilman pas sans aucun"
    " aucune jamais ni sin nunca ninguno ninguna tampoco non senza mai nessun nessuna inte ej inga ingen"
    " inget utan aldrig"
    " niet geen zonder nooit nao sem nunca nie nem ikke uten не нет без нельзя"
)
# Words that deny in one language and mean nothing of the kind in another: only with one of their own beside them.
_ONLY_WITH = {
    "en": _words("me mina ole toimita myy tarjoa tee kayta"),
    "et": _words("ole toimita myy tarjoa"),
    "ni": _words("sin no nunca"),
    "mai": _words("non"),
    "pas": _words("ne n nous vous ils nest navons livrons vendons proposons faisons avons"),
}
_AND = _words("and but und aber ja mutta et mais y e pero ma och men maar")
_NOT_ONLY = re.compile(
    r"\b(?:not|nicht|ei|emme|pas|non|no|inte|niet) (?:just|only|nur|bloss|vain|ainoastaan|seulement|solo|soltanto|bara|"
    r"alleen|enbart)\b|\bno (?:matter|doubt|problem|wonder|worries)\b|\bwhy not\b|\bnon stop\b"
)
_BLURS = re.compile(
    r"\b(?:if|whether|unless|soon|planned?|planning|hope|formerly|once|used to|previously|in the past|until|would|"
    r"could|might|may|should|imagine|maybe|perhaps|instead of|rather than|competitors?|others?|someday|coming|"
    r"falls|bald|demnachst|geplant|fruher|ehemals|wurden|konnten|vielleicht|"
    r"jos|pian|tulossa|suunnitteilla|aiemmin|ennen|ehka|entinen|"
    r"si|bientot|prochainement|autrefois|jadis|peut etre|ancien\w*|"
    r"pronto|proximamente|antes|quizas|antiguo\w*|"
    r"se|presto|prossimamente|una volta|forse|"
    r"om|snart|tidigare|kanske|kommer att|als|binnenkort|vroeger|misschien)\b"
)
_QUESTION = re.compile(r"[?？؟]\s*[\"”»')\]]*\s*$")
_DENIES_IN_CJK = re.compile("不|没|沒|无|無|未|ません|ない|なく|않|없|안 ")


class Turn(Enum):
    """What becomes of what the words say."""

    PLAIN = auto()
    ROUND = auto()
    UNSURE = auto()


def turn_of(sentence: str, words: Sequence[str], first: int, last: int) -> Turn:
    """How a sentence turns what its ``words`` from the first to the last say."""
    said = " ".join(words)
    if _QUESTION.search(sentence) or _BLURS.search(_without(said, words[first : last + 1])):
        return Turn.UNSURE
    if _DENIES_IN_CJK.search(sentence):
        return Turn.ROUND
    spared = {place for match in _NOT_ONLY.finditer(said) for place in _places(said, match)}
    denials = [place for place in range(len(words)) if place not in spared and _denies(words, place)]
    if not denials:
        return Turn.PLAIN
    near = [
        place
        for place in denials
        if first - _NEAR <= place <= last + 2 and _AND.isdisjoint(words[place + 1 : first])
    ]
    return Turn.ROUND if len(near) == len(denials) == 1 else Turn.UNSURE


def _denies(words: Sequence[str], place: int) -> bool:
    word = words[place]
    if word not in _NO:
        return False
    needed = _ONLY_WITH.get(word)
    around = {*words[max(0, place - 4) : place], *words[place + 1 : place + 3]}
    return needed is None or bool(needed & around)


def _without(said: str, own: Sequence[str]) -> str:
    """The sentence without the words that were looked for: a criterion may hold such a word itself."""
    return said.replace(" ".join(own), " ", 1) if len(own) > 1 else said


def _places(said: str, match: re.Match[str]) -> range:
    start = said.count(" ", 0, match.start())
    return range(start, start + match[0].count(" ") + 1)
