"""What administrators may read of a fault of ours: where it happened, and nothing of what it was about."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

import settings
from jobs import campaign_job, faults, housekeeping
from pipeline.campaign import CampaignStatus
from services import job_detail, operations
from store.database import Role, transaction
from tests.support.campaigns import submitted
from tests.support.people import person
from tests.support.servers import Database, change


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("'Kahvila Aino'", "'…'"),
        ('unexpected value info@kahvila.example for "Aino\'s"', "unexpected value … for '…'"),
        (
            "'NoneType' object has no attribute 'email_status'",
            "'NoneType' object has no attribute 'email_status'",
        ),
        ("https://user:word@api.example.com/v2?api_key=abc did not answer", "… did not answer"),
        ("connection to server at db.example.com failed", "connection to server at … failed"),
        ("key 3f9ac27b6c1d4e5f8a90 refused", "key … refused"),
        ("the number +358 40 123 4567 is wrong", "the number … is wrong"),
        (
            "duplicate key value: Key (name)=(Kahvila Aino) already exists",
            "duplicate key value: Key (name)… already exists",
        ),
        ("/srv/secret/file.csv is away", "… is away"),
        ("the token is a-token-that-is-long-and-has-no-digits.", "the token is …."),
        ("list index out of range", "list index out of range"),
        ("unsupported operand type(s) for +: 3 and 4", "unsupported operand type(s) for +: 3 and 4"),
    ],
)
def test_an_error_is_told_without_its_values(said: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "a-token-that-is-long-and-has-no-digits")
    settings.get.cache_clear()
    assert faults.without_values(said) == told


def _broken() -> None:
    try:
        json.loads("{Kahvila Aino")
    except ValueError as error:
        raise KeyError("Kahvila Aino") from error


def test_a_traceback_names_our_files_and_those_of_libraries_and_not_where_they_lie() -> None:
    with pytest.raises(KeyError) as raised:
        _broken()
    told = faults.told(raised.value)
    assert "tests/jobs/test_faults.py:" in told
    assert "json/decoder.py:" in told
    assert (
        told.index("JSONDecodeError: Expecting property name")
        < told.index("and then:")
        < told.index("KeyError: '…'")
    )
    assert str(settings.PROJECT_ROOT) not in told
    # The lines of code stand there as they are written.
    assert told.count("Aino") == told.count('json.loads("{Kahvila Aino")') + told.count(
        'KeyError("Kahvila Aino")'
    )


def test_a_job_that_fails_by_a_fault_of_ours_keeps_it_for_administrators_for_a_month(
    database: Database, redis_url: str
) -> None:
    owner, admin = person("owner"), person("admin", is_admin=True)
    submitted(owner)
    change(
        database.superuser_url,
        'update campaigns set spec = spec || \'{"max_results": "Aino, aino@example.com"}\'',
    )
    (job,) = (each.job_id for each in operations.jobs(admin).rows)
    campaign_job.run(str(job), 0)
    (attempt,) = job_detail.look(admin, job).story.attempts
    assert attempt.ended_as == CampaignStatus.FAILED
    assert attempt.fault is not None
    assert "jobs/campaign_job.py:" in attempt.fault
    assert "ValidationError: 1 validation error for CampaignSpec" in attempt.fault
    assert "aino" not in attempt.fault.lower()
    with transaction(Role.WEB, proof=owner.proof) as conn, pytest.raises(sa.exc.ProgrammingError):
        conn.execute(sa.text("select fault from job_attempts"))
    change(database.superuser_url, "update job_attempts set began_at = now() - interval '31 days'")
    housekeeping.forget_old()
    assert job_detail.look(admin, job).story.attempts[0].fault is None
