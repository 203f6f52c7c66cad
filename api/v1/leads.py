"""The leads of a campaign: as pages of JSON, or all that match as lines of JSON, CSV or any other format."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.v1 import answers, lead_model, paging
from api.v1.door import Asking
from api.v1.lead_model import Lead, Leads
from api.v1.lead_query import LeadQuery
from pipeline.output import lead_lines
from pipeline.output.export import ExportFormat
from pipeline.output.formats import csv
from services import exporting, leads_that_leave
from services.exporting import ExportFile
from services.lead_filter import LeadFilter
from services.results import LeadSort

router = APIRouter(prefix="/campaigns/{campaign_id}", tags=["leads"])
_CSV, _LINES = "text/csv", lead_lines.FORMAT.mime
_FORMATS: dict[str, ExportFormat] = {_CSV: csv.FORMAT, _LINES: lead_lines.FORMAT}
FILES = answers.also(200, {_CSV: '"Name","Category"\r\n', _LINES: '{"name": "Café Example"}\n'})
_ASKED = {200: {**answers.page("Leads.")[200], **FILES[200]}, **answers.problems(404)}
Format = Annotated[
    str,
    Query(pattern=r"^[a-z][a-z0-9_]{0,29}$", description="A format or preset of exports, such as `xlsx`."),
]


@router.get("/leads", summary="List leads", response_model=Leads, responses=_ASKED)
def listing(
    request: Request,
    response: Response,
    person: Asking,
    campaign_id: UUID,
    asked: Annotated[LeadQuery, Query()],
) -> Leads | Response:
    """Leads in parts. With `Accept: application/x-ndjson` or `text/csv` all that match come at once, as a file that is
    noted in the export log; that needs `submit`."""
    format = wanted(request.headers.get("accept", ""))
    if format is not None:
        return sent(exporting.export(person, campaign_id, asked.chosen(), asked.sort, format))
    found = leads_that_leave.of_campaign(
        person, campaign_id, asked.chosen(), asked.sort, asked.begins(), asked.limit
    )
    paging.link(request, response, found.next_cursor)
    return Leads(
        items=tuple(map(lead_model.of, found.rows)),
        next_cursor=found.next_cursor,
        matching=found.matching,
        total=found.total,
    )


@router.get("/leads/{lead_id}", summary="Read a lead", responses=answers.problems(404))
def read(person: Asking, campaign_id: UUID, lead_id: UUID) -> Lead:
    """One lead of the campaign."""
    return lead_model.of(leads_that_leave.one(person, campaign_id, lead_id))


@router.get(
    "/file",
    summary="Take leads as a file",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        },
        **answers.problems(404),
    },
)
def file(person: Asking, campaign_id: UUID, format: Format) -> Response:
    """All leads of the campaign in a format or preset of exports, noted in the export log. Needs `submit`."""
    return sent(exporting.export(person, campaign_id, LeadFilter(), LeadSort.BEST, format))


def wanted(accept: str) -> ExportFormat | None:
    """The format of a file that is asked for; None where JSON is."""
    kinds = (each.partition(";")[0].strip().casefold() for each in accept.split(","))
    return next((_FORMATS[kind] for kind in kinds if kind in _FORMATS), None)


def sent(file: ExportFile) -> Response:
    """A file, to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"', "Leads": str(file.rows)}
    return Response(file.data, media_type=file.mime, headers=headers)
