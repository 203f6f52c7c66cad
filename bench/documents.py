"""How much of what there is the documents tell: settings, commands, states, causes, columns, events and the like.

``python -m bench.documents``; ends with code 1 when something is not told, or told and not there.
``tests/test_documentation.py`` holds every kind to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import typer

import manage
import settings
from api.agents.server import tools
from api.v1.application import described
from api.v1.problems import Problem
from jobs.duties import DUTIES
from pipeline.campaign import CampaignStatus, Stage
from pipeline.causes import Cause
from pipeline.health.exposition import METRICS
from pipeline.health.rules import RULES
from pipeline.lead import EmailStatus, StepOutcome
from pipeline.money.plan_warnings import Warn
from pipeline.output.export import COLUMNS
from pipeline.output.export_formats import formats
from pipeline.output.export_presets import presets
from pipeline.output.webhook_message import TEST, Event
from pipeline.providers.registry import registry
from services import auditing, permissions
from services.api_keys import Scope
from services.call_list import Outcome
from services.identity import Person
from services.lead_filter import TeamStatus
from services.saved_views import Listing
from ui import lead_columns
from ui.words import PROVIDER_STATE

_ROOT = settings.PROJECT_ROOT
_CODE, _BOLD = re.compile(r"`([^`]+)`"), re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of one kind: ``there`` are all of them, ``told`` those the documents name in the place for them."""

    name: str
    there: frozenset[str]
    told: frozenset[str]


def kinds() -> tuple[Kind, ...]:
    """Every kind, with what there is and what is told."""
    return tuple(
        Kind(name, frozenset(there()), frozenset(told()))
        for name, (there, told) in (_OF_CAMPAIGNS | _OF_LEADS | _OF_PROGRAMS | _OF_OPERATIONS).items()
    )


def main() -> None:
    """Print one line a kind; exit with 1 when one is not told whole."""
    found = kinds()
    wrong = [kind for kind in found if kind.there != kind.told]
    for kind in found:
        print(f"{kind.name:<22} {len(kind.there):>4} there {len(kind.there & kind.told):>4} told")
    for kind in wrong:
        for name in sorted(kind.there ^ kind.told):
            print(f"{kind.name}: {name} is {'not told' if name in kind.there else 'told and not there'}")
    print(
        f"{sum(len(kind.there & kind.told) for kind in found)} of {sum(len(kind.there) for kind in found)}."
    )
    raise typer.Exit(bool(wrong))


def in_table(document: str, head: str) -> Iterator[str]:
    """The first cells of the rows of the tables whose first column has this head, without markup."""
    is_inside = False
    for line in (_ROOT / document).read_text().splitlines():
        cell = line.split("|")[1].strip() if line.startswith("|") and line.count("|") > 1 else None
        if cell is None or cell == head:
            is_inside = cell == head
        elif is_inside and not set(cell) <= set(":- "):
            yield cell


def _marked(document: str, head: str) -> Callable[[], Iterator[str]]:
    """What stands as code there."""
    return lambda: (name for cell in in_table(document, head) for name in _CODE.findall(cell))


def _listed(document: str, head: str) -> Callable[[], Iterator[str]]:
    """Words of people, several of them parted by commas."""
    return lambda: (name for cell in in_table(document, head) for name in cell.split(", "))


def _pages_told() -> Iterator[str]:
    for document in ("docs/guide.md", "docs/administration.md"):
        for cell in in_table(document, "page"):
            yield from _BOLD.findall(cell)


def _pages() -> list[str]:
    return re.findall(r'st\.Page\(\w+, title="([^"]+)"', (_ROOT / "ui/navigation.py").read_text())


def _call_states() -> list[str]:
    schema = (_ROOT / "migrations/schema.sql").read_text()
    (states,) = re.findall(r"CONSTRAINT provider_calls_state_check CHECK (.+)", schema)
    return re.findall(r"'(\w+)'", states)


def _resources(paths: Iterable[str]) -> Iterator[str]:
    """What they begin with."""
    return (re.findall("[a-z-]+", path)[0] for path in paths)


def _acts() -> Iterator[str]:
    """Those the database notes by itself, those the services note, and those that have words."""
    for arguments in re.findall(
        r"perform auth_note\((.*?)\);", (_ROOT / "migrations/schema.sql").read_text(), re.DOTALL
    ):
        # Who did it, then what; a choice of two is written as a case.
        act = re.match(r"(?:\([^()]*\)|\w+\([^()]*(?:\(\))?[^()]*\)|[^,(])*,([^,]*)", arguments)
        yield from re.findall(r"'([a-z_]+)'", act[1] if act else "")
    for path in (_ROOT / "services").glob("*.py"):
        yield from re.findall(r'audit\.record\(conn, [\w.]+, "([a-z_]+)"', path.read_text())
    yield from auditing.IN_WORDS
    yield from ("export_allowed", "export_withheld")


