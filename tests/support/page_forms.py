"""Forms in which company sites show an address, and forms in which something else must not be taken for one.

Each was seen on sites or is documented by the system that writes it; the companies are made up.
"""
# ruff: noqa: E501 - a page of a form stays in one piece

from __future__ import annotations

import base64
import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field

OURS = "info@anchor.test"


@dataclass(frozen=True, slots=True)
class Form:
    """``home`` and ``pages`` are the site; ``expected`` is the address to write to, None when there is none to find.
    ``written`` are all addresses that are on it in any way."""

    name: str
    home: str
    expected: str | None = OURS
    pages: Mapping[str, str] = field(default_factory=dict)
    written: frozenset[str] = frozenset({OURS})


def _cloudflare(address: str, key: int = 0x2A) -> str:
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()


def _shifted(text: str, by: int) -> str:
    def turned(char: str) -> str:
        for low, high in ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A)):
            if low <= ord(char) <= high:
                return chr(low + (ord(char) - low + by) % (high - low + 1))
        return char

    return "".join(map(turned, text))


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _entities(text: str) -> str:
    return "".join(
        f"&#{ord(char)};" if place % 2 else f"&#x{ord(char):x};" for place, char in enumerate(text)
    )


def _data(body: str) -> str:
    return f'<script type="application/ld+json">{body}</script>'


_CF, _CF_SUBJECT = _cloudflare(OURS), _cloudflare(f"{OURS}?subject=Hello", 0x5B)
_CODES = ",".join(str(ord(char)) for char in OURS)
_JOOMLA = f'first="{_encoded("info")}" last="{_encoded("anchor.test")}" text="{_encoded(OURS)}"'

