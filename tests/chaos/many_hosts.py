"""One installation on eight hosts: ``python -m tests.chaos.many_hosts``.

Two web hosts behind nginx, three worker hosts, PgBouncer in transaction mode before Postgres, Valkey or Redis; all by
TLS. In the middle of paid campaigns the cable of a worker host is pulled, another one is frozen, and a web host is
cut off; what is left has to do all of it, and those that come back may break nothing. Takes Linux, root, and the
packages iproute2, nginx, pgbouncer, and valkey-server or redis-server. What each host said is kept in artifacts/.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import trustme
import typer

import settings
from embedded.postgres import Postgres
from services import api_keys, campaigns, catalogue
from services.api_keys import Scope
from store.ids import new_id
from tests.chaos.hosts import Host, hosts
from tests.chaos.many_servers import (
    SITE,
    papers,
    start_pooler,
    start_postgres,
    start_proxy,
    start_redis,
    trusted,
)
from tests.support.drill import POTTERIES
from tests.support.invariants import violations
from tests.support.outages import prepare
from tests.support.people import PASSWORD, person
from tests.support.providers import Providers, providers
from tests.support.servers import APP_SECRET, change, rows, temporary_layout
from tests.support.workers import eventually

_PROGRAMS = ("ip", "unshare", "nginx", "pgbouncer")
_NUMBERS = {
    "data": 2,
    "edge": 3,
    "client": 4,
    "web1": 11,
    "web2": 12,
    "worker1": 21,
    "worker2": 22,
    "worker3": 23,
}
_WORKERS = ("worker1", "worker2", "worker3")
_ORDERS, _LOST = 6, 2
_INSIDE = "DRILL_IS_INSIDE"
_KEPT_LOGS = Path("artifacts") / "many-hosts"
_MANAGE = str(settings.PROJECT_ROOT / "manage.py")


@dataclass
class Company:
    """The installation, its hosts, and whom its providers are."""

    url: str
    hosts: dict[str, Host]
    stand_in: Providers
    environment: dict[str, str]

    def holders(self) -> dict[str, str]:
        """Which host runs which campaign's job now."""
        query = (
            "select j.id, w.host from discovery_jobs j join workers w on w.name = j.lease_owner"
            " where j.ended_at is null and j.lease_until > now()"
        )
        return {str(job): str(host) for job, host in rows(self.url, query)}

    def alive(self) -> int:
        """Workers that said within five seconds that they live."""
        query = "select count(*) from workers where seen_at > now() - interval '5 seconds'"
        return int(str(rows(self.url, query)[0][0]))

    def open(self) -> int:
        """Campaigns that have not ended."""
        return int(str(rows(self.url, "select count(*) from campaigns where ended_at is null")[0][0]))


def main() -> None:
    """Run the drill and print what was seen; exit code 1 when a promise was broken."""
    lacking = [name for name in _PROGRAMS if not shutil.which(name)]
    if not (shutil.which("valkey-server") or shutil.which("redis-server")):
        lacking.append("valkey-server")
    if os.geteuid() != 0 or lacking:
        typer.echo(f"This takes root, and the programs {', '.join(lacking or _PROGRAMS)}.", err=True)
        raise typer.Exit(2)
    if _INSIDE not in os.environ:
        argv = ["unshare", "--net", sys.executable, "-m", "tests.chaos.many_hosts"]
        os.execvpe(argv[0], argv, {**os.environ, _INSIDE: "yes", "WAIT_TIMEOUT_S": "300"})  # noqa: S606
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with _company(folder) as company:
                broken = _played(company)
        finally:
            _KEPT_LOGS.mkdir(parents=True, exist_ok=True)
            for log in folder.glob("*.log"):
                shutil.copy(log, _KEPT_LOGS)
    for promise in broken:
        typer.echo(promise)
    raise typer.Exit(1 if broken else 0)


def _played(company: Company) -> list[str]:
    for name in ("web1", "web2"):
        eventually(partial(_answers, company.hosts[name]), f"{name} answers")
    eventually(lambda: company.alive() == len(_WORKERS), "three workers")
    broken = _checked(company, "with every host")
    began = _all_at_work(company)
    before = company.holders()
    company.hosts["worker1"].cut()
    company.hosts["worker2"].freeze()
    company.hosts["web1"].cut()
    cut = time.monotonic()
    typer.echo(
        f"{_ORDERS} paid campaigns ordered; worker1 cut off, worker2 frozen, web1 cut off after {cut - began:.1f} s"
    )
    lost = {job for job, host in before.items() if not host.endswith("worker3")}
    eventually(lambda: _taken_over(company, lost), "what was interrupted goes on at the third worker")
    typer.echo(f"{len(lost)} interrupted campaigns went on after {time.monotonic() - cut:.1f} s")
    broken += _checked(company, "with three hosts away")
    eventually(lambda: not company.open(), "the end of every campaign")
    typer.echo(f"all ended after {time.monotonic() - cut:.1f} s, by one worker")
    company.hosts["worker2"].thaw()
    for name in ("worker1", "web1"):
        company.hosts[name].plug()
    eventually(lambda: company.alive() == len(_WORKERS), "three workers again")
    typer.echo("those that came back work again")
    _all_at_work(company)
    eventually(lambda: not company.open(), "the end of every campaign")
    broken += _checked(company, "with every host again")
    bill = company.stand_in.bill()
    broken += violations(company.url, bill, _LOST)
    ends = rows(
        company.url, "select status, count(*) from campaigns where deleted_at is null group by 1 order by 1"
    )
    typer.echo(f"campaigns: {', '.join(f'{number} {status}' for status, number in ends)}")
    typer.echo(f"{len(bill)} answers billed, violations {len(broken)}")
    return broken