def _tools() -> Iterator[str]:
    def nobody(_: object) -> Person:
        raise LookupError

    return (tool.__name__ for tool, _ in tools(nobody))


def _files(folder: str, ending: str) -> list[str]:
    return [path.name.removesuffix(ending) for path in (_ROOT / folder).glob(f"[a-z]*{ending}")]


def _alerts_told() -> Iterator[str]:
    """Those of which both are told: when, and what to do."""
    advice = re.findall(r"^### `(\w+)`$", (_ROOT / "docs/runbook.md").read_text(), re.MULTILINE)
    return (rule for rule in _marked("docs/operations.md", "rule")() if rule in advice)


def _benches_told() -> list[str]:
    return re.findall(r"^\| `\S+ -m bench\.(\w+)", (_ROOT / "README.md").read_text(), re.MULTILINE)


_Source = Callable[[], Iterable[str]]
_OF_CAMPAIGNS: dict[str, tuple[_Source, _Source]] = {
    "pages": (_pages, _pages_told),
    "campaign states": (lambda: CampaignStatus, _marked("docs/guide.md", "state")),
    "stages": (lambda: Stage, _marked("docs/architecture.md", "stage")),
    "stages in words": (lambda: (stage.label for stage in Stage), _listed("docs/guide.md", "stage")),
    "causes": (lambda: Cause, _marked("docs/causes.md", "cause")),
    "plan warnings": (lambda: Warn, _marked("docs/money.md", "a quote warns when")),
    "call states": (_call_states, _marked("docs/money.md", "state")),
}
_OF_LEADS: dict[str, tuple[_Source, _Source]] = {
    "columns of tables": (lambda: lead_columns.titles(Listing.BOOK), _listed("docs/guide.md", "column")),
    "columns of files": (
        lambda: (column.title for column in COLUMNS),
        _listed("docs/exports.md", "column"),
    ),
    "formats": (
        lambda: (format.label for format in formats().values()),
        _listed("docs/exports.md", "format"),
    ),
    "presets": (presets, _marked("docs/exports.md", "preset")),
    "e-mail statuses": (lambda: EmailStatus, _marked("docs/guide.md", "e-mail status")),
    "look-up outcomes": (lambda: StepOutcome, _marked("docs/guide.md", "a look-up")),
    "company statuses": (lambda: TeamStatus, _marked("docs/guide.md", "status")),
    "call outcomes": (
        lambda: (outcome.replace("_", " ").capitalize() for outcome in Outcome),
        _listed("docs/book.md", "outcome"),
    ),
}
_OF_PROGRAMS: dict[str, tuple[_Source, _Source]] = {
    "commands": (
        lambda: manage.names(manage.application()),
        _marked("docs/command-line.md", "command"),
    ),
    "key scopes": (lambda: Scope, _marked("docs/command-line.md", "scope")),
    "API resources": (
        lambda: _resources(described().openapi()["paths"]),
        lambda: _resources(_marked("docs/api.md", "addresses")()),
    ),
    "API causes": (lambda: Problem, _marked("docs/api.md", "cause")),
    "agent tools": (_tools, _marked("docs/agents.md", "tool")),
    "webhook events": (lambda: (*Event, TEST), _marked("docs/webhooks.md", "event")),
}
_OF_OPERATIONS: dict[str, tuple[_Source, _Source]] = {
    "settings": (
        lambda: (name.upper() for name in settings.Settings.model_fields),
        _marked("docs/settings.md", "variable"),
    ),
    "providers": (lambda: registry().providers, lambda: _files("docs/providers", ".md")),
    "provider states": (
        lambda: (words for words, _ in PROVIDER_STATE.values()),
        _listed("docs/administration.md", "on *Providers*"),
    ),
    "rights": (
        lambda: (right for right, *_ in permissions.in_a_table()),
        lambda: in_table("docs/roles.md", "right"),
    ),
    "acts in Audit": (_acts, _marked("docs/administration.md", "act")),
    "duties": (lambda: (duty.name for duty in DUTIES), _marked("docs/operations.md", "duty")),
    "alerts": (lambda: RULES, _alerts_told),
    "metrics": (lambda: (metric.name for metric in METRICS), _marked("docs/operations.md", "metric")),
    "benches": (lambda: _files("bench", ".py"), _benches_told),
}


if __name__ == "__main__":
    typer.run(main)
