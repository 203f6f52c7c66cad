"""Two hundred pages of companies that do not exist, each with what it says to some criteria; the same in every run.

A page is put together of sentences that say something, deny it, nearly say it, or say something else, in six languages
and several ways to lay out a page. The sentences are of our own writing, most of them in other words than the criteria.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from pipeline.qualification.criteria import Answer

COUNT = 200
CRITERIA = ("sells to restaurants", "has its own kitchen", "hiring", "delivers", "family run", "organic")


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its page; ``labels`` are what that says to each of the criteria."""

    url: str
    page: str
    criteria: tuple[str, ...]
    labels: tuple[Answer, ...]


# By language and criterion: what says yes, what says no, and what comes near and says neither.
_SAID: Mapping[str, Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "en": {
        "sells to restaurants": (
            (
                "We sell to restaurants, cafés and hotels in the whole county.",
                "Restaurants all over town are supplied by us every morning.",
                "Since 1998 we have supplied more than forty restaurants.",
                "Chefs order from us before midnight and cook with it at noon.",
            ),
            ("We do not sell to restaurants.", "We never supply restaurants or hotels."),
            (
                "The restaurant next door has its own car park.",
                "Do you sell to restaurants?",
                "Soon we will sell to restaurants as well.",
                "Our competitors sell to restaurants.",
            ),
        ),
        "has its own kitchen": (
            (
                "Everything is made in our own kitchen.",
                "Our own kitchen opens at six in the morning.",
                "All dishes are cooked here, in the kitchen behind the counter.",
            ),
            ("We have no kitchen of our own.",),
            ("We sell kitchens of every size.", "The kitchen department is on the second floor."),
        ),
        "hiring": (
            ("We are hiring a baker for the early shift.", "Join our team!", "Now hiring: drivers with a licence."),
            ("We are not hiring at the moment.", "There are no vacancies at present."),
            ("Our team has worked together for ten years.", "Bicycles for hire by the day."),
        ),
        "delivers": (
            ("We deliver to your door every day.", "Free delivery from fifty euros.", "We bring it to your office."),
            ("We do not deliver.", "Sorry, no delivery: please come and collect."),
            ("Deliveries to us are taken at the back door, please ring.", "Would you like us to deliver?"),
        ),
        "family run": (
            ("We are a family run business in the third generation.", "A family owned company since 1921."),
            ("We are no family business, but a cooperative of forty.",),
            ("Bring the family: children eat for half the price.",),
        ),
        "organic": (
            ("All our flour is organic.", "We bake with organic butter only."),
            ("Our products are not organic.",),
            ("Growth has been organic if you ask our accountant.",),
        ),
    },
    "de": {
        "sells to restaurants": (
            ("Wir beliefern Restaurants in ganz Berlin.", "Unsere Kunden sind Köche und Gasthäuser der Stadt."),
            ("Wir beliefern keine Restaurants.",),
            ("Neben uns liegt ein Restaurant.", "Beliefern Sie auch Restaurants?"),
        ),
        "has its own kitchen": (
            ("Unsere eigene Küche kocht täglich frisch.", "In der hauseigenen Küche entsteht alles von Hand."),
            ("Wir haben keine eigene Küche.",),
            ("Wir planen und montieren Küchen nach Maß.",),
        ),
        "hiring": (
            ("Wir suchen Verstärkung für die Backstube.", "Aktuelle Stellenangebote finden Sie hier."),
            ("Zurzeit haben wir keine offenen Stellen.",),
            ("Unser Team freut sich auf Sie.",),
        ),
        "delivers": (
            ("Wir liefern in alle Bezirke.", "Die Lieferung ist ab 30 Euro frei."),
            ("Wir liefern nicht.",),
            ("Bald liefern wir auch am Sonntag.",),
        ),
        "family run": (
            ("Wir sind ein Familienbetrieb in vierter Generation.",),
            ("Wir sind kein Familienbetrieb.",),
            ("Familien sind uns willkommen.",),
        ),
        "organic": (("Unser Gemüse ist bio.",), ("Unser Fleisch ist nicht bio.",), ("Geöffnet von acht bis sechs.",)),
    },
    "fi": {
        "sells to restaurants": (
            ("Toimitamme ravintoloille joka päivä.", "Kokit ympäri kaupunkia tilaavat meiltä."),
            ("Emme toimita ravintoloille.",),
            ("Ravintola on naapurissa.",),
        ),
        "has its own kitchen": (
            ("Kaikki valmistetaan omassa keittiössä.",),
            ("Meillä ei ole omaa keittiötä.",),
            ("Myymme keittiöitä kaikkiin koteihin.",),
        ),
        "hiring": (("Haemme leipuria aamuvuoroon.",), ("Emme rekrytoi juuri nyt.",), ("Tiimimme palvelee teitä.",)),
        "delivers": (
            ("Kotiinkuljetus koko kaupunkiin.",),
            ("Meillä ei ole kotiinkuljetusta.",),
            ("Tulossa pian: kotiinkuljetus!",),
        ),
        "family run": (("Olemme perheyritys Porista.",), ("Emme ole perheyritys.",), ("Tervetuloa koko perhe.",)),
        "organic": (("Jauhomme ovat luomua.",), ("Tuotteemme eivät ole luomua.",), ("Luonto on lähellä.",)),
    },
    "fr": {
        "sells to restaurants": (
            ("Nous fournissons les restaurants de la région.", "Les chefs de la ville nous commandent leur pain."),
            ("Nous ne vendons pas aux restaurants.",),
            ("Le restaurant voisin ouvre à midi.",),
        ),
        "has its own kitchen": (
            ("Tout est préparé dans notre propre cuisine.",),
            ("Nous n'avons pas de propre cuisine.",),
            ("Nous aimons la cuisine de saison.",),
        ),
        "hiring": (("Nous recrutons un boulanger.",), ("Nous ne recrutons pas.",), ("Notre équipe vous accueille.",)),
        "delivers": (("Nous livrons à domicile.",), ("Nous ne livrons pas.",), ("Bientôt nous livrons aussi.",)),
        "family run": (("Une entreprise familiale depuis 1950.",), (), ("Une ambiance de famille.",)),
        "organic": (("Notre farine est biologique.",), (), ("Le marché est le samedi.",)),
    },
    "es": {
        "sells to restaurants": (
            ("Suministramos a restaurantes de toda la ciudad.",),
            ("No vendemos a restaurantes.",),
            ("Hay un restaurante al lado.",),
        ),
        "has its own kitchen": (("Todo sale de nuestra propia cocina.",), (), ("Nos gusta la cocina sencilla.",)),
        "hiring": (("Trabaja con nosotros: buscamos panadero.",), (), ("Nuestro equipo le atiende.",)),
        "delivers": (("Entrega gratuita en casa.",), ("No hacemos entrega a domicilio.",), ("Abrimos a las ocho.",)),
        "family run": (("Somos una empresa familiar.",), (), ("Ambiente agradable para todos.",)),
        "organic": (("Usamos harina ecológica.",), (), ("Un lugar natural y tranquilo.",)),
    },
    "sv": {
        "sells to restaurants": (
            ("Vi säljer till restauranger i hela länet.",),
            ("Vi säljer inte till restauranger.",),
            ("Restaurangen bredvid öppnar vid lunch.",),
        ),
        "has its own kitchen": (("Allt lagas i vårt eget kök.",), ("Vi har inget eget kök.",), ("Vi ritar kök.",)),
        "hiring": (("Vi söker en bagare.",), (), ("Vårt team hälsar dig välkommen.",)),
        "delivers": (("Vi levererar varje dag.",), ("Vi levererar inte.",), ("Kom in och titta.",)),
        "family run": (("Vi är ett familjeföretag.",), (), ("Hela familjen trivs här.",)),
        "organic": (("Vårt mjöl är ekologiskt.",), (), ("Vi ligger vid sjön.",)),
    },
}  # fmt: skip
_FILLER: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Welcome to {name}.",
        "Open Monday to Saturday.",
        "You find us behind the old harbour.",
        "Read our news.",
    ),
    "de": ("Willkommen bei {name}.", "Geöffnet von Montag bis Samstag.", "Sie finden uns am alten Hafen."),
    "fi": ("Tervetuloa, {name} palvelee.", "Avoinna maanantaista lauantaihin.", "Löydät meidät satamasta."),
    "fr": ("Bienvenue chez {name}.", "Ouvert du lundi au samedi.", "Vous nous trouvez au vieux port."),
    "es": ("Bienvenidos a {name}.", "Abierto de lunes a sábado.", "Estamos en el puerto viejo."),
    "sv": ("Välkommen till {name}.", "Öppet måndag till lördag.", "Du hittar oss i hamnen."),
}
_THINGS = (
    "Anchor",
    "Lantern",
    "Barrel",
    "Compass",
    "Kettle",
    "Ladder",
    "Needle",
    "Pebble",
    "Ribbon",
    "Saddle",
)


