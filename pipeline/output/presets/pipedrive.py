"""Organizations for Pipedrive's import of spreadsheets.

An organization requires its name, and should have its address, which is one field; people require a name that nobody
gave: https://support.pipedrive.com/en/article/importing-mandatory-fields (April 2026). Headings are those of the
fields as the mapping shows them. Phone numbers and e-mail addresses are fields of people there.
"""

from __future__ import annotations

from pipeline.output.export_presets import FOR_IMPORTERS, address_line, described, email, preset, value
from pipeline.output.formats import csv

PRESET = preset(
    csv.FORMAT,
    key="pipedrive",
    label="Pipedrive organizations",
    told="For Pipedrive: Import data, From a spreadsheet. Phone and e-mail need organization fields of your own.",
    columns=(
        ("Organization - Name", lambda row: row.shown_name),
        ("Organization - Address", address_line),
        ("Organization - Website", value("website")),
        ("Organization - Phone", value("phone")),
        ("Organization - E-mail", email),
        ("Note - Content", described),
    ),
    takes=lambda row: bool(row.name),
    spelling=FOR_IMPORTERS,
)
