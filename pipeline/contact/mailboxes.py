"""What a mailbox is for, by its name: who would answer, if anybody."""

from __future__ import annotations

import re

_SIGN = re.compile(r"[^\W_]+")
# Nobody reads what is sent here.
_UNREAD = frozenset(
    {
        "noreply", "donotreply", "dontreply", "nepasrepondre", "eivastata", "eivastausta", "noresponder",
        "naoresponder", "nichtantworten", "keineantwort", "svarainte", "svarikke", "bezodpowiedzi", "bounce",
        "bounces", "mailerdaemon", "postmaster", "unsubscribe", "devnull",
    }
)  # fmt: skip
# How an address is made up, or what a form shows as an example, in the languages of the shipped and common data.
_MODEL = frozenset(
    {
        "firstnamelastname", "firstnamesurname", "namesurname", "etunimisukunimi", "vornamenachname",
        "vornamename", "fornamnefternamn", "fornavnetternavn", "fornavnefternavn", "prenomnom",
        "nombreapellido", "nomeapelido", "nomesobrenome", "nomecognome", "voornaamachternaam", "imienazwisko",
        "jmenoprijmeni", "menopriezvisko", "eesnimiperenimi", "keresztnevvezeteknev", "adsoyad", "imeprezime",
        "imepriimek", "vardaspavarde", "prenumenume", "yourname", "yourmail", "youremail", "you", "name",
        "username", "emailaddress", "deinname", "ihrname", "dinemail", "maxmustermann", "mustermann", "johndoe",
        "janedoe", "jandoe", "votrenom", "votreemail", "tunombre", "tucorreo", "seunome", "seuemail",
        "sinunnimesi", "twojadres", "xxx", "xyz", "abc",
    }
)  # fmt: skip
# Somebody reads it, for something else than business.
_ASIDE = frozenset(
    {
        "job", "jobs", "career", "careers", "karriere", "karriar", "hr", "rekry", "rekrytointi", "recruiting",
        "recruitment", "recruit", "bewerbung", "bewerbungen", "emploi", "recrutement", "empleo", "emprego",
        "rh", "rrhh", "lavora", "praca", "kariera", "jobb", "rekrytering", "invoice", "invoices", "invoicing",
        "billing", "laskut", "laskutus", "ostolaskut", "rechnung", "rechnungen", "buchhaltung", "accounting",
        "accounts", "facturas", "facturacion", "factures", "fatura", "faturas", "fattura", "fatture", "faktura",
        "fakturor", "fakturering", "comptabilite", "contabilidad", "contabilidade", "amministrazione",
        "privacy", "dpo", "dpd", "rgpd", "gdpr", "datenschutz", "tietosuoja", "dataskydd", "privacidad",
        "privacidade", "legal", "abuse", "webmaster", "hostmaster", "root", "security", "noc", "sysadmin",
        "administrator", "technik", "newsletter", "news",
        "procurement", "einkauf", "hankinta", "compliance", "whistleblowing", "ethics", "beschwerde",
        "complaints",
    }
)  # fmt: skip
_UNFINISHED = re.compile(
    r"no[-_.]?spam|remove[-_.]?(this|me)|delete[-_.]?this|spamschutz|entfern|sans[-_.]?spam|anti[-_.]?spam"
)
_MACHINE = re.compile(r"[0-9a-f]{20,}")


def is_aside(email: str) -> bool:
    """Whether a mailbox is kept for applications, invoices, data protection or the site itself."""
    words = _words(email)
    return bool(words) and (words[0] in _ASIDE or words[-1] in _ASIDE)


def why_nobody(email: str) -> str | None:
    """Why a written address reaches nobody, as a sentence part; None when somebody may read it."""
    words = _words(email)
    joined = "".join(words)
    if joined in _UNREAD or words[:1] in (["noreply"], ["donotreply"]) or _MACHINE.fullmatch(joined):
        return "nobody reads it"
    if joined in _MODEL:
        return "it is a pattern, not a mailbox"
    return "it is to be changed by hand" if _UNFINISHED.search(email.casefold()) else None


def _words(email: str) -> list[str]:
    return _SIGN.findall(email.rpartition("@")[0].casefold())
