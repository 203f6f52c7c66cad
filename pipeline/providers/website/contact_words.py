"""Which links of a site lead to how its company can be reached, by their words in many languages and scripts.

Found in the menus of company sites; folded as the links are, so that accents, case and final letters do not matter.
"""

from __future__ import annotations

from pipeline.words.text import folded

_CONTACT = (
    "contact", "kontakt", "contacto", "contato", "contatt", "contacta", "contacte", "contattaci", "kontaktai",
    "kontaktua", "kuntatt", "kontak", "get in touch", "reach us", "write to us", "find us", "yhteystied",
    "ota yhteytta", "elerhetoseg", "kapcsolat", "nous joindre", "coordonnees", "fale conosco", "fale connosco",
    "dove siamo", "iletisim", "bize ulasin", "elaqe", "əlaqə", "hafa samband", "hafdu samband", "cysylltu",
    "cysylltwch", "teagmhail", "susisiek", "sazinat", "vota uhendust", "harremana", "lien he", "hubungi",
    "wasiliana", "aloqa", "stupet", "επικοινωνια", "контакт", "связаться", "свяжитесь", "обратная связь",
    "звязок", "връзка", "байланыс", "холбоо барих", "お問い合わせ", "お問合せ", "お問合わせ", "問い合わせ",
    "連絡先", "联系", "聯絡", "聯繫", "联络", "문의", "연락처", "오시는 길", "اتصل", "تواصل", "اتصال", "تماس",
    "צור קשר", "צרו קשר", "יצירת קשר", "ติดต่อ", "संपर्क", "सम्पर्क", "যোগাযোগ", "தொடர்பு", "సంప్రదించండి",
    "ಸಂಪರ್ಕ", "ബന്ധപ്പെടുക", "સંપર્ક", "ਸੰਪਰਕ", "رابطہ", "კონტაქტ", "დაკავშირება", "կապ մեզ", "կոնտակտ",
    "հետադարձ կապ", "ဆက်သွယ်", "ទំនាក់ទំនង", "ຕິດຕໍ່", "inquiry", "enquir", "toiawase", "renraku", "lianxi",
    "epikoinonia", "kontakty", "svyaz", "obratnaya",
)  # fmt: skip
_IMPRINT = (
    "imprint", "impressum", "mentions legales", "aviso legal", "legal notice", "note legali", "colofon",
    "tietoa meista", "avis legal", "реквизиты", "юридическая информация", "会社概要", "会社案内", "運営会社",
    "特定商取引", "公司简介", "公司簡介", "회사소개", "kunye", "ταυτότητα", "kolofon", "kolofoni",
    "legal information",
)  # fmt: skip
_ABOUT = (
    "about", "uber uns", "ueber", "om oss", "om os", "qui sommes", "sobre", "quem somos", "quienes somos",
    "chi siamo", "meista", "yritys", "company", "over ons", "o nas", "o nama", "o meni", "despre noi", "rolunk",
    "hakkimizda", "kurumsal", "apie mus", "par mums", "meist", "um okkur", "σχετικα", "ποιοι ειμαστε", "о нас",
    "о компании", "про нас", "за нас", "关于", "關於", "私たちについて", "企業情報", "소개", "من نحن",
    "عن الشركة", "درباره ما", "אודות", "เกี่ยวกับ", "हमारे बारे", "ჩვენ შესახებ", "մեր մասին", "gioi thieu",
    "tentang kami", "unternehmen", "entreprise", "empresa", "azienda", "firma",
)  # fmt: skip
_PEOPLE = (
    "team", "staff", "people", "henkilo", "personal", "equipe", "equipo", "mitarbeiter", "ansprechpartner",
    "medarbejdere", "medarbetare", "ansatte", "zespol", "tym", "ekibimiz", "persone", "pessoas", "команда",
    "сотрудники", "スタッフ", "团队", "團隊", "팀", "فريق", "צוות", "ομαδα",
)  # fmt: skip

HINTS = tuple(tuple(map(folded, words)) for words in (_CONTACT, _IMPRINT, _ABOUT, _PEOPLE))
"""The words of each kind of page, the best kind first."""


def rank(words: str) -> int | None:
    """How promising a link with these words is, 0 the most; None when they say nothing of a contact."""
    said = folded(words)
    return next((rank for rank, hints in enumerate(HINTS) if any(hint in said for hint in hints)), None)