_ON_ONE_PAGE: dict[str, str] = {
    "mail link": '<a href="mailto:info@anchor.test">Write</a>',
    "mail link with a subject": '<a href="mailto:info@anchor.test?subject=Hello%20you">Write</a>',
    "mail link in capitals": '<a href="MAILTO:Info@Anchor.TEST">Write</a>',
    "mail link with a name": '<a href="mailto:Anchor%20Caf%C3%A9%20%3Cinfo@anchor.test%3E">Write</a>',
    "mail link with a coded sign": '<a href="mailto:info%40anchor.test">Write</a>',
    "mail link to a field": '<a href="mailto:?to=info@anchor.test&subject=x">Write</a>',
    "mail link with slashes": '<a href="mailto://info@anchor.test">Write</a>',
    "mail link with a blank": '<a href=" mailto: info@anchor.test ">Write</a>',
    "mail link in entities": f'<a href="{_entities("mailto:" + OURS)}">Write</a>',
    "mail link with brackets": '<a href="mailto:info[at]anchor.test">Write</a>',
    "mail link without its scheme": '<a href="info@anchor.test">Write</a>',
    "mail link as a web address": '<a href="http://info@anchor.test">Write</a>',
    "mail link with an ampersand": '<a href="mailto:info@anchor.test&subject=x">Write</a>',
    "mail link in a map": '<map><area href="mailto:info@anchor.test" alt="Write"></map>',
    "plain text": "<p>Write to info@anchor.test.</p>",
    "text in brackets": "<p>(info@anchor.test)</p>",
    "text in quotes": "<p>'info@anchor.test', \"info@anchor.test\"</p>",
    "text after a colon": "<p>E-Mail:info@anchor.test</p>",
    "text after dots": "<p>E-mail.......info@anchor.test</p>",
    "text in capitals": "<p>INFO@ANCHOR.TEST</p>",
    "text in entities": f"<p>{_entities(OURS)}</p>",
    "entities written twice": "<p>info&amp;#64;anchor.test</p>",
    "text with a wide sign": "<p>info\uff20anchor.test</p>",
    "text with a soft hyphen": "<p>info@an&shy;chor.test</p>",
    "text with a zero-width blank": "<p>info@&#8203;anchor.test</p>",
    "text beside Japanese": "<p>メールはinfo@anchor.testまで</p>",
    "line break chance": "<p>info@<wbr>anchor.test</p>",
    "sign in a span": "<p>info<span>@</span>anchor.test</p>",
    "parts in spans": "<p><span>info</span><span>@</span><span>anchor</span><span>.test</span></p>",
    "bold mailbox": "<p><b>info</b>@anchor.test</p>",
    "comment inside": "<p>info<!-- not me -->@anchor.test</p>",
    "hidden letters inside": "<p>info<span style='display: none'>nospam</span>@anchor.test</p>",
    "label in a span": "<div><span>E-mail</span><span>info@anchor.test</span></div>",
    "label in a cell": "<table><tr><td>E-mail</td><td>info@anchor.test</td></tr></table>",
    "next word in a span": "<div><span>info@anchor.test</span><span>Phone</span></div>",
    "sign as a picture": "<p>info<img src='at.gif' alt='@'>anchor.test</p>",
    "letters turned by style": "<p style='unicode-bidi:bidi-override; direction: rtl'>tset.rohcna@ofni</p>",
    "letters turned by bdo": "<p><bdo dir='rtl'>tset.rohcna@ofni</bdo></p>",
    "at in brackets": "<p>info [at] anchor.test</p>",
    "at and dot in brackets": "<p>info (at) anchor (dot) test</p>",
    "at in German": "<p>info(ät)anchor(punkt)test</p>",
    "at in French": "<p>info [arobase] anchor [point] test</p>",
    "at in Russian": "<p>info (собака) anchor (точка) test</p>",
    "at in Japanese": "<p>info【アットマーク】anchor.test</p>",
    "at in braces": "<p>info {at} anchor.test</p>",
    "at and dot in capitals": "<p>info AT anchor DOT test</p>",
    "sign in brackets": "<p>info(@)anchor.test</p>",
    "spamspan of Drupal": '<span class="spamspan"><span class="u">info</span> [at] <span class="d">anchor [dot] test</span></span>',
    "Cloudflare in data": f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{_CF}">[email&#160;protected]</a>',
    "Cloudflare in a link": f'<a href="/cdn-cgi/l/email-protection#{_CF_SUBJECT}">Write to us</a>',
    "Cloudflare with its host": f'<a href="https://anchor.test/cdn-cgi/l/email-protection#{_CF}">Write to us</a>',
    "Joomla since 4": f'<joomla-hidden-mail is-link="1" is-email="1" {_JOOMLA}>protected</joomla-hidden-mail>',
    "Joomla before 4": "<script>var prefix = '&#109;a' + 'i&#108;' + '&#116;o'; var addy77 = '&#105;nf&#111;' + '&#64;';\n"
    "addy77 = addy77 + '&#97;nch&#111;r' + '&#46;' + 't&#101;st'; var addy_text77 = 'info' + '&#64;';</script>",
    "TYPO3 in a link": f"<a href=\"javascript:linkTo_UnCryptMailto('{_shifted('mailto:' + OURS, 2)}');\">Write</a>",
    "TYPO3 in a coded link": f"<a href=\"javascript:linkTo_UnCryptMailto(%27{_shifted('mailto:' + OURS, -3)}%27);\">Write</a>",
    "TYPO3 in data": f'<a href="#" data-mailto-token="{_shifted("mailto:" + OURS, 1)}" data-mailto-vector="1">Write</a>',
    "letters turned by 13": f'<a href="javascript:;" data-enc-email="{codecs.encode("info[at]anchor.test", "rot13")}">Write</a>',
    "script with pieces": "<script>document.write('<a href=\"mailto:info' + '@' + 'anchor.test\">Write</a>');</script>",
    "script with numbers": f"<script>document.write(String.fromCharCode({_CODES}))</script>",
    "parts in data": '<a href="#" data-name="info" data-domain="anchor" data-tld="test">Write</a>',
    "Open Graph": '<meta property="business:contact_data:email" content="info@anchor.test">',
    "JSON-LD after a byte order mark": _data('\ufeff{"@type": "Cafe", "email": "info@anchor.test"}'),
    "JSON-LD": _data('{"@type": "Cafe", "email": "info@anchor.test"}'),
    "JSON-LD with a scheme": _data('{"@type": "Cafe", "email": "mailto:info@anchor.test"}'),
    "JSON-LD with a line break": _data('{"@type": "Cafe", "description": "Coffee\nand cake", "email": "info@anchor.test"}'),
    "JSON-LD in CDATA": _data('// <![CDATA[\n{"@type": "Cafe", "email": "info@anchor.test"}\n// ]]>'),
    "JSON-LD in a comment": _data('<!--\n{"@type": "Cafe", "email": "info@anchor.test"}\n-->'),
    "JSON-LD with a semicolon": _data('{"@type": "Cafe", "email": "info@anchor.test"};'),
    "JSON-LD in parts": _data('{"@type": "WebPage", "about": {"@type": "Cafe", "contactPoint": [{"email": "info@anchor.test"}]}}'),
    "JSON-LD in a graph": _data('[{"@graph": [{"@type": "WebSite"}, {"@type": "Cafe", "email": ["info@anchor.test"]}]}]'),
    "JSON-LD of a strange type": '<script type="application/ld+json; charset=utf-8">{"email": "info@anchor.test"}</script>',
    "microdata": '<div itemscope><meta itemprop="email" content="info@anchor.test"></div>',
    "hidden first": '<div style="display:none"><a href="mailto:trap@anchor.test">x</a></div><p>info@anchor.test</p>',
    "hidden by a class": "<style>.hp { display: none }</style><p class='hp'>trap@anchor.test</p><p>info@anchor.test</p>",
    "hidden by an attribute": "<p hidden>trap@anchor.test</p><p>info@anchor.test</p>",
    "hidden off the screen": "<p style='position:absolute;left:-9999px'>trap@anchor.test</p><p>info@anchor.test</p>",
    "struck out": "<p><del>trap@anchor.test</del> info@anchor.test</p>",
    "applications first": "<p>jobs@anchor.test, laskutus@anchor.test, info@anchor.test</p>",
    "nobody first": "<p>noreply@anchor.test, firstname.lastname@anchor.test, info@anchor.test</p>",
    "maker first": "<header>Website by info@webstudio.test</header><p>info@anchor.test</p>",
    "maker with a free mailbox": "<p>info@anchor.test</p><footer>Webdesign: trap@gmail.com</footer>",
    "another company first": "<p>Our friends: hello@lantern.test</p><p>info@anchor.test</p>",
}  # fmt: skip
_TRAPS = frozenset(
    {"trap@anchor.test", "jobs@anchor.test", "laskutus@anchor.test", "hello@lantern.test", "trap@gmail.com"}
)

