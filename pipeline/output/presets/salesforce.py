"""Accounts for Salesforce's Data Import Wizard.

Its object Lead requires Last Name and Company. A lead here is a business and names nobody, so it goes to Accounts,
which require Account Name; no person is made up. Headings are labels of fields, which the wizard matches by itself:
https://help.salesforce.com/s/articleView?id=xcloud.field_mapping_for_other_data_sources_and_organization_import.htm
(accounts) and https://help.salesforce.com/s/articleView?id=xcloud.field_mapping_for_importing_leads.htm (leads). The
file is CSV with commas in UTF-8.
"""

from __future__ import annotations

from pipeline.output.export_presets import FOR_IMPORTERS, country, described, email, preset, value
from pipeline.output.formats import csv

PRESET = preset(
    csv.FORMAT,
    key="salesforce",
    label="Salesforce accounts",
    told="For the Data Import Wizard: Accounts, because its leads require a person's last name, which nobody gave."
    " Choose Unicode (UTF-8). E-mail needs an account field of your own.",
    columns=(
        ("Account Name", lambda row: row.shown_name),
        ("Phone", value("phone")),
        ("Website", value("website")),
        ("Billing Street", lambda row: row.street),
        ("Billing City", value("city")),
        ("Billing State/Province", value("state")),
        ("Billing Zip/Postal Code", value("postcode")),
        ("Billing Country", country),
        ("Description", described),
        ("E-mail", email),
    ),
    takes=lambda row: bool(row.name),
    spelling=FOR_IMPORTERS,
)
