"""Pages made to keep their reader busy, each with an ordinary address at its beginning."""

from __future__ import annotations

START = "<html><body><p>info@anchor.test</p>"
_MOST = 2_000_000


def hostile_pages() -> dict[str, str]:
    """Pages by what is too much of, as long as the longest page that is read."""
    much = {
        "blanks written twice over": "&amp;nbsp;" * 150_000,
        "blocks inside each other": "<div>" * 300_000,
        "letters inside each other": "<b>" * 300_000,
        "drawings inside each other": "<svg>" * 300_000,
        "tables inside each other": "<table><tr><td>" * 100_000,
        "one endless host": "a@" + "a." * 500_000,
        "open brackets": "( " * 500_000,
        "paragraphs": "<p>x y</p>" * 200_000,
        "signs": "<p>@</p>" * 300_000,
        "signs in brackets": "<p>a(at)b " * 150_000,
        "labelled digits": "<p>" + "1 " * 900 + ("<p>" + "Tel. " * 300 + "1") * 1_200,
        "faxes": "Fax <a href='tel:09 1234567'>x</a>" * 50_000,
        "mail links": "".join(f"<a href='mailto:a{n}@b{n}.test'>x</a>" for n in range(50_000)),
        "one mail link": "<a href='mailto:" + ",".join(f"a{n}@b{n}.test" for n in range(90_000)) + "'>x</a>",
        "one coded link": "<a href='mailto:" + "%40" * 600_000 + "'>x</a>",
        "encoded links": ("<a href=\"javascript:linkTo_UnCryptMailto('" + "x" * 590 + "')\">x</a>") * 3_000,
        "hidden letters": ("<a data-cfemail='" + "2a" * 3_000 + "'>x</a>") * 300,
        "data": "<script type='application/ld+json'>[" + '{"email":"a@b.test"},' * 80_000 + "{}]</script>",
        "nested data": "<script type='application/ld+json'>" + "[" * 1_000_000 + "</script>",
        "scripts": ("<script>document.write('" + "a@b.test' + '" * 4_000 + "')</script>") * 30,
        "pieces of scripts": "<script>" + "addy1 = addy1 + " * 100_000 + "</script>",
        "styles": "<style>" + ".a{display:none}" * 100_000 + "</style><p class=a>x",
        "open comments": "<style>" + "/*" * 500_000 + "</style>" + "<!--" * 200_000,
        "classes": "<style>.z{display:none}</style>" + ("<p class='" + "a " * 20 + "'>x") * 30_000,
        "links": "".join(f"<a href='https://h{n}.test/c'>Contact us</a>" for n in range(40_000)),
        "attributes": "<p " + "a=b " * 400_000 + ">",
        "attributes of many names": "<p " + " ".join(f"a{n}=b" for n in range(250_000)) + ">",
        "attributes that hold brackets": "<p " + " ".join(f"a{n}='>'" for n in range(250_000)) + ">",
        "attributes of closing tags": "<p>x</p " + " ".join(f"a{n}" for n in range(250_000)) + ">",
        "many elements with many attributes": ("<p " + " ".join(f"a{n}" for n in range(125)) + ">") * 3_400,
        "open tags": "<a " * 600_000,
        "angle brackets": "<" * _MOST,
    }
    return {name: (START + page)[:_MOST] for name, page in much.items()}
