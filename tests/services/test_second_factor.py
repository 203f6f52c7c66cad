"""The second factor: asked for once it is on, taken once, and not to be guessed or gone around."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyotp
import pytest

from services import identity, own_account, second_factor
from services.errors import Conflict, Invalid, NotFound, TooMany
from services.identity import Person, SignedIn, Visitor
from services.second_factor import Proposal
from store import sealing
from store import second_factor as stored
from store.database import Role, transaction
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import Database, change, rows

HERE = Visitor(ip="192.0.2.1")


@dataclass
class Phone:
    """Somebody with the second factor on; ``code`` is that of the half minute ``later`` than the database's now."""

    owner: Person
    database: Database
    proposal: Proposal
    recovery: tuple[str, ...]

    def code(self, later: int = 0) -> str:
        ((now,),) = rows(self.database.superuser_url, "select extract(epoch from now())::bigint / 30")
        return pyotp.TOTP(self.proposal.secret).generate_otp(int(str(now)) + later)

    def half(self) -> SignedIn:
        made = identity.sign_in(self.owner.email, PASSWORD, HERE)
        assert made.is_half
        return made


def who(token: str) -> Person:
    found = identity.who_is(token)
    assert found is not None
    return found


@pytest.fixture
def phone(database: Database) -> Phone:
    person("owner")
    owner = who(signed_in("owner"))
    made = Phone(owner, database, second_factor.propose(owner), ())
    made.recovery = second_factor.switch_on(owner, made.proposal, made.code(-1), PASSWORD)
    return made


def test_the_password_alone_opens_nothing_and_a_code_of_the_app_does(phone: Phone) -> None:
    half = phone.half()
    assert identity.who_is(half.token) is None
    assert own_account.sessions(phone.owner)[0].is_this
    inside = second_factor.pass_by(half.token, phone.code(), HERE)
    assert who(inside.token).id == phone.owner.id
    assert not inside.is_half
    # The token of the half sign-in stood in a cookie before: it opens nothing now.
    assert identity.who_is(half.token) is None
    code = phone.code(1)
    second_factor.pass_by(phone.half().token, code, HERE)
    for used in (code, phone.code(0), phone.code(-1)):
        with pytest.raises(Invalid, match="used before"):
            second_factor.pass_by(phone.half().token, used, HERE)


def test_a_code_may_drift_by_half_a_minute_and_others_are_refused(phone: Phone) -> None:
    url = phone.database.superuser_url
    for later in (-1, 0, 1):
        change(url, "update second_factors set last_step = 0")
        assert second_factor.pass_by(phone.half().token, phone.code(later), HERE)
    change(url, "update second_factors set last_step = 0")
    half = phone.half()
    for wrong in (phone.code(4), phone.code(-4), "", "123", "abcdef", "x" * 10_000, "\x00", "\ud800", "-"):
        change(url, "delete from sign_in_throttle")
        with pytest.raises(Invalid, match="not the current one"):
            second_factor.pass_by(half.token, wrong, HERE)


def test_each_recovery_code_signs_in_once_however_it_is_typed(phone: Phone) -> None:
    assert len(set(phone.recovery)) == second_factor.RECOVERY_CODES
    first, second = phone.recovery[:2]
    assert second_factor.pass_by(phone.half().token, first, HERE)
    assert second_factor.pass_by(phone.half().token, f" {second.lower().replace('-', ' ')} ", HERE)
    with pytest.raises(Invalid):
        second_factor.pass_by(phone.half().token, first, HERE)
    assert second_factor.ways(phone.owner).codes_left == 8
    stored = rows(phone.database.superuser_url, "select code_hash::text from recovery_codes")
    assert not [text for (text,) in stored if first.encode().hex() in str(text)]


def test_parallel_guesses_are_all_counted_and_a_right_one_then_waits_too(phone: Phone) -> None:
    half = phone.half()

    def guess(_number: int) -> type[Exception]:
        try:
            second_factor.pass_by(half.token, "000000", HERE)
        except Exception as error:  # noqa: BLE001  the kind is what is looked at
            return type(error)
        raise AssertionError

    with ThreadPoolExecutor(8) as threads:
        assert Counter(threads.map(guess, range(30))) == {Invalid: 5, TooMany: 25}
    with pytest.raises(TooMany):
        second_factor.pass_by(phone.half().token, phone.code(), HERE)


def test_one_code_sent_many_times_at_once_opens_one_session(phone: Phone) -> None:
    halves, code = [phone.half().token for _ in range(4)], phone.code()

    def send(token: str) -> bool:
        try:
            return bool(second_factor.pass_by(token, code, HERE))
        except (Invalid, TooMany):
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(send, halves)) == 1


