"""Pages of a business on social networks, from what a tag of the map holds: an address, or only a name there.

Tags and the forms of their values: https://wiki.openstreetmap.org/wiki/Key:contact
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from pipeline.contact.contacts import phone_e164
from pipeline.contact.websites import is_social, website_url

_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "facebook": "https://www.facebook.com/{}",
        "instagram": "https://www.instagram.com/{}",
        "twitter": "https://twitter.com/{}",
        "x": "https://x.com/{}",
        "tiktok": "https://www.tiktok.com/@{}",
        "youtube": "https://www.youtube.com/@{}",
        "pinterest": "https://www.pinterest.com/{}",
        "telegram": "https://t.me/{}",
        "vk": "https://vk.com/{}",
        "ok": "https://ok.ru/{}",
        "threads": "https://www.threads.net/@{}",
        "bluesky": "https://bsky.app/profile/{}",
        "snapchat": "https://www.snapchat.com/add/{}",
        "vimeo": "https://vimeo.com/{}",
        "flickr": "https://www.flickr.com/people/{}",
        "soundcloud": "https://soundcloud.com/{}",
        "linkedin": "",
        "whatsapp": "",
        "mastodon": "",
        "discord": "",
    }
)
"""Where a name leads to; empty where only an address tells."""
_NAME = re.compile(r"@?([\w.][\w.-]{1,79})")
_MASTODON = re.compile(r"@?([\w.]{1,60})@([\w.-]+\.[a-z]{2,})")


def profile_url(tag: str, text: str) -> str | None:
    """The page a tag like ``contact:facebook`` names, or None when the tag is no such one or its value names none."""
    network = tag.removeprefix("contact:").casefold()
    raw = text.strip()
    if network not in _PAGES or not raw:
        return None
    if "/" in raw or raw.casefold().startswith(("http", "www.")):
        # A host of its own is where a name leads to; a path alone is a name there.
        url = website_url(raw).value
        return url if url and (is_social(url) or network == "mastodon") else None
    if network == "whatsapp":
        number = phone_e164(raw, None).value
        return f"https://wa.me/{number[1:]}" if number else None
    if network == "mastodon":
        found = _MASTODON.fullmatch(raw)
        return f"https://{found[2]}/@{found[1]}" if found else None
    name = None if is_social(f"http://{raw}") else _NAME.fullmatch(raw)
    return _PAGES[network].format(name[1]) if name and _PAGES[network] else None
