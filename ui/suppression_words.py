"""What entries of the suppression list are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.suppression import Listed, SuppressedBy, SuppressedKind, left_out_line

KIND: Mapping[SuppressedKind, str] = {
    SuppressedKind.EMAIL: "E-mail address",
    SuppressedKind.DOMAIN: "Domain",
    SuppressedKind.PHONE: "Phone number",
    SuppressedKind.COMPANY: "Company",
}
SOURCE: Mapping[SuppressedBy, str] = {
    SuppressedBy.TYPED: "typed",
    SuppressedBy.FILE: "from a file",
    SuppressedBy.COMMAND: "by command",
    SuppressedBy.PROVIDER: "from a provider",
    SuppressedBy.ERASURE: "after an erasure",
}


def left_out(listed: Mapping[Listed, int]) -> str:
    """``3 businesses left out: on the suppression list (2 by domain, “asked us”; 1 by phone number, “sold”).``"""
    line = left_out_line(listed)
    if not line:
        return ""
    parts = [
        f"{number:,} by {_noun(entry.kind)}, “{entry.reason}”"
        for entry, number in sorted(listed.items(), key=lambda item: -item[1])
    ]
    return f"{line.rstrip('.')} ({'; '.join(parts)})."


def _noun(kind: SuppressedKind) -> str:
    words = KIND[kind]
    return words[0].lower() + words[1:]
