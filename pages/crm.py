"""CRM: customer systems that companies are handed to, what is on its way there, and what came of it."""

from __future__ import annotations

from services import crm
from services.permissions import Right
from ui import cards, crm_cards, crm_runs_panel, question, said, session

_CAPTION = "Companies of Leads go into your customer system: first as a dry run, then for good, nobody twice."


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.HAND_OFF)
    cards.heading("CRM", _CAPTION)
    said.show()
    question.draw()
    connected = {row.crm: row for row in crm.listing(person)}
    for kind in sorted(crm.CRMS.values(), key=lambda kind: kind.key not in connected):
        crm_cards.card(person, kind, connected.get(kind.key))
    crm_runs_panel.draw(person, is_connected=bool(connected))


main()
