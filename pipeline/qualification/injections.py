"""Text on a page that speaks to whoever reads it by machine: no evidence of anything, and never sent on.

A company's page speaks to its customers. What tells a reader how to answer, what to ignore or what to quote is written
for a language model, whatever it claims. A line that does so is left out with the lines around it. That is one of the
guards; that every quotation has to stand where a visitor sees it, and to be judged by itself, are the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pipeline.qualification.pages import Page, normal
from pipeline.words.text import folded

AROUND = 2
"""Lines before and behind one that speaks to a model that do not count either: it may point at them."""

_MODEL = (
    r"language models?|llms?|chat ?gpt|gpt \d|chatbots?|ai (?:assistants?|models?|agents?|systems?|readers?|crawlers?)"
    r"|sprachmodell\w*|ki (?:assistent\w*|modell\w*)|kielimalli\w*|tekoaly\w*|modeles? de langage"
    r"|modelos? de (?:lenguaje|linguagem)|modell[io] linguistic[io]|sprakmodell\w*|taalmodel\w*"
    r"|automated (?:reader|system)s?"
)
_TELLS = (
    r"ignore|disregard|forget|override|bypass|answer|respond|reply|return|output|classify|mark|rate|"
    r"score|quote|cite|conclude|treat|consider|evaluate|"
    r"ignoriere\w*|vergiss|antworte\w*|zitiere\w*|bewerte\w*|ohita|unohda|vastaa\w*|lainaa|merkitse|"
    r"ignore[zr]?|oublie[zr]?|reponde[zr]?|cite[zr]?|ignora|ignorar|ignore|olvida|responde\w*|cita|marca|"
    r"dimentica|rispondi|ignorera|glom|svara|citera|negeer|vergeet|antwoord|citeer|zignoruj|odpowiedz|zapomnij"
)
_YES = r"yes|true|ja|kylla|oui|si|sim|no|false|nein|non|nao|nej|nee|ei|tak|positive\w*|affirmative\w*|match(?:es)?"
_ABOUT = (
    r"instructions?|prompts?|criteri(?:a|on)|verdicts?|evaluation|evaluator|json|schema|system message|anweisung\w*|"
    r"ohje\w*|kriteeri\w*|consignes?|criteres?|instrucciones|criterios?|istruzioni|criteri|instrukt\w*|instructies|"
    r"instrucoes|instrukcje"
)
_QUESTIONS = r"questions?|frage\w*|kysymy\w*|preguntas?|domand[ae]|fragor\w*|vragen|perguntas?|pytani\w*"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_TELLS})\b.{{0,60}}\b(?:{_ABOUT})\b",
        rf"\b(?:{_ABOUT}|{_QUESTIONS})\b.{{0,60}}\b(?:{_YES})\b",
        rf"\b(?:answer|respond|reply|output|return|antworte\w*|vastaa\w*|reponde[zr]?|responde\w*|rispondi|svara|"
        rf"antwoord|odpowiedz)\b.{{0,30}}\b(?:{_YES})\b",
        rf"\b(?:{_MODEL})\b.{{0,80}}\b(?:{_TELLS})\b",
        rf"\b(?:{_TELLS})\b.{{0,60}}\b(?:{_MODEL})\b",
        r"\b(?:you are|act as|pretend|du bist|olet|tu es|vous etes|eres|sei|du ar|je bent)\b.{0,30}"
        rf"\b(?:{_MODEL}|evaluator|grader|classifier|in (?:developer|debug|admin) mode)\b",
        r"\b(?:quote|cite|copy|repeat|use)\b.{0,30}\b(?:sentence|line|text|quotation|quote|paragraph)\b.{0,30}"
        r"\b(?:as|evidence|proof|next|following|this|above|below|verbatim|exactly)\b",
        r"\b(?:previous|prior|above|earlier|all) (?:instructions?|prompts?|rules|text)\b",
        r"\b(?:system|developer|assistant|user) (?:prompt|message|override|note|instruction)\b",
        rf"\b(?:verdict|answer)s? ?\d* ?(?:is|are)? ?(?:{_YES})\b",
        r"\b(?:new|updated|special|hidden) instructions?\b|\bend of (?:page|document|data|input|context)\b",
        r"\b(?:jailbreak|prompt injection)\b",
    )
)
# Marks of chat templates and of data that is made to look like an answer.
_MARKS = re.compile(
    r"<\|?\s*/?\s*(?:im_start|im_end|system|assistant|user|endoftext|inst|page|document"
    r"|instructions?)\s*\|?>|\[/?INST\]"
    r"|<</?SYS>>|^\s*(?:#+\s*)?(?:system|assistant|user|human|ai)\s*:|\{\s*\"|\"(?:answer|verdict|quote)\"\s*:|```",
    re.IGNORECASE,
)
_LATIN, _OTHER = "LATIN", ("CYRILLIC", "GREEK")


def addresses_a_reader(text: str) -> bool:
    """Whether a text tells whoever reads it by machine what to make of it."""
    if _MARKS.search(text) or _is_disguised(text):
        return True
    # Letters parted by blanks or dots are read as words, as a model reads them.
    plain = folded(text)
    joined = re.sub(r"\b(\w) (?=\w\b)", r"\1", plain)
    return any(pattern.search(said) for said in {plain, joined} for pattern in _PATTERNS)


def evidence_of(pages: Iterable[Page]) -> tuple[tuple[Page, ...], bool]:
    """The pages without what speaks to a model, and whether any of it was there."""
    found, kept = False, list[Page]()
    for page in pages:
        bad = {place for place, line in enumerate(page.lines) if addresses_a_reader(line)}
        # A sentence may be spread over lines.
        bad |= {
            place + step
            for place, pair in enumerate(zip(page.lines, page.lines[1:], strict=False))
            if not {place, place + 1} & bad and addresses_a_reader(" ".join(pair))
            for step in (0, 1)
        }
        found = found or bool(bad)
        near = {place + step for place in bad for step in range(-AROUND, AROUND + 1)}
        lines = tuple(normal(line) for place, line in enumerate(page.lines) if place not in near)
        kept.append(Page(page.url, lines))
    return tuple(kept), found


def _is_disguised(text: str) -> bool:
    """Whether a word mixes letters of alphabets that look alike."""
    if text.isascii():
        return False
    for word in text.split():
        scripts = {
            name.partition(" ")[0] for char in word if char.isalpha() and (name := unicodedata.name(char, ""))
        }
        if _LATIN in scripts and scripts.intersection(_OTHER):
            return True
    return False
