"""Customer systems as cards: connecting one, what is handed over to it, and its customers."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from services import crm
from services.crm import COLUMNS, ConnectionRow, Kind
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import question, refused, said, session, viewer_time
from ui.question import Question
from ui.text import plain, someone

_NOWHERE = ""


def card(person: Person, kind: Kind, row: ConnectionRow | None) -> None:
    """One system, connected or not."""
    leads = may(person, Right.CONNECT_CRM)
    with st.container(border=True, key=f"pp-card-crm-{kind.key}", gap="small"):
        st.markdown(f"**{plain(kind.label)}**  \n{someone(_facts(row))}")
        if row and row.problem:
            st.error(plain(row.problem))
        if row and row.customers_problem:
            st.warning(plain(f"Customers could not be fetched. {row.customers_problem}"))
        if not leads:
            return
        if row is None:
            with st.expander("Connect", key=f"crm_connect_{kind.key}", expanded=bool(_wrong(kind))):
                _credentials(kind, "Connect")
            return
        with st.container(horizontal=True):
            _button("Check now", "check", kind, crm.check, "It is being checked.")
            if kind.customers:
                _button(
                    "Fetch customers",
                    "customers",
                    kind,
                    crm.fetch_customers,
                    "They are being fetched.",
                    f"Customers are {kind.customers}. They become a list that is always skipped.",
                )
            st.button(
                "Disconnect", key=f"crm_disconnect_{kind.key}", on_click=_ask_to_disconnect, args=(kind,)
            )
        with st.expander("What is handed over", key=f"crm_rules_{kind.key}"):
            _rules(kind, row)
        with st.expander("Connect anew", key=f"crm_renew_{kind.key}"):
            st.caption(plain(f"For another account of {kind.label}, disconnect this one first."))
            _credentials(kind, "Replace")


def _credentials(kind: Kind, label: str) -> None:
    with st.form(f"crm-token-{kind.key}", border=False):
        for field in kind.fields:
            st.text_input(
                field.label,
                key=_key(kind, field.key),
                type="password" if field.is_secret else "default",
                placeholder=field.example,
                max_chars=500,
            )
            refused.below(_wrong(kind), field.key)
        st.caption(plain(f"{kind.told} It is kept encrypted and not shown again."))
        refused.below(_wrong(kind))
        st.form_submit_button(label, type="primary", on_click=_connect, args=(kind,))


def _rules(kind: Kind, row: ConnectionRow) -> None:
    names = sorted({_NOWHERE, *(row.properties or ()), *row.mapping.values(), *kind.defaults.values()})
    with st.form(f"crm-rules-{kind.key}", border=False):
        left, right = st.columns(2)
        for place, (column, words) in enumerate(COLUMNS.items()):
            (left if place % 2 == 0 else right).selectbox(
                f"Property for {words[0].lower()}{words[1:]}",
                names,
                names.index(row.mapping.get(column, _NOWHERE)),
                key=_key(kind, f"map_{column}"),
                format_func=lambda name: name or "Nowhere",
            )
        refused.below(_wrong(kind), "mapping")
        left, right = st.columns(2)
        left.number_input("Confidence at least", 0, 100, row.min_confidence, key=_key(kind, "min_confidence"))
        right.number_input("Reach at least", 0, 100, row.min_reach, key=_key(kind, "min_reach"))
        if kind.has_contacts:
            st.checkbox(
                "E-mail addresses become contacts", row.with_contacts, key=_key(kind, "with_contacts")
            )
        rule = (
            "A company that is there already gets values in empty properties alone."
            if kind.customers
            else "A company that was sent before is sent again with each push."
        )
        st.caption(f"{rule} Customers, and who is on the suppression list, are always skipped.")
        st.form_submit_button("Save", type="primary", on_click=_save, args=(kind,))


def _connect(kind: Kind) -> None:
    typed = {field.key: st.session_state[_key(kind, field.key)] for field in kind.fields}
    if _done(
        kind,
        lambda: crm.connect(session.require_person(), kind.key, typed),
        f"{kind.label} is being asked whether it answers.",
    ):
        for field in kind.fields:
            st.session_state[_key(kind, field.key)] = ""


def _save(kind: Kind) -> None:
    state = st.session_state
    rules = {name: state[_key(kind, name)] for name in ("min_confidence", "min_reach")}
    rules["with_contacts"] = state.get(_key(kind, "with_contacts"), False)
    rules["mapping"] = {column: state[_key(kind, f"map_{column}")] for column in COLUMNS}
    _done(kind, lambda: crm.change(session.require_person(), kind.key, rules), "Saved. It is being checked.")


def _done(kind: Kind, act: Callable[[], None], said_then: str) -> bool:
    wrong = _key(kind, "errors")
    st.session_state[wrong] = {}
    try:
        act()
    except Refused as error:
        st.session_state[wrong] = refused.sentences(error)
        return False
    said.keep(said_then)
    return True


def _wrong(kind: Kind) -> dict[str, str]:
    found: dict[str, str] = st.session_state.get(_key(kind, "errors"), {})
    return found


def _key(kind: Kind, of: str) -> str:
    """The key of an input: each system has its own."""
    return f"crm_{kind.key}_{of}"


def _facts(row: ConnectionRow | None) -> str:
    if row is None:
        return "Not connected."
    by = f" by {row.created_by}" if row.created_by else ""
    facts = [f"Connected {viewer_time.local(row.created_at):%Y-%m-%d}{by}"]
    if row.check_due_at:
        facts.append("being checked")
    elif row.checked_at and not row.problem:
        facts.append(f"answered {viewer_time.to_the_second(row.checked_at)}")
    facts.append(f"{row.pushed:,} companies pushed" + (f", {row.failed:,} failed" if row.failed else ""))
    if row.customers_due_at:
        facts.append("customers are being fetched")
    elif row.customers_at:
        facts.append(
            f"{row.customers_count or 0:,} customers fetched {viewer_time.to_the_second(row.customers_at)}"
        )
    return " · ".join(facts)


def _button(
    label: str,
    key: str,
    kind: Kind,
    act: Callable[[Person, str], None],
    done: str,
    help: str | None = None,
) -> None:
    def do() -> None:
        said.after(lambda: act(session.require_person(), kind.key), done)

    st.button(label, key=f"crm_{key}_{kind.key}", on_click=do, help=help)


def _ask_to_disconnect(kind: Kind) -> None:
    question.ask(
        Question(
            title=f"Disconnect {kind.label}?",
            body=(
                "What was typed to connect it and what is known of hand-offs are forgotten here; what is there stays"
                " there, and the list of its customers stays."
            ),
            yes="Disconnect",
            act=lambda person: crm.disconnect(person, kind.key),
            done=f"{kind.label} is disconnected.",
        )
    )
