"""Words people write when a business has closed, folded as ``pipeline.words.text.folded`` does.

Collected by hand from general knowledge of the languages and from notes in OpenStreetMap data.
"""

from __future__ import annotations

CLOSING = frozenset(
    {
        # English
        "closed", "permanently closed", "closed down", "vacant", "out of business", "ceased trading", "shut down",
        "no longer exists", "no longer here", "no longer there", "does not exist", "doesnt exist", "empty shop",
        "empty unit", "has moved", "moved away", "relocated", "is gone", "demolished", "defunct", "not here anymore",
        # Of companies, as registers put it
        "liquidation", "in administration", "administration order", "administrative receiver", "receivership",
        "receiver manager", "voluntary arrangement", "strike off", "dormant accounts", "bankrupt", "konkurssi",
        "selvitystila", "yrityssaneeraus",
        # German
        "geschlossen", "geschl", "leerstehend", "leer stehend", "steht leer", "leerstand", "aufgegeben", "umgezogen",
        "verzogen", "existiert nicht", "existiert nicht mehr", "gibt es nicht mehr", "nicht mehr vorhanden",
        "insolvent",
        "geschaftsaufgabe", "abgerissen",
        # French
        "fermee", "est ferme", "ferme depuis", "fermeture definitive", "n existe plus", "nexiste plus", "local vide",
        "demenage", "abandonne",
        # Spanish, Catalan, Portuguese, Italian
        "cerrado", "cerrada", "clausurado", "ya no existe", "local vacio", "trasladado", "tancat", "tancada",
        "encerrado", "encerrada", "encerrou", "fechado", "fechada", "fechou", "ja nao existe", "devoluto", "mudou",
        "chiuso", "chiusa", "non esiste piu", "trasferito", "cessata attivita",
        # Dutch, Scandinavian, Finnish, Estonian
        "gesloten", "opgeheven", "leegstand", "leegstaand", "bestaat niet meer", "verhuisd", "stangt", "stangd",
        "nedlagd", "nedlagt", "upphort", "lukket", "lukkede", "stengt", "flyttat", "flyttet", "suljettu", "lopettanut",
        "lopetettu", "lopetti", "toiminta loppunut", "ei enaa", "tyhja", "tyhjillaan", "muuttanut", "suletud",
        # Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Turkish
        "zamkniete", "zamkniety", "zamknieta", "nieczynne", "zlikwidowany", "zavreno", "zruseno", "zatvorene",
        "zatvoreno", "bezart", "bezarva", "megszunt", "inchis", "desfiintat", "kapandi", "kapatildi",
        # Greek, Russian, Ukrainian, Japanese, Chinese, Korean
        "κλειστο", "εκλεισε", "закрыт", "закрыто", "закрыта", "закрылся", "не работает", "закрито", "зачинено",
        "閉店", "閉業", "閉鎖", "已关闭", "已關閉", "停业", "歇业", "폐업",
    }
)  # fmt: skip
"""They say that it is closed."""

WHOLE = frozenset({"ferme", "gone", "empty", "tom", "leer", "kapali", "vide", "vacio", "tancat"})
"""They say so when nothing else is said: within a sentence they have other meanings."""

UNSURE = frozenset(
    {
        "still exists", "still exist", "still there", "still open", "still in business", "permanently closed",
        "noch da", "noch vorhanden", "existiert noch", "noch offen", "existe encore", "sigue abierto", "ainda existe",
        "esiste ancora", "bestaat nog", "finns kvar", "vielako olemassa", "closed for good", "dauerhaft geschlossen",
        "definitivement ferme", "ferme definitivement", "cerrado permanentemente", "encerrado definitivamente",
        "chiuso definitivamente", "definitief gesloten", "lopettanut toimintansa",
    }
)  # fmt: skip
"""They ask whether it is there, or leave no doubt that it is not, whatever stands around them."""

AGAIN = (
    # Days and times at which a business that exists is closed, as beginnings of words.
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend", "holiday", "lunch"),
    *("winter", "summer", "season", "mon ", "tue ", "wed ", "thu ", "fri ", "sat ", "sun ", "mo ", "tu ", "sa ", "su "),
    *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "feiertag"),
    *("ruhetag", "mittag", "saison", "wochenende", "gesellschaft", "geschlossene"),
    *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "ferie", "hiver"),
    *("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "festivo", "invierno", "verano"),
    *("segunda", "terca", "quarta", "quinta", "sexta", "feriado", "inverno", "lunedi", "martedi", "mercoledi"),
    *("giovedi", "venerdi", "sabato", "domenica", "dilluns", "dimarts", "dimecres", "dijous", "divendres"),
    *("dissabte", "diumenge", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    *("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai", "talvi", "kesa"),
    *("mandag", "tirsdag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag", "niedziel", "nedele"),
)  # fmt: skip
"""What is said to be closed then is closed for a while."""
