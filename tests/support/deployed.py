"""A running installation, looked at as its operator does after a deployment."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import httpx

import settings
from commands._deployment import ROWS
from tests.support.application import Application
from tests.support.terminal import manage


def is_as_it_should_be(app: Application, **servers: str) -> None:
    """`make deploy-check` finds nothing wrong, from the door to the download."""
    link, _, key = app.first_admin_link.partition("?key=")
    account = {"email": "boss@example.com", "password": "correct horse battery"}
    made = httpx.post(link, data={**account, "key": key}, headers={"Origin": app.url})
    assert made.is_redirect
    keys = {
        scope: manage("create-key", account["email"], "--scope", scope, "--name", scope, **servers)
        for scope in ("admin", "submit")
    }
    done = subprocess.run(
        ["make", "--silent", "deploy-check", f"URL={app.url}", f"VENV={sys.executable}"],
        cwd=settings.PROJECT_ROOT,
        env={
            **os.environ,
            "TOKEN": keys["admin"].stdout.split()[-1],
            "OTHER_TOKEN": keys["submit"].stdout.split()[-1],
            "EMAIL": account["email"],
            "PASSWORD": account["password"],
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.findall(r"^(ok|warning) +(\w.*?)  ", done.stdout, re.M)
    # No mail server is set, and both keys are of one workspace. Whether progress was told live can be said only of a
    # campaign that took some time, which depends on the machine.
    assert {row for _, row in told} | {"live progress"} == {*ROWS} - {"mail", "isolation"}
