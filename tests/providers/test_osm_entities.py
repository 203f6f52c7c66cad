"""XML that asks its reader for other files, or to swell, gets neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.imports import osm_file, osm_xml

_NODE = '<node id="1" version="1" lat="60.17" lon="24.94"><tag k="name" v="Blue &x;"/><tag k="shop" v="bakery"/></node>'


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY x SYSTEM "secret.txt">',
        '<!ENTITY % more SYSTEM "secret.txt"> %more; <!ENTITY x "y">',
        '<!ENTITY a "'
        + "b" * 1000
        + '"><!ENTITY c "'
        + "&a;" * 1000
        + '"><!ENTITY x "'
        + "&c;" * 1000
        + '">',
    ],
    ids=["another file", "another file with declarations", "a thousand times a thousand"],
)
def test_an_extract_with_entities_reads_no_other_file_and_does_not_swell(
    tmp_path: Path, declared: str
) -> None:
    (tmp_path / "secret.txt").write_text("a canary")
    extract = tmp_path / "extract.osm"
    extract.write_text(
        f'<?xml version="1.0"?><!DOCTYPE osm [{declared}]><osm version="0.6"><remark>&x;</remark>{_NODE}</osm>'
    )
    assert osm_xml.said(extract) == osm_xml.Said()
    with pytest.raises(SourceError) as refused:
        list(osm_file.read(extract))
    assert "canary" not in str(refused.value)
