"""Addresses for e-mails: mail merge in Word, Thunderbird and the like, and importers of mailing lists.

Headings are names Word matches by itself (see ``letters``). Addresses whose mailbox does not exist or was made to be
thrown away are left out; what is known of the others stands beside them, as does whether a mailbox is shared.
"""

from __future__ import annotations

from pipeline.output.export_presets import country, email, preset, value
from pipeline.output.formats import xlsx

PRESET = preset(
    xlsx.FORMAT,
    key="mailing",
    label="Mail merge: e-mails",
    told="For Word or LibreOffice, sheet Leads: only leads with an e-mail address that may reach somebody.",
    columns=(
        ("E-mail Address", email),
        ("Company", lambda row: row.shown_name),
        ("City", value("city")),
        ("Country or Region", country),
        ("Website", value("website")),
        ("E-mail status", lambda row: row.email_status.value),
        ("Shared mailbox", lambda row: "yes" if row.is_role_address else "no"),
        ("Attribution", lambda row: row.attribution),
    ),
    takes=lambda row: bool(email(row)),
)
