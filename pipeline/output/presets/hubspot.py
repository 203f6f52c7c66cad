"""Companies for HubSpot's import of one file with one object.

One sheet, UTF-8, and headings that are labels of properties, which HubSpot matches by itself; it tells companies apart
by their domain: https://knowledge.hubspot.com/import-and-export/set-up-your-import-file (December 2024) and
https://knowledge.hubspot.com/properties/hubspot-crm-default-company-properties. A company needs a name or a domain.
Contacts are people, and a lead names none.
"""

from __future__ import annotations

from pipeline.output.export_presets import FOR_IMPORTERS, country, described, email, preset, value
from pipeline.output.formats import csv

PRESET = preset(
    csv.FORMAT,
    key="hubspot",
    label="HubSpot companies",
    told="For HubSpot: Import, one file, one object, Companies. E-mail needs a company property of your own.",
    columns=(
        ("Company name", lambda row: row.shown_name),
        ("Company domain name", value("domain")),
        ("Website URL", value("website")),
        ("Phone number", value("phone")),
        ("Street address", lambda row: row.street),
        ("City", value("city")),
        ("State/Region", value("state")),
        ("Postal code", value("postcode")),
        ("Country/Region", country),
        ("Description", described),
        ("E-mail", email),
    ),
    takes=lambda row: bool(row.name or row.values.get("domain")),
    spelling=FOR_IMPORTERS,
)