_TO_BE_FOUND: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("frames", '<frameset><frame src="menu.html"><frame src="main.html"></frameset>', {"/main.html": OURS, "/menu.html": "x"}),
    ("frame of frames", '<frameset><frame src="menu.html"></frameset>', {"/menu.html": '<a href="c.html">Contact</a>', "/c.html": OURS}),
    ("meta refresh", '<meta http-equiv="Refresh" content="0; URL=\'/fi/\'">', {"/fi/": OURS}),
    ("script that moves on", "<script>window.location.href = '/fi/';</script>", {"/fi/": OURS}),
    ("choice of languages", '<a href="/fi/">Suomeksi</a> <a href="/en/">In English</a>', {"/fi/": OURS, "/en/": OURS}),
    ("cover", '<a href="/home"><img src="logo.png" alt=""></a>', {"/home": '<a href="/c">Contact</a>', "/c": OURS}),
    ("base", '<base href="https://anchor.test/site/"><a href="contact.html">Contact</a>', {"/site/contact.html": OURS}),
    ("contact in a hidden menu", '<ul style="display:none"><li><a href="/c">Contact</a></ul>Welcome', {"/c": OURS}),
    ("contact by its title", '<a href="/c" title="Contact"><img src="x.png"></a><a href="/about">About</a>', {"/c": OURS}),
    ("contact by its path", '<a href="/%D0%BA%D0%BE%D0%BD%D1%82%D0%B0%D0%BA%D1%82%D1%8B">→</a>', {"/%D0%BA%D0%BE%D0%BD%D1%82%D0%B0%D0%BA%D1%82%D1%8B": OURS}),
    ("imprint after contact", '<a href="/contact">Contact</a><a href="/imprint">Imprint</a><footer>Site by me@webstudio.test</footer>',
     {"/contact": "<form></form><footer>Site by me@webstudio.test</footer>", "/imprint": OURS}),
    ("privacy on contact", '<a href="/contact">Contact</a><a href="/imprint">Imprint</a>', {"/contact": "privacy@anchor.test", "/imprint": OURS}),
)  # fmt: skip
_CONTACT_IN = (
    "Contact us", "Yhteystiedot", "Kontakt", "Contáctanos", "Fale connosco", "Contatti", "Nous joindre",
    "Επικοινωνία", "Контакты", "Зв'язок", "Контакти", "İletişim", "お問い合わせ", "联系我们", "聯絡我們",
    "문의하기", "اتصل بنا", "تماس با ما", "צור קשר", "ติดต่อเรา", "संपर्क करें", "Liên hệ", "კონტაქტი",
    "Kapcsolat", "Susisiekite", "Hubungi kami", "Əlaqə", "Hafðu samband", "Cysylltu", "যোগাযোগ", "தொடர்பு",
)  # fmt: skip