def _answers(host: Host) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://{host.address}:8501/healthz").is_success
    return False


def _all_at_work(company: Company) -> float:
    """Order campaigns of people who know no contact yet, and wait until every worker has one; returns when it began."""
    began = time.monotonic()
    change(company.url, "truncate provider_cache")
    for _ in range(_ORDERS):
        campaigns.submit(person(f"owner-{new_id()}"), POTTERIES, str(new_id()))
    eventually(lambda: len(set(company.holders().values())) == len(_WORKERS), "every worker at work")
    return began


def _taken_over(company: Company, lost: set[str]) -> bool:
    now = company.holders()
    ended = {
        str(job) for (job,) in rows(company.url, "select id from discovery_jobs where ended_at is not null")
    }
    return all(job in ended or now.get(job, "").endswith("worker3") for job in lost)


def _checked(company: Company, when: str) -> list[str]:
    """deploy-check by a host of the network, through the proxy; what it found wrong."""
    done = company.hosts["client"].run(
        [sys.executable, _MANAGE, "deploy-check", f"https://{SITE}"], company.environment
    )
    typer.echo(f"deploy-check {when}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return [] if done.returncode == 0 else [f"deploy-check {when} found something wrong"]


@contextmanager
def _company(folder: Path) -> Iterator[Company]:
    folder.chmod(0o755)
    options = ("--synthetic", "200", "--no-limited", "--latency", "hunter=0.3", "--host", "10.0.0.1")
    with (
        hosts(folder, **_NUMBERS) as network,
        temporary_layout(folder / "data") as layout,
        providers(*options) as stand_in,
    ):
        server = Postgres(layout)
        server.create()
        authority = trustme.CA()
        data, edge = network["data"], network["edge"]
        at_data = papers(folder / "papers-data", authority, data.address)
        start_postgres(data, server)
        redis_url = start_redis(data, at_data)
        os.environ |= {
            **stand_in.settings(),
            "DATABASE_URL": server.url(),
            "REDIS_URL": redis_url,
            "APP_SECRET": APP_SECRET,
            "DATA_DIR": str(folder),
        }
        prepare()
        catalogue.ensure_first_fill()
        shared = {
            **stand_in.settings(),
            "DATABASE_URL": start_pooler(data, at_data),
            "REDIS_URL": redis_url,
            "APP_SECRET": APP_SECRET,
            "PUBLIC_URL": f"https://{SITE}",
            "SECURE_COOKIE": "true",
            "FORWARDED_ALLOW_IPS": edge.address,
        }
        _start(network, shared)
        start_proxy(edge, papers(folder / "papers-edge", authority, SITE))
        network["client"].knows(SITE, edge.address)
        yield Company(server.url("postgres"), network, stand_in, _asking(folder, at_data.authority))


def _start(network: Mapping[str, Host], shared: Mapping[str, str]) -> None:
    for name, host in network.items():
        environment = {**shared, "DATA_DIR": str(host.folder), "WEB_HOST": host.address}
        if name.startswith("web"):
            host.start([sys.executable, _MANAGE, "serve", "--wait", "60"], environment)
        elif name in _WORKERS:
            host.start([sys.executable, _MANAGE, "worker", "--wait", "60"], environment)


def _asking(folder: Path, authority: Path) -> dict[str, str]:
    """What deploy-check is told: the keys of two workspaces, an account, and whom to trust."""
    boss, other = person("boss", is_admin=True), person("other")
    return {
        "PROSPECTPRO_KEY": api_keys.create(boss, "Check", Scope.ADMIN, 1),
        "PROSPECTPRO_OTHER_KEY": api_keys.create(other, "Check", Scope.SUBMIT, 1),
        "PROSPECTPRO_EMAIL": boss.email,
        "PROSPECTPRO_PASSWORD": PASSWORD,
        "SSL_CERT_FILE": str(trusted(authority, folder)),
    }


if __name__ == "__main__":
    typer.run(main)
