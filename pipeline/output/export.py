"""What leads look like when they are taken away: their rows and columns, what is said about them, the file's name.

How that is written down is a format's matter: one file each in ``pipeline/output/formats``, found by
``pipeline/output/export_formats.py``; which columns a program wants and how it wants them, that of a preset in
``pipeline/output/presets``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limits

from pipeline.campaign import MICROS_PER_USD, CampaignSpec
from pipeline.fields import BY_NAME, DETAILS, NAMED, Field
from pipeline.output.export_row import SIMULATED as SIMULATED
from pipeline.output.export_row import ExportRow as ExportRow
from pipeline.qualification.criteria import in_words, ruled_out
from pipeline.words.text import one_line

BOOK = "Lead book"
"""What files call the leads of a workspace, whichever campaigns found them."""

MAX_CELL = 32_767
"""Characters a cell may hold: Excel's limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says of itself: the order, the filter in words, when it was exported, and its data sheet.

    ``attribution`` and ``licence`` are those its rows need, in one line each.
    ``spec`` is None for leads of the book, which belong to no one campaign.
    """

    spec: CampaignSpec | None
    filtered_by: str
    exported_at: datetime
    attribution: str = ""
    licence: str = ""
    withheld: int = 0
    withheld_by: tuple[str, ...] = ()
    data_sheet: tuple[tuple[str, str], ...] = ()
    is_simulated: bool = False

    @property
    def title(self) -> str:
        """What the leads are those of."""
        return self.spec.title if self.spec else BOOK


Cell = str | int | float | Decimal


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its heading, its width in characters, and where its value comes from. ``many`` reads it
    of several rows, where that is quicker than one after the other."""

    title: str
    width: int
    read: Callable[[ExportRow], Cell | None]
    many: Callable[[Sequence[ExportRow]], list[Cell | None]] | None = None

    def cells(self, rows: Sequence[ExportRow]) -> list[Cell | None]:
        """What the column holds of each row."""
        return self.many(rows) if self.many else [*map(self.read, rows)]


def _of(field: Field) -> Column:
    name = field.name
    return Column(
        field.label,
        field.width,
        lambda row: row.values.get(name),
        lambda rows: [row.values.get(name) for row in rows],
    )


def _told(title: str, width: int, name: str, told: Callable[[Any], Cell | None]) -> Column:
    """An attribute of which many rows hold the same: each value is put into words once."""
    value = attrgetter(name)

    def many(rows: Sequence[ExportRow]) -> list[Cell | None]:
        values = [*map(value, rows)]
        words = {one: told(one) for one in set(values)}
        return [words[one] for one in values]

    return Column(title, width, lambda row: told(value(row)), many)


def _degrees(title: str, name: str) -> Column:
    """Degrees with seven decimals, which is a centimetre; quicker than rounding a decimal."""
    value = attrgetter(name)

    def many(rows: Iterable[ExportRow]) -> list[Cell | None]:
        return [None if exact is None else round(exact * 1e7) / 1e7 for exact in map(value, rows)]

    return Column(title, 11, lambda row: many([row])[0], many)


def _yes_no(row: ExportRow) -> str | None:
    if "email" not in row.values:
        return None
    return "yes" if row.is_role_address else "no"


_LATER = ("opening_hours", "brand")
"""Fields of a business that got a column after others had theirs: importers go by the place of a column."""
_ADDRESS, *_REST = (_of(field) for field in NAMED if field.width and field.name not in _LATER)