def _company(number: int, random: Random) -> Company:
    language = random.choice(list(_SAID))
    name = f"{random.choice(_THINGS)} {number}"
    criteria = tuple(random.sample(CRITERIA, 3))
    lines, labels = [line.format(name=name) for line in _FILLER[language]], list[Answer]()
    for criterion in criteria:
        yes, no, near = _SAID[language][criterion]
        label = random.choice([Answer.YES, Answer.YES, Answer.NO, Answer.NOT_SAID, Answer.NOT_SAID])
        said = {Answer.YES: yes, Answer.NO: no, Answer.NOT_SAID: near}[label] or near
        labels.append(label if said is not near else Answer.NOT_SAID)
        lines.insert(random.randrange(len(lines) + 1), random.choice(said))
    return Company(f"https://company-{number}.test/", _laid_out(name, lines, random), criteria, tuple(labels))


def _laid_out(name: str, lines: list[str], random: Random) -> str:
    """One of the ways in which pages put their text."""
    text = [line.replace("&", "&amp;") for line in lines]
    body = random.choice(
        [
            "".join(f"<p>{line}</p>" for line in text),
            f"<div>{' '.join(text)}</div>",
            f"<ul>{''.join(f'<li>{line}</li>' for line in text)}</ul>",
            "".join(f"<div><span>{line}</span></div>" for line in text),
            f"<table>{''.join(f'<tr><td>{line}</td></tr>' for line in text)}</table>",
            "<br>".join(f"<b>{line[:8]}</b>{line[8:]}" for line in text),
        ]
    )
    return f"<html><head><title>{name}</title></head><body><h1>{name}</h1>{body}</body></html>"


def _companies() -> tuple[Company, ...]:
    random = Random(20261128)  # noqa: S311 - the same in every run
    return tuple(_company(number, random) for number in range(COUNT))


COMPANIES = _companies()