_NOTHING: dict[str, str] = {
    "words": "<p>Meet us at anchor dot test</p>",
    "a place to look": "<p>Find us (at) anchor.test</p>",
    "picture names": "<img src='logo@2x.png' alt='logo@2x.png'><p>logo@2x.png</p>",
    "handles": "<p>@anchor.test, @anchor@mastodon.social, https://medium.com/@anchor</p>",
    "logins": "<p>http://user:secret@anchor.test/, sip:info@anchor.test</p>",
    "a script's values": "<script>var mail = 'trap@anchor.test';</script>",
    "a field's example": "<input type='email' placeholder='trap@anchor.test'>",
    "a share link": "<a href='mailto:?subject=Anchor&body=trap@anchor.test'>Share</a>",
    "no-script text": "<noscript>trap@anchor.test</noscript>",
    "a comment": "<!-- trap@anchor.test -->",
    "an example": "<p>you@example.com, name@domain.com</p>",
    "a pattern": "<p>firstname.lastname@anchor.test</p>",
    "one word run into another": "<p><span>Harbour Street 5</span><span>fo@anchor.test</span></p>",
    "a quoted mailbox": '<p>"anchor cafe"@anchor.test</p>',
    "two signs": "<p>info@lantern@anchor.test</p>",
}  # fmt: skip


def forms() -> list[Form]:
    """Every form."""
    alone = [Form(name, html, written=_TRAPS | {OURS}) for name, html in _ON_ONE_PAGE.items()]
    behind = [
        Form(
            f"{name}, on the contact page",
            '<nav><a href="/contact">Contact</a></nav>Welcome',
            pages={"/contact": html},
            written=_TRAPS | {OURS},
        )
        for name, html in _ON_ONE_PAGE.items()
    ]
    found = [
        Form(name, home, pages=pages, written=frozenset({OURS, "privacy@anchor.test"}))
        for name, home, pages in _TO_BE_FOUND
    ]
    languages = [
        Form(
            f"contact as {word}",
            f'<a href="/shop">1</a><a href="/p7">{word}</a><a href="/about">2</a>Hi',
            pages={"/p7": OURS},
        )
        for word in _CONTACT_IN
    ]
    empty = [Form(f"no address: {name}", html, None, written=frozenset()) for name, html in _NOTHING.items()]
    return [*alone, *behind, *found, *languages, *empty]
