"""Known hosts and mailbox names, for telling a company's own contact from a shared one.

Kept by hand, from the hosts and mailboxes seen in OpenStreetMap data of Finland, Germany, Portugal, the
United Kingdom and Andorra, and the largest services of each kind. A key with a dot matches that host and
every host below it; a key without one matches that name under any ending (``tripadvisor`` covers
``tripadvisor.de``).
"""

from __future__ import annotations

from types import MappingProxyType

SOCIAL = MappingProxyType(
    {
        "facebook": "Facebook",
        "fb.com": "Facebook",
        "fb.me": "Facebook",
        "fb.watch": "Facebook",
        "instagram": "Instagram",
        "instagr.am": "Instagram",
        "twitter": "Twitter",
        "x.com": "X",
        "t.co": "X",
        "linkedin": "LinkedIn",
        "lnkd.in": "LinkedIn",
        "youtube": "YouTube",
        "youtu.be": "YouTube",
        "tiktok": "TikTok",
        "pinterest": "Pinterest",
        "pin.it": "Pinterest",
        "snapchat.com": "Snapchat",
        "threads.net": "Threads",
        "threads.com": "Threads",
        "bsky.app": "Bluesky",
        "mastodon.social": "Mastodon",
        "vk.com": "VK",
        "ok.ru": "Odnoklassniki",
        "weibo.com": "Weibo",
        "t.me": "Telegram",
        "telegram.me": "Telegram",
        "wa.me": "WhatsApp",
        "whatsapp.com": "WhatsApp",
        "m.me": "Messenger",
        "discord.gg": "Discord",
        "discord.com": "Discord",
        "flickr.com": "Flickr",
        "vimeo.com": "Vimeo",
        "soundcloud.com": "SoundCloud",
        "tumblr.com": "Tumblr",
        "plus.google.com": "Google+",
    }
)

MAPS = MappingProxyType(
    {
        "google": "Google",
        "goo.gl": "Google",
        "g.page": "Google",
        "g.co": "Google",
        "maps.apple.com": "Apple Maps",
        "openstreetmap.org": "OpenStreetMap",
        "osm.org": "OpenStreetMap",
        "here.com": "HERE",
        "waze.com": "Waze",
    }
)

DIRECTORIES = MappingProxyType(
    {
        "tripadvisor": "Tripadvisor",
        "yelp": "Yelp",
        "foursquare.com": "Foursquare",
        "booking.com": "Booking.com",
        "airbnb": "Airbnb",
        "hostelworld": "Hostelworld",
        "hotels.com": "Hotels.com",
        "expedia": "Expedia",
        "agoda.com": "Agoda",
        "trivago": "Trivago",
        "hrs.com": "HRS",
        "hrs.de": "HRS",
        "thefork": "TheFork",
        "lafourchette": "TheFork",
        "opentable": "OpenTable",
        "quandoo": "Quandoo",
        "bookatable": "Bookatable",
        "zomato": "Zomato",
        "treatwell": "Treatwell",
        "fresha.com": "Fresha",
        "booksy.com": "Booksy",
        "timma.fi": "Timma",
        "doctolib": "Doctolib",
        "jameda.de": "jameda",
        "gelbeseiten.de": "Gelbe Seiten",
        "dasoertliche.de": "Das Örtliche",
        "golocal.de": "golocal",
        "11880.com": "11880",
        "speisekarte.de": "speisekarte.de",
        "yell.com": "Yell",
        "192.com": "192.com",
        "thomsonlocal.com": "Thomson Local",
        "yellowpages": "Yellow Pages",
        "paginasamarelas.pt": "Páginas Amarelas",
        "paginasamarillas.es": "Páginas Amarillas",
        "paginegialle.it": "Pagine Gialle",
        "pagesjaunes.fr": "PagesJaunes",
        "fonecta.fi": "Fonecta",
        "finder.fi": "Finder",
        "eat.fi": "eat.fi",
        "visitandorra.com": "Visit Andorra",
        "wikipedia.org": "Wikipedia",
        "wikidata.org": "Wikidata",
        "trustpilot.com": "Trustpilot",
        "nextdoor": "Nextdoor",
        "bbb.org": "BBB",
    }
)