def test_the_database_takes_a_step_once_whatever_the_application_compared(phone: Phone) -> None:
    def taken(step: int) -> bool:
        half = phone.half()
        with transaction(Role.WEB, proof=identity.proof_of(half.token)) as conn:
            new = identity.new_session(f"after {half.token}", HERE)
            return stored.pass_by(conn, stored.Code(step=step), new, b"a device")

    ((now,),) = rows(phone.database.superuser_url, "select extract(epoch from now())::bigint / 30")
    assert [taken(int(str(now)) + later) for later in (1, 1, 0, 2)] == [True, False, False, True]


def test_half_a_sign_in_is_over_after_ten_minutes(phone: Phone) -> None:
    half = phone.half()
    change(phone.database.superuser_url, "update sessions set expires_at = expires_at - interval '601 s'")
    for token in (half.token, "made up", None):
        with pytest.raises(NotFound):
            second_factor.pass_by(token, phone.code(), HERE)


def test_whoever_runs_sql_as_the_web_passes_no_second_factor_and_reads_no_secret(phone: Phone) -> None:
    """That a code of the app was right, the database believes only who knows APP_SECRET."""
    half = phone.half()
    sql = "select auth_pass_second_factor('a guess', 99999999999, null, '\\x00', 1, 1, null)"
    with (
        pytest.raises(Exception, match="does not vouch"),
        transaction(Role.WEB, proof=identity.proof_of(half.token)) as conn,
    ):
        conn.exec_driver_sql(sql)
    ((kept,),) = rows(phone.database.superuser_url, "select secret from second_factors")
    assert phone.proposal.secret not in str(kept)
    sealed = sealing.seal("something else", phone.proposal.secret)
    change(phone.database.superuser_url, f"update second_factors set secret = '{sealed}'")
    with pytest.raises(Conflict, match="APP_SECRET"):
        second_factor.pass_by(half.token, phone.code(), HERE)
    assert second_factor.pass_by(half.token, phone.recovery[0], HERE)


def test_it_is_switched_on_only_by_who_shows_a_code_and_the_password(database: Database) -> None:
    person("owner")
    owner = who(signed_in("owner"))
    phone = Phone(owner, database, second_factor.propose(owner), ())
    for code, password, field in (("000000", PASSWORD, "code"), (phone.code(), "a wrong one", "current")):
        with pytest.raises(Invalid) as refused:
            second_factor.switch_on(owner, phone.proposal, code, password)
        assert list(refused.value.fields) == [field]
    assert not identity.sign_in(owner.email, PASSWORD, HERE).is_half
    second_factor.switch_on(owner, phone.proposal, phone.code(), PASSWORD)
    with pytest.raises(Conflict):
        second_factor.switch_on(owner, phone.proposal, phone.code(1), PASSWORD)
    ways = second_factor.ways(owner)
    assert (ways.has_password, ways.codes_left) == (True, 10)
    assert ways.factor_since is not None


def test_it_is_switched_off_only_by_who_shows_both(phone: Phone) -> None:
    for password, code, field in ((PASSWORD, "000000", "code"), ("a wrong one", phone.code(), "current")):
        with pytest.raises(Invalid) as refused:
            second_factor.switch_off(phone.owner, password, code)
        assert list(refused.value.fields) == [field]
    second_factor.switch_off(phone.owner, PASSWORD, phone.code())
    assert not identity.sign_in(phone.owner.email, PASSWORD, HERE).is_half
    assert second_factor.ways(phone.owner).codes_left == 0


def test_new_recovery_codes_take_the_place_of_the_old(phone: Phone) -> None:
    with pytest.raises(Invalid):
        second_factor.new_codes(phone.owner, "000000")
    fresh = second_factor.new_codes(phone.owner, phone.recovery[0])
    for old in phone.recovery[:2]:
        with pytest.raises(Invalid):
            second_factor.pass_by(phone.half().token, old, HERE)
    assert second_factor.pass_by(phone.half().token, fresh[0], HERE)


def test_what_happens_is_noted(phone: Phone, database: Database) -> None:
    second_factor.pass_by(phone.half().token, phone.recovery[0], HERE)
    with pytest.raises(Invalid):
        second_factor.pass_by(phone.half().token, "000000", HERE)
    second_factor.switch_off(phone.owner, PASSWORD, phone.code())
    noted = [
        str(action) for (action,) in rows(database.superuser_url, "select action from audit_log order by id")
    ]
    assert noted[noted.index("second_factor_on") :] == [
        *("second_factor_on", "second_factor_asked", "recovery_code_used", "signed_in"),
        *("second_factor_asked", "second_factor_refused", "second_factor_off"),
    ]  # fmt: skip