COLUMNS: tuple[Column, ...] = (
    Column("Name", 32, attrgetter("shown_name")),
    Column("Category", 18, attrgetter("category")),
    _ADDRESS,
    Column("Street", 28, attrgetter("street")),
    *_REST,
    _told("E-mail status", 14, "email_status", attrgetter("value")),
    Column("E-mail source", 30, attrgetter("email_source")),
    Column("Shared mailbox", 14, _yes_no),
    Column("Confidence", 11, attrgetter("confidence")),
    Column("Sources", 18, lambda row: ", ".join(row.sources)),
    Column("Why empty", 60, attrgetter("why_empty")),
    _degrees("Latitude", "lat"),
    _degrees("Longitude", "lon"),
    Column("Source records", 26, lambda row: ", ".join(row.source_refs)),
    _told("Observed on", 12, "observed_on", lambda day: day.isoformat() if day else None),
    Column("Cost (USD)", 10, lambda row: Decimal(row.cost_micros) / MICROS_PER_USD if row.cost_micros else 0),
    Column("Attribution", 40, attrgetter("attribution")),
    Column("Simulated", 10, lambda row: SIMULATED if row.is_simulated else None),
    Column("Reach", 8, attrgetter("reach")),
    Column("Chain", 20, attrgetter("chain")),
    *(_of(BY_NAME[name]) for name in _LATER),
    *(_of(field) for field in DETAILS if field.width),
    Column("Criteria", 60, lambda row: in_words(row.verdicts) or None),
    Column("Ruled out", 40, lambda row: ruled_out(row.verdicts)),
    Column("Licence", 40, attrgetter("licence")),
)

BY_TITLE: Mapping[str, Column] = MappingProxyType({column.title: column for column in COLUMNS})


class Spelling(BaseModel):
    """How a table of text is written for the program that reads it.

    ``delimiter`` stands between cells, ``decimal_mark`` in numbers; ``has_mark``: the file begins with a byte order
    mark, without which Excel does not take it for UTF-8.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    delimiter: Literal[",", ";", "\t"] = ","
    has_mark: bool = True
    decimal_mark: Literal[".", ","] = "."


USUAL_SPELLING = Spelling()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which columns a table has, in which order, and how it is spelled."""

    columns: tuple[Column, ...] = COLUMNS
    spelling: Spelling = USUAL_SPELLING


USUAL_LAYOUT = Layout()
"""Every column, as it always was."""


Stream = Callable[[Iterable[ExportRow], Callable[[], About], Layout, BinaryIO], None]
"""Writes rows into an open file; what is said about them is known when they have all come."""


class ExportFormat(BaseModel):
    """A way to write leads down: what a file in ``pipeline/output/formats`` or a plugin declares as ``FORMAT``.

    ``key`` names it in the export log and in addresses, ``label`` on buttons; ``told`` is a sentence on what it is for.
    ``write`` gets the rows, with everything left out already that must not be exported, and returns the file.
    ``arrange`` does the same with columns of somebody's choice; None: there is nothing to choose. ``has_spelling``:
    the delimiter and the like matter to it. ``takes`` says of a row whether it can be in such a file; None: each can.
    ``headings`` are those of a table with columns of its own.

    ``stream`` writes rows one after another, however many come, and asks for what is said about them once all have
    come; without it a format holds them all in memory. ``most`` is how many rows such a file can hold; None: as many as
    there are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Limits(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    label: Annotated[str, Limits(min_length=1, max_length=30)]
    mime: Annotated[str, Limits(pattern=r"^[a-z]+/[^\s;]+(; .+)?$")]
    extension: Annotated[str, Limits(pattern=r"^[a-z0-9]{1,10}$")]
    write: Callable[[Sequence[ExportRow], About], bytes]
    arrange: Callable[[Sequence[ExportRow], About, Layout], bytes] | None = None
    has_spelling: bool = False
    told: Annotated[str, Limits(max_length=300)] = ""
    takes: Callable[[ExportRow], bool] | None = None
    headings: tuple[str, ...] = ()
    stream: Stream | None = None
    most: int | None = None

    def file(self, rows: Sequence[ExportRow], about: About, layout: Layout) -> bytes:
        """The file with these rows; the layout counts where there is something to choose."""
        return self.arrange(rows, about, layout) if self.arrange else self.write(rows, about)

    def pour(
        self, rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO
    ) -> None:
        """The same into an open file, row by row where the format can."""
        if self.stream:
            self.stream(rows, about, layout, target)
        else:
            held = list(rows)
            target.write(self.file(held, about(), layout))


def cell_text(text: str) -> str:
    """A text as one cell may hold it: a line break would end the cell or start a new one."""
    return one_line(text)[:MAX_CELL]
