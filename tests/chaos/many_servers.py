"""The servers a company has between hosts: Postgres behind PgBouncer, Redis or Valkey, and nginx with
deploy/nginx.conf; whoever comes from another host comes by TLS."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

import trustme

import settings
from embedded.account import service_account
from embedded.postgres import DATABASE, OWNER, Postgres
from store.database import Role, password_for
from store.role_names import named
from tests.chaos.hosts import Host

SITE = "prospectpro.example.com"
_POOLER_PORT, _REDIS_PORT, _REDIS_PASSWORD = 6432, 6379, "a password of the drill"
_TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class Papers:
    """An authority and what it signed for one host: files that the account Postgres runs as can read."""

    authority: Path
    certificate: Path
    key: Path


def papers(folder: Path, authority: trustme.CA, *names: str) -> Papers:
    """Certificate and key for these names and addresses."""
    folder.mkdir()
    made = Papers(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
    signed = authority.issue_cert(*names)
    authority.cert_pem.write_to_path(made.authority)
    signed.private_key_pem.write_to_path(made.key)
    for blob in signed.cert_chain_pems:
        blob.write_to_path(made.certificate, append=True)
    made.key.chmod(0o600)
    if account := service_account():
        for path in (folder, made.authority, made.certificate, made.key):
            os.chown(path, account.pw_uid, account.pw_gid)
    return made


def start_postgres(host: Host, server: Postgres) -> None:
    """Postgres, for its own host alone: the one that comes along speaks no TLS."""
    host.start(server.start_command(parent=str(os.getpid()), listen_addresses="127.0.0.1"))
    server.bootstrap()


def start_pooler(host: Host, signed: Papers) -> str:
    """PgBouncer in transaction mode; returns the address of the database by it, without a password."""
    account = service_account() or pwd.getpwuid(os.geteuid())
    users = host.folder / "users.txt"
    users.write_text("".join(f'"{named(role)}" "{password_for(role)}"\n' for role in Role))
    config = host.folder / "pgbouncer.ini"
    config.write_text(
        f"[databases]\n{DATABASE} = host=127.0.0.1 port=5432\n[pgbouncer]\n"
        f"listen_addr = {host.address}\nlisten_port = {_POOLER_PORT}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {users}\npool_mode = transaction\n"
        "ignore_startup_parameters = options,extra_float_digits\nmax_client_conn = 500\ndefault_pool_size = 20\n"
        f"client_tls_sslmode = require\nclient_tls_cert_file = {signed.certificate}\n"
        f"client_tls_key_file = {signed.key}\ntcp_keepalive = 1\ntcp_keepidle = 5\n"
        "tcp_keepintvl = 2\ntcp_keepcnt = 3\n"
    )
    for path in (host.folder, users, config):
        os.chown(path, account.pw_uid, account.pw_gid)
    host.start(["pgbouncer", "-q", *(["-u", account.pw_name] if os.geteuid() == 0 else []), config])
    query = f"sslmode=verify-full&sslrootcert={signed.authority}"
    return f"postgresql://{OWNER}@{host.address}:{_POOLER_PORT}/{DATABASE}?{query}"


def start_redis(host: Host, signed: Papers) -> str:
    """Valkey or Redis, by TLS and with a password; returns its address."""
    program = shutil.which("valkey-server") or shutil.which("redis-server") or ""
    config = host.folder / "redis.conf"
    config.write_text(
        f'port 0\ntls-port {_REDIS_PORT}\nbind {host.address}\nrequirepass "{_REDIS_PASSWORD}"\n'
        f"tls-cert-file {signed.certificate}\ntls-key-file {signed.key}\ntls-ca-cert-file {signed.authority}\n"
        f'tls-auth-clients no\ndir {host.folder}\nsave ""\nmaxmemory-policy noeviction\n'
    )
    host.start([program, config])
    password = _REDIS_PASSWORD.replace(" ", "%20")
    return f"rediss://:{password}@{host.address}:{_REDIS_PORT}/0?ssl_ca_certs={signed.authority}"


def start_proxy(host: Host, signed: Papers) -> None:
    """nginx with the file of deploy/, but for where certificate and logs are."""
    site = (settings.PROJECT_ROOT / "deploy" / "nginx.conf").read_text()
    for there, here in {
        "/etc/ssl/prospectpro.pem": signed.certificate,
        "/etc/ssl/prospectpro.key": signed.key,
        "/var/log/nginx/prospectpro.log": host.folder / "access.log",
    }.items():
        site = site.replace(there, str(here))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {host.folder}/{kind};\n" for kind in kinds)
    config = host.folder / "nginx.conf"
    config.write_text(
        f"user root;\ndaemon off;\npid {host.folder}/pid;\nevents {{}}\nhttp {{\n{places}{site}}}\n"
    )
    host.start(["nginx", "-e", "stderr", "-c", config])


def trusted(authority: Path, folder: Path) -> Path:
    """The machine's certificates and the drill's."""
    both = folder / "trusted.pem"
    known = _TRUSTED.read_text() if _TRUSTED.exists() else ""
    both.write_text(known + authority.read_text())
    return both
