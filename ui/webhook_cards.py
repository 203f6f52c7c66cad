"""Webhooks as cards, each with what can be done with it, and what was sent to one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import streamlit as st

from services import webhooks
from services.errors import Refused
from services.identity import Person
from services.webhooks import CHANGE_OVER_H, IN_WORDS, DeliveryRow, Event, WebhookRow
from ui import cards, once, question, refused, said, session, viewer_time
from ui.question import Question
from ui.text import plain, someone

SECRET = "webhook_secret"  # noqa: S105 - where it is kept until it was copied
_WRONG = "webhook_errors"
_LOOK_S = 3.0
_NO_MESSAGE = "Nothing was sent to it yet. Send a test to see whether it is heard."


def new() -> None:
    """The form of another webhook."""
    st.header("New webhook", anchor=False)
    _form("new", None)


def shown_once() -> None:
    """The secret of a webhook that was just made or given another one."""
    secret = st.session_state.get(SECRET)
    if secret is None:
        return
    with st.container(border=True, key="pp-card-secret"):
        st.success(
            "This is its secret, by which messages are known to be ours. Copy it now: it is not shown again."
        )
        st.code(secret, language=None, wrap_lines=True)
        st.button("I have copied it", on_click=partial(st.session_state.pop, SECRET, None))


def card(row: WebhookRow) -> None:
    """One webhook."""
    with st.container(border=True, key=f"pp-card-webhook-{row.id.hex}", gap="small"):
        st.markdown(f"**{plain(row.url)}**  \n{someone(_facts(row))}")
        with st.container(horizontal=True):
            _button(
                "Send a test",
                row,
                webhooks.send_test,
                "A test is on its way. Its fate stands under Messages.",
            )
            if row.paused_at:
                _button(
                    "Resume", row, partial(webhooks.pause, is_paused=False), "It is told of events again."
                )
            else:
                _button("Pause", row, partial(webhooks.pause, is_paused=True), "It is told of nothing new.")
            st.button("Renew secret", key=f"renew-{row.id.hex}", on_click=_renew, args=(row,))
            st.button("Remove", key=f"remove-{row.id.hex}", on_click=_ask_to_remove, args=(row,))
        with st.expander("Change address or events", key=f"change-{row.id.hex}"):
            _form(row.id.hex, row)


def messages(rows: Sequence[WebhookRow]) -> None:
    """What was sent to one of them, and sending it again."""
    st.header("Messages", anchor=False)
    by_id = {row.id: row for row in rows}
    chosen = st.selectbox(
        "Webhook", list(by_id), format_func=lambda each: by_id[each].url, key="webhook_shown"
    )
    if chosen is not None:
        st.fragment(_sent_to, run_every=_LOOK_S)(chosen)


def _sent_to(chosen: UUID) -> None:
    found = webhooks.deliveries(session.require_person(), chosen)
    if not found:
        st.caption(_NO_MESSAGE)
        return
    st.caption(
        f"The last {len(found)}, of the last 30 days." if len(found) > 1 else "The only one of 30 days."
    )
    event = st.dataframe(
        [_cells(each) for each in found],
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"webhook_messages_{chosen.hex}",
    )
    picked = event.selection.rows
    if picked and picked[0] < len(found):
        one = found[picked[0]]
        st.button("Send again", key="send_again", on_click=_send_again, args=(one.id,), type="primary")
    else:
        st.caption("Select a message to send it again.")


def _form(key: str, row: WebhookRow | None) -> None:
    wrong = st.session_state.get(_WRONG, {}) if st.session_state.get(f"{_WRONG}_of") == key else {}
    with st.form(f"webhook-{key}", border=False):
        st.text_input(
            "Address",
            row.url if row else "",
            key=f"url_{key}",
            max_chars=500,
            placeholder="https://crm.example.com/hooks/prospectpro",
        )
        refused.below(wrong, "url")
        st.multiselect(
            "Events",
            webhooks.events(session.require_person()),
            [Event(each) for each in row.events] if row else [Event.CAMPAIGN_ENDED],
            key=f"events_{key}",
            format_func=lambda event: f"{event.value}: {IN_WORDS[event]}",
        )
        refused.below(wrong, "events")
        label = "Save" if row else "Add webhook"
        st.form_submit_button(label, type="primary", on_click=_save, args=(key, row.id if row else None))
    refused.below(wrong)


def _save(key: str, webhook: UUID | None) -> None:
    state = st.session_state
    url, events = state[f"url_{key}"], state[f"events_{key}"]
    state[f"{_WRONG}_of"], state[_WRONG] = key, {}
    state.pop(SECRET, None)
    try:
        if webhook is None:
            person = session.require_person()
            made = once.once(("webhook", url, events), lambda: webhooks.add(person, url, events))
            state[SECRET] = made.secret
            state[f"url_{key}"] = ""
        else:
            webhooks.change(session.require_person(), webhook, url, events)
            said.keep("The webhook is changed.")
    except Refused as error:
        state[_WRONG] = refused.sentences(error)


def _facts(row: WebhookRow) -> str:
    by = f" by {row.created_by}" if row.created_by else ""
    facts = [", ".join(row.events), f"added {viewer_time.local(row.created_at):%Y-%m-%d}{by}"]
    if row.paused_at:
        facts.insert(0, "Paused")
    if row.earlier_until:
        facts.append(f"the secret before signs as well until {viewer_time.to_the_second(row.earlier_until)}")
    return " · ".join(facts)


def _cells(each: DeliveryRow) -> dict[str, object]:
    return {
        "State": _state(each),
        "Event": each.event,
        "Happened": viewer_time.to_the_second(each.created_at),
        "Tries": each.tries,
        "Last try": viewer_time.to_the_second(each.tried_at) if each.tried_at else "",
        "Answer": each.problem or (f"Status {each.status}" if each.status else ""),
        "Next try": viewer_time.to_the_second(each.due_at) if each.due_at and each.tries else "",
        "Id": str(each.id),
    }


def _state(each: DeliveryRow) -> str:
    if each.delivered_at:
        return "Arrived"
    if each.due_at is None:
        return "Given up"
    return "Is tried again" if each.problem else "Waits"


def _button(label: str, row: WebhookRow, act: Callable[[Person, UUID], None], done: str) -> None:
    def do() -> None:
        said.after(lambda: act(session.require_person(), row.id), done)

    st.button(label, key=f"{label}-{row.id.hex}", on_click=do)


def _renew(row: WebhookRow) -> None:
    def act() -> None:
        st.session_state[SECRET] = webhooks.renew_secret(session.require_person(), row.id).secret

    said.after(
        act, f"Messages are signed with both secrets for {CHANGE_OVER_H} hours, then with the new one alone."
    )


def _ask_to_remove(row: WebhookRow) -> None:
    question.ask(
        Question(
            title="Remove this webhook?",
            body=f"{row.url} is told of nothing any more, and messages that wait are not sent.",
            yes="Remove",
            act=lambda person: webhooks.remove(person, row.id),
            done="The webhook is removed.",
        )
    )


def _send_again(delivery: UUID) -> None:
    said.after(
        lambda: webhooks.send_again(session.require_person(), delivery), "It is sent again within seconds."
    )


def nothing() -> None:
    """What stands where no webhook is."""
    cards.empty("No webhooks yet", "Add one above, and another system hears of what happens here.", "list")
