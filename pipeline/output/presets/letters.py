"""Addresses for letters and labels: mail merge in Word, LibreOffice and the like.

Headings are the names of Word's mapped fields, which it matches by itself and LibreOffice's assistant offers to match:
https://learn.microsoft.com/en-us/previous-versions/office/developer/office-2003/ms265433(v=office.11), in their
spelling of ISO/IEC 29500-1, 17.14.15. One part of an address a column, as
https://support.microsoft.com/kb/294688 asks. A workbook, because there a postcode is a text and keeps its zeros.
"""

from __future__ import annotations

from pipeline.output.export import ExportRow
from pipeline.output.export_presets import country, preset, value
from pipeline.output.formats import xlsx


def _has_address(row: ExportRow) -> bool:
    return bool(row.name and row.street and (row.values.get("postcode") or row.values.get("city")))


PRESET = preset(
    xlsx.FORMAT,
    key="letters",
    label="Mail merge: letters",
    told="For Word or LibreOffice, sheet Leads: only leads with a name, a street and a town or postcode.",
    columns=(
        ("Company", lambda row: row.shown_name),
        ("Address 1", lambda row: row.street),
        ("City", value("city")),
        ("State", value("state")),
        ("Postal Code", value("postcode")),
        ("Country or Region", country),
        ("Attribution", lambda row: row.attribution),
    ),
    takes=_has_address,
)
