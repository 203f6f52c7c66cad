"""How columns of lists are titled in the languages people keep them in, the more usual title first."""

from __future__ import annotations

from collections.abc import Mapping


def _several(titles: str) -> tuple[str, ...]:
    return tuple(title.strip() for title in titles.split(","))


TITLES: Mapping[str, tuple[str, ...]] = {
    "name": _several(
        "name, company, company name, account, account name, business, business name, organisation, "
        "organization, customer, customer name, firma, firmenname, unternehmen, kunde, kundenname, societe, "
        "entreprise, raison sociale, nom, client, empresa, razon social, nombre, cliente, azienda, "
        "ragione sociale, ditta, nome, yritys, yrityksen nimi, nimi, asiakas, foretag, foretagsnamn, namn, "
        "kund, bedrijf, bedrijfsnaam, naam, klant, firmanavn, virksomhed, navn, kunde navn, nazwa, "
        "nazwa firmy, nazev"
    ),
    "website": _several(
        "website, web site, web, url, homepage, home page, domain, company domain, company domain name, site, "
        "web address, webseite, internetseite, internet, www, site web, site internet, domaine, sitio web, "
        "pagina web, dominio, sito, sito web, verkkosivu, verkkosivusto, kotisivu, kotisivut, hemsida, "
        "webbplats, webbsida, hjemmeside, nettside, strona, strona www"
    ),
    "email": _several(
        "email, e mail, mail, email address, e mail address, e mail adresse, mailadresse, courriel, "
        "adresse e mail, correo, correo electronico, posta elettronica, indirizzo email, sahkoposti, "
        "sahkopostiosoite, e post, epost, e postadress, e mailadres, mejl, adres email"
    ),
    "phone": _several(
        "phone, phone number, telephone, telephone number, tel, mobile, cell, telefon, telefonnummer, "
        "rufnummer, handy, telephone fixe, numero de telephone, telefono, numero di telefono, movil, puhelin, "
        "puhelinnumero, telefonnr, telefoon, telefoonnummer, telefone, numer telefonu"
    ),
    "street": _several(
        "street, address, street address, address line 1, address 1, billing street, strasse, adresse, "
        "anschrift, strasse und hausnummer, rue, voie, calle, direccion, domicilio, via, indirizzo, "
        "katuosoite, osoite, lahiosoite, gatuadress, gata, adress, straat, adres, morada, rua, ulica, vej"
    ),
    "city": _several(
        "city, town, place, locality, billing city, ort, stadt, ville, commune, ciudad, localidad, poblacion, "
        "municipio, citta, comune, localita, kaupunki, postitoimipaikka, kunta, stad, postort, plaats, "
        "woonplaats, cidade, miasto, by, sted, poststed"
    ),
    "postcode": _several(
        "postcode, post code, postal code, zip, zip code, zipcode, billing zip, billing postal code, plz, "
        "postleitzahl, code postal, cp, codigo postal, cap, codice postale, postinumero, postnummer, postnr, "
        "kod pocztowy, psc"
    ),
    "country": _several(
        "country, country code, country region, billing country, land, landercode, pays, pais, paese, "
        "nazione, stato, maa, kraj"
    ),
    "external_id": _several(
        "id, external id, customer id, account id, company id, record id, customer number, account number, "
        "kundennummer, kunden nr, kundennr, nummer, numero client, code client, numero de cliente, "
        "codice cliente, asiakasnumero, kundnummer, klantnummer, business id, vat, vat number, vat id, "
        "y tunnus, ust id, siret, siren, partita iva, nif, cif, org nr"
    ),
}
"""By what the column says, as ``pipeline.words.text.folded`` writes them."""
