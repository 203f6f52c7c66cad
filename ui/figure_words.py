"""The two figures of a lead in the words of somebody who sells."""

from __future__ import annotations

CONFIDENCE = "Is it real, what you asked for, and still there?"
REACH = "Can you call, write or visit? A mailbox that does not exist counts nothing."
USABLE = "A usable lead is a qualified lead with a verified e-mail address."
SINGLE = "An earlier version of ProspectPro rated this lead: one score for both."