LINK_PAGES = MappingProxyType(
    {
        "linktr.ee": "Linktree",
        "linkin.bio": "Linkin.bio",
        "lnk.bio": "Lnk.Bio",
        "bio.link": "Bio Link",
        "beacons.ai": "Beacons",
        "campsite.bio": "Campsite",
        "taplink": "Taplink",
        "carrd.co": "Carrd",
        "about.me": "about.me",
        "solo.to": "Solo.to",
        "allmylinks.com": "AllMyLinks",
        "bit.ly": "Bitly",
        "tinyurl.com": "TinyURL",
        "ow.ly": "Hootsuite",
    }
)

MARKETPLACES = MappingProxyType(
    {
        "wolt.com": "Wolt",
        "foodora": "foodora",
        "foodpanda": "foodpanda",
        "ubereats.com": "Uber Eats",
        "uber.com": "Uber",
        "deliveroo": "Deliveroo",
        "just-eat": "Just Eat",
        "lieferando": "Lieferando",
        "takeaway.com": "Takeaway.com",
        "glovoapp.com": "Glovo",
        "bolt.eu": "Bolt",
        "bolt.food": "Bolt Food",
        "doordash.com": "DoorDash",
        "grubhub.com": "Grubhub",
        "resq-club.com": "ResQ Club",
        "toogoodtogo": "Too Good To Go",
        "ebay": "eBay",
        "etsy.com": "Etsy",
        "tori.fi": "Tori",
        "portalrest.com": "PortalRest",
    }
)

# Site builders whose endings the Public Suffix List lacks, or lacks in part. A name below one of these is the company's
# own site; the host itself is nobody's.
FREE_SITE_HOSTS = frozenset(
    {
        "blogspot", "wordpress.com", "wixsite.com", "wix.com", "weebly.com", "jimdo.com", "jimdofree.com",
        "jimdosite.com", "squarespace.com", "webnode", "webs.com", "yolasite.com", "site123.me",
        "strikingly.com", "godaddysites.com", "business.site", "negocio.site", "eatbu.com",
        "myshopify.com", "github.io", "netlify.app", "vercel.app", "web.app", "herokuapp.com", "blogg.se",
        "over-blog.com", "typepad.com", "livejournal.com", "ueniweb.com", "homepage.t-online.de",
        "beepworld.de", "kotisivukone.com", "suntuubi.com", "vuodatus.net", "tripod.com", "angelfire.com",
        "narod.ru", "ucoz.com", "wz.cz", "odoo.com", "square.site", "wixstudio.com", "wixstudio.io",
        "webador", "e-monsite.com", "voog.com", "edicypages.com", "mozello.com", "mozellosite.com", "hostingersite.com",
        "ueni.site", "simdif.com", "webflow.io", "weeblysite.com", "mystrikingly.com", "myfreesites.net", "webself.net",
        "tilda.ws", "nicepage.io", "canva.site", "my.canva.site", "carrd.co", "framer.website", "framer.app",
        "localo.site", "sitew.fr", "wifeo.com", "estranky.cz", "estranky.sk", "multiscreensite.com", "bravesites.com",
        "moonfruit.com", "page.tl",
        "business.page", "mailchimpsites.com", "hubspotpagebuilder.com", "pagesperso-orange.fr", "chez.com",
        "altervista.org", "jimdoweb.com", "doodlekit.com", "zyrosite.com", "builderallwppro.com", "shoplightspeed.com",
        "tictail.com", "bigcartel.com", "mybigcommerce.com", "shopinfo.jp", "amebaownd.com", "jimdo.site", "cms.am",
        "lovable.app", "base.shop", "thebase.in", "stores.jp", "wsimg.com", "wordpress.org", "substack.com",
        "notion.site", "ghost.io", "gitbook.io", "readthedocs.io", "teachable.com", "thinkific.com",
        "cargo.site", "readymag.com",
    }
)  # fmt: skip

FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "hotmail", "outlook", "live", "msn.com", "yahoo", "ymail.com",
        "rocketmail.com", "icloud.com", "me.com", "mac.com", "aol", "gmx", "web.de", "t-online.de",
        "freenet.de", "online.de", "arcor.de", "mail.de", "posteo.de", "mailbox.org", "protonmail.com",
        "proton.me", "pm.me", "tutanota.com", "tuta.io", "zoho.com", "fastmail.com", "mail.com",
        "mail.ru", "yandex", "bk.ru", "list.ru", "inbox.ru", "rambler.ru", "qq.com", "163.com", "126.com",
        "naver.com", "orange.fr", "wanadoo", "free.fr", "laposte.net", "sfr.fr", "libero.it",
        "virgilio.it", "tiscali", "alice.it", "telefonica.net", "terra.es", "sapo.pt", "telepac.pt",
        "netcabo.pt", "clix.pt", "iol.pt", "andorra.ad", "myp.ad", "kolumbus.fi", "luukku.com",
        "suomi24.fi", "elisanet.fi", "saunalahti.fi", "welho.com", "netti.fi", "pp.inet.fi", "inet.fi",
        "dnainternet.net", "btinternet.com", "btconnect.com", "talktalk.net", "virginmedia.com",
        "ntlworld.com", "sky.com", "blueyonder.co.uk", "bluewin.ch", "chello.at", "wp.pl", "o2.pl",
        "onet.pl", "interia.pl", "seznam.cz", "centrum.cz", "telia.com", "spray.se", "comcast.net",
        "verizon.net", "att.net", "bigpond.com", "shaw.ca", "rogers.com",
    }
)  # fmt: skip

# Mailboxes several people read: English, Finnish, Scandinavian, German, Portuguese, Spanish, Catalan, French,
# Italian, Dutch, Polish and Czech words, in this order.
ROLE_WORDS = frozenset(
    {
        "info", "infos", "information", "sales", "contact", "contacts", "contactus", "hello", "hi",
        "office", "admin", "administration", "support", "help", "helpdesk", "service", "services", "team",
        "mail", "email", "post", "enquiries", "enquiry", "inquiries", "inquiry", "reception", "frontdesk",
        "booking", "bookings", "reservation", "reservations", "orders", "order", "shop", "store",
        "billing", "accounts", "accounting", "invoice", "invoices", "finance", "hr", "jobs", "careers",
        "press", "media", "marketing", "events", "tickets", "feedback", "welcome", "customerservice",
        "customercare", "customer", "clients", "general", "hq", "manager", "management", "noreply",
        "webmaster", "postmaster", "hostmaster", "abuse", "privacy", "legal", "lost", "mailbox", "web",
        "care", "guest", "restaurant", "hotel", "cafe", "bar", "club", "pub", "museum", "studio",
        "practice", "asiakaspalvelu", "palvelu", "myynti", "myyntipalvelu", "myymala", "toimisto",
        "varaukset", "varaus", "posti", "kauppa", "tilaukset", "palaute", "laskutus", "hallinto",
        "ravintola", "hotelli", "kahvila", "hei", "kundtjanst", "kundservice", "kundeservice", "kontor",
        "forsaljning", "bokning", "salg", "bestilling", "kontakt", "buero", "buro", "bureau",
        "verwaltung", "vertrieb", "verkauf", "kundenservice", "kunden", "kundendienst", "empfang",
        "rezeption", "reservierung", "reservierungen", "bestellung", "bestellungen", "praxis", "kanzlei",
        "sekretariat", "zentrale", "laden", "anfrage", "anfragen", "buchung", "filiale", "theaterkasse",
        "kasse", "rechnung", "presse", "willkommen", "hallo", "gasthaus", "kundendialog", "geral",
        "reservas", "reserva", "contato", "contacto", "contactos", "comercial", "vendas", "loja", "apoio",
        "correio", "recepcao", "encomendas", "secretaria", "hola", "ola", "ventas", "tienda", "oficina",
        "clientes", "atencion", "atencionalcliente", "atencioclient", "recepcion", "recepcio",
        "administracion", "administracio", "secretariatgeneral", "museu", "museo", "accueil", "bonjour",
        "commercial", "vente", "ventes", "secretariat", "direction", "boutique", "magasin", "contatti",
        "vendite", "segreteria", "amministrazione", "prenotazioni", "negozio", "ordini", "verkoop",
        "administratie", "winkel", "receptie", "biuro", "recepcja", "sprzedaz", "sklep", "obchod",
        "recepce", "objednavky",
    }
)  # fmt: skip

# Query parameters that say where a click came from and nothing about the page.
TRACKING = frozenset(
    {
        "gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "yclid", "igshid", "igsh", "mc_cid",
        "mc_eid", "wt.mc_id", "wt.mc", "mkt_tok", "_hsenc", "_hsmi", "ref_src", "y_source", "cmpid",
        "cm_mmc",
    }
)  # fmt: skip
