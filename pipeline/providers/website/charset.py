"""The text of a page, by the character set a browser would take (WHATWG, Encoding Standard)."""

from __future__ import annotations

import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NAMED = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.\-]+)", re.IGNORECASE)
# What a page calls its set, and the larger one browsers read it by.
_READ_AS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030", "big5": "big5hkscs", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8",
}  # fmt: skip
_KNOWN = re.compile(
    r"utf-?8|cp\d{3,4}|windows-125\d|iso-8859-\d{1,2}|koi8-[ru]|gb18030|big5hkscs|euc-jp|iso-2022-jp|macintosh"
)


def decoded(content: bytes, content_type: str) -> str:
    """By its byte order mark, the header's charset, the page's own, or UTF-8; a set nobody writes pages in is none."""
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return content.decode(charset, errors="replace")
    head = content[:2000].decode("ascii", errors="ignore")
    named = _NAMED.search(content_type) or _NAMED.search(head)
    name = named[1].casefold() if named else "utf-8"
    charset = _READ_AS.get(name, name)
    return content.decode(charset if _KNOWN.fullmatch(charset) else "utf-8", errors="replace")
