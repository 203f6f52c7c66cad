"""The mark of ProspectPro, drawn here."""

from __future__ import annotations

# A map pin whose eye is a rising bar chart: places, ranked.
_PIN = (
    '<path d="M32 8c-11 0-19.500 8.300-19.500 18.800C12.500 40.500 32 57 32 57s19.500-16.500 19.500-30.200'
    'C51.500 16.300 43 8 32 8z" fill="#fff"/>'
    '<rect x="21.500" y="27" width="5" height="8" rx="1.500" fill="#0F766E"/>'
    '<rect x="29.500" y="22" width="5" height="13" rx="1.500" fill="#0F766E"/>'
    '<rect x="37.500" y="17" width="5" height="18" rx="1.500" fill="#F59E0B"/>'
)

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
    f'<rect width="64" height="64" rx="15" fill="#0F766E"/>{_PIN}</svg>'
)
