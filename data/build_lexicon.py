"""Rebuilds the names of business types from OpenStreetMap's tagging presets: ``python -m data.build_lexicon FOLDER``.

``FOLDER`` is the unpacked npm package ``@openstreetmap/id-tagging-schema``. The file it writes is the same, byte for
byte, on every run with the same version (and the same zlib).
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from anyascii import anyascii

from pipeline.words import lexicon
from pipeline.words.categories import BUSINESS_KEYS, Category, all_categories
from pipeline.words.lexicon import Told
from pipeline.words.osm_tags import is_business, is_refining
from pipeline.words.phrases import without_shop
from pipeline.words.text import folded

_BLOCK_LINES = 400
# A search term that so many categories share tells none of them ("eat", "service").
_SHARED_BY = 3
_OTHER_SCRIPT = re.compile("[Ͱ-ϿЀ-ӿ԰-֏Ⴀ-ჿ]")
# Parts of a name that are told apart: "Friseur/in", "Arzt (Praxis)".
_ASIDE = re.compile(r"\s*[(（\[].*?[)）\]]")
_PARTS = re.compile(r"\s*[/,;،、]\s*")
# Words that keep their capital letter wherever they stand in a name of the presets.
_PROPER = frozenset({"Chinese"})
# Every zip entry carries a time; this is the earliest there can be.
_NO_TIME = (1980, 1, 1, 0, 0, 0)

Kind = tuple[str, tuple[str, ...]]
_Meanings = dict[tuple[str, Kind], dict[Told, set[str]]]


def main(folder: Annotated[Path, typer.Argument(help="The unpacked package.")]) -> None:
    """Read the presets and their translations, write the lexicon."""
    presets = json.loads((folder / "dist/presets.json").read_text())
    english = _translations(folder, "en")
    kinds = {key: kind for key, preset in presets.items() if (kind := _kind(preset, english.get(key, {})))}
    meanings: _Meanings = defaultdict(lambda: defaultdict(set))
    for path in sorted((folder / "dist/translations").glob("*.min.json")):
        language = path.name.removesuffix(".min.json")
        if language != "index":
            for key, words in _translations(folder, language).items():
                if key in kinds:
                    _collect(meanings, kinds[key], words, re.split("[-@]", language)[0])
    lines, numbered = _lines(meanings)
    _write(lines, numbered)
    version = json.loads((folder / "package.json").read_text())["version"]
    typer.echo(f"{lexicon.PATH.name}: {len(lines)} lines, {len(numbered)} categories, from version {version}")


def _translations(folder: Path, language: str) -> Mapping[str, Any]:
    """What a language calls the presets, by their keys."""
    read = json.loads((folder / f"dist/translations/{language}.min.json").read_text())
    found: Mapping[str, Any] = read[language].get("presets", {}).get("presets", {})
    return found


def _kind(preset: Mapping[str, Any], english: Mapping[str, str]) -> Kind | None:
    """The category a preset is, or None for one that is no business that could be ordered."""
    tags: Mapping[str, str] = preset["tags"]
    if tags.keys() == {"education"}:
        # The presets moved schools to a key of their own; the map mostly has the one it was before, which they add.
        tags = {key: value for key, value in preset.get("addTags", {}).items() if key != "education"}
    mains = [f"{key}={tags[key]}" for key in BUSINESS_KEYS if key in tags and is_business(key, tags[key])]
    rest = [f"{key}={value}" for key, value in tags.items() if key not in BUSINESS_KEYS]
    if not mains or "*" in mains[0] or len(rest) > 1 or not all(map(is_refining, rest)):
        return None
    if not preset.get("searchable", True) or "name" not in english:
        return None
    own = _own("+".join((mains[0], *rest)))
    if own:
        return own.label, own.tags
    main = _own(mains[0]) if rest else None
    wide = [tag for tag in main.tags if "+" not in tag] if main else mains[:1]
    return _as_ours(english["name"]), tuple("+".join((tag, *rest)) for tag in wide)


def _as_ours(name: str) -> str:
    """A name with one capital letter, as our own labels have it: "Asian restaurant", "Traditional Chinese medicine"."""
    first, *more = re.sub(r"-[A-Z](?=[a-z])", lambda found: found[0].lower(), name).split()
    return " ".join((first, *(word if word in _PROPER else word.lower() for word in more)))


def _own(tag: str) -> Category | None:
    return next((category for category in all_categories() if tag in category.tags), None)


def _collect(meanings: _Meanings, kind: Kind, words: Mapping[str, str], language: str) -> None:
    told = {
        Told.NAME: [words.get("name", "")],
        Told.ALIAS: words.get("aliases", "").splitlines(),
        Told.TERM: words.get("terms", "").split(","),
    }
    for how, texts in told.items():
        for name in dict.fromkeys(name for text in texts for name in _spellings(text)):
            meanings[name, kind][how].add(language)
            bare = without_shop(name) if how < Told.TERM and kind[1][0].startswith("shop=") else None
            if bare and bare != name:
                meanings[bare, kind][Told.BARE].add(language)


def _spellings(text: str) -> Iterator[str]:
    """A text of the presets as people may type it: its parts, and those of other alphabets in Latin letters too."""
    for part in _PARTS.split(_ASIDE.sub("", text)):
        name = folded(part)
        if len(name) > 1:
            yield name
            if _OTHER_SCRIPT.search(name):
                yield folded(anyascii(part))


def _lines(meanings: _Meanings) -> tuple[list[str], list[Kind]]:
    numbered = sorted({kind for _, kind in meanings})
    numbers = {kind: number for number, kind in enumerate(numbered)}
    shared: dict[str, int] = defaultdict(int)
    for (name, _), told in meanings.items():
        shared[name] += min(told) is Told.TERM
    by_stem: dict[str, dict[str, list[tuple[Told, int, int]]]] = defaultdict(lambda: defaultdict(list))
    for (name, kind), told in meanings.items():
        how = min(told)
        if how is Told.TERM and told[how] == {"en"}:
            how = Told.HINT
        if (how < Told.TERM or shared[name] <= _SHARED_BY) and lexicon.stem(name):
            by_stem[lexicon.stem(name)][name].append((how, -len(told[min(told)]), numbers[kind]))
    return [_line(stem, by_stem[stem]) for stem in sorted(by_stem)], numbered


def _line(stem: str, names: Mapping[str, list[tuple[Told, int, int]]]) -> str:
    entries = [stem]
    for name in sorted(names):
        meanings = (f"{number}:{how:d}:{-languages}" for how, languages, number in sorted(names[name]))
        entries.append("|".join([name, *meanings]))
    return "\t".join(entries)


def _write(lines: list[str], kinds: list[Kind]) -> None:
    blocks = [lines[start : start + _BLOCK_LINES] for start in range(0, len(lines), _BLOCK_LINES)]
    members = {f"{number:04}": block for number, block in enumerate(blocks)}
    members[lexicon.STARTS] = [block[0].partition("\t")[0] for block in blocks]
    members[lexicon.KINDS] = [f"{label}\t{';'.join(tags)}" for label, tags in kinds]
    with zipfile.ZipFile(lexicon.PATH, "w") as file:
        for name, rows in members.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, "".join(f"{row}\n" for row in rows), compresslevel=9)


if __name__ == "__main__":
    typer.run(main)
