"""The settings of an installation, as where it lives and its servers. ``settings`` adds the others and reads them."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.network.proxy import proxy_of

PROJECT_ROOT = Path(__file__).resolve().parent


class InstallationSettings(BaseSettings):
    """Frozen: a process reads them once."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(
        default=PROJECT_ROOT / "var",
        description="Folder of this installation's embedded databases, logs and secrets.",
    )
    web_host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    web_port: int = Field(
        default=8501, ge=0, le=65535, description="Port of the web server; 0 picks a free one."
    )
    public_url: str = Field(
        default="", description="Address people use to reach the application, when a proxy stands in front."
    )
    allowed_hosts: str = Field(
        default="",
        description="Further names people reach the web server by, parted by commas; addresses in digits and localhost"
        " need none.",
    )
    otel_exporter_otlp_endpoint: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="Server that takes traces (OTLP over HTTP), as http://localhost:4318; empty makes none.",
    )
    worker_count: int = Field(
        default=2, ge=1, le=32, description="How many campaign workers `make run` starts."
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="Postgres of the owner role; set it to use your own server instead of the embedded one.",
    )
    database_url_web: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_web; derived from DATABASE_URL when empty."
    )
    database_url_worker: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_worker; derived from DATABASE_URL when empty."
    )
    database_url_system: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_system; derived from DATABASE_URL when empty."
    )
    database_url_admin: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_admin; derived from DATABASE_URL when empty."
    )
    database_url_importer: SecretStr = Field(
        default=SecretStr(""),
        description="Postgres as role pp_importer; derived from DATABASE_URL when empty.",
    )
    database_url_operator: SecretStr = Field(
        default=SecretStr(""),
        description="Postgres as role pp_operator, of commands; derived from DATABASE_URL when empty.",
    )
    database_url_backup: SecretStr = Field(
        default=SecretStr(""),
        description="Postgres as a role with BYPASSRLS that may read all, for backups; the embedded one needs none.",
    )
    backup_passphrase: SecretStr = Field(
        default=SecretStr(""),
        description="What backups are encrypted with, at least 16 characters; empty leaves them readable.",
    )
    role_prefix: str = Field(
        default="pp_",
        pattern=r"^[a-z][a-z0-9_]{0,30}$",
        description="What the names of the database roles begin with; installations on one Postgres server need one"
        " each.",
    )
    redis_url: SecretStr = Field(
        default=SecretStr(""),
        description="Redis or Valkey; set it to use your own server instead of the embedded one.",
    )
    app_secret: SecretStr = Field(
        default=SecretStr(""),
        description="At least 32 random characters; the passwords of the database roles are derived from it.",
    )
    lease_s: int = Field(
        default=8,
        ge=2,
        le=300,
        description="Seconds after which a campaign whose worker fell silent is taken over by another one.",
    )
    campaign_minutes: int = Field(
        default=60,
        ge=1,
        le=1440,
        description="Minutes a campaign may run; then it ends with what it has found.",
    )
    waiting_hours: int = Field(
        default=24, ge=1, le=720, description="Hours a campaign waits for a worker before it ends as failed."
    )
    session_hours: int = Field(
        default=168, ge=1, le=8760, description="Hours until a person has to sign in again."
    )
    session_idle_hours: int = Field(
        default=72, ge=1, le=8760, description="Hours without use after which a person has to sign in again."
    )
    hashes_at_once: int = Field(
        default=2,
        ge=1,
        le=64,
        description="How many passwords a web server checks at the same time; each takes 19 MiB and one core.",
    )
    hashes_waiting: int = Field(
        default=20,
        ge=0,
        le=1000,
        description="How many more wait for that, at most 5 seconds; others are asked to try again.",
    )
    secure_cookie: bool = Field(
        default=False, description="Send the session cookie over HTTPS only; set it behind a TLS proxy."
    )
    simulated: bool = Field(
        default=False, description="Say on every page that contacts are simulated; `make demo` sets it."
    )
    dns_server: str = Field(
        default="", description="Name server for mail checks, as address:port; empty takes the machine's own."
    )
    operator_contact: str = Field(
        default="",
        max_length=200,
        description="Address or URL of the operator, sent in the User-Agent to OpenStreetMap and websites.",
    )
    outbound_proxy: SecretStr = Field(
        default=SecretStr(""),
        description="Proxy that leads out of your network, as http://proxy.example.com:3128; empty asks directly.",
    )
    request_head_kb: int = Field(
        default=16, ge=4, le=256, description="Largest head of a request, cookies included, in KiB."
    )
    request_body_kb: int = Field(
        default=64, ge=16, le=102400, description="Largest body of a request that is no upload, in KiB."
    )
    head_s: int = Field(
        default=10, ge=1, le=300, description="Seconds within which the head of a request has to arrive."
    )
    body_s: int = Field(
        default=60, ge=1, le=3600, description="Seconds within which the body of a request has to arrive."
    )
    connections: int = Field(
        default=1000,
        ge=10,
        le=100000,
        description="Connections the web server keeps open, streams of pages aside.",
    )
    connections_per_address: int = Field(
        default=128, ge=4, le=100000, description="The same for one address that is no proxy of yours."
    )
    requests_per_address: int = Field(
        default=64, ge=4, le=100000, description="Requests of one address that are answered at the same time."
    )
    api_requests_per_minute: int = Field(
        default=600,
        ge=1,
        le=1000000,
        description="Requests of one API key that are answered within a minute.",
    )
    streams: int = Field(default=500, ge=1, le=100000, description="Pages that may be open at the same time.")
    streams_per_person: int = Field(
        default=20, ge=1, le=1000, description="Pages that one person may have open at the same time."
    )
    stream_message_kb: int = Field(
        default=1024, ge=64, le=102400, description="Largest message of an open page to the server, in KiB."
    )
    upload_mb: int = Field(default=12, ge=1, le=200, description="Largest file to upload, in MiB.")
    uploads_mb: int = Field(
        default=25, ge=1, le=2000, description="Files one signed-in session may have uploaded in all, in MiB."
    )
    guest_campaigns: int = Field(
        default=0,
        ge=0,
        le=100,
        description="Campaigns a guest, somebody without an account, may run free of charge; 0 lets no guests in. These"
        " four are read when the database is migrated, as at each start.",
    )
    guest_leads: int = Field(
        default=25, ge=1, le=1000, description="Leads that one campaign of a guest asks for at most."
    )
    guest_days: int = Field(
        default=7,
        ge=1,
        le=90,
        description="Days until everything of a guest who has not signed up is removed.",
    )
    guests_per_network: int = Field(
        default=5,
        ge=1,
        le=10000,
        description="Guests let in a day from one address, of IPv6 from one network of 64 bits.",
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days after which history, messages and bodies of answers of ended campaigns are removed.",
    )
    lead_retention_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        description="Days after which the leads of ended campaigns are removed; 0 keeps them until they are deleted.",
    )
    export_hours: int = Field(
        default=24,
        ge=1,
        le=168,
        description="Hours for which a large file of leads that was made waits for its maker; then it is removed.",
    )
    audit_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        description="Days after which notes of who did what (the page Audit) are removed.",
    )

    @field_validator("outbound_proxy")
    @classmethod
    def _is_a_proxy(cls, address: SecretStr) -> SecretStr:
        proxy_of(address.get_secret_value())
        return address

    @field_validator("role_prefix")
    @classmethod
    def _is_free(cls, prefix: str) -> str:
        if prefix.startswith("pg_"):
            raise ValueError("cannot begin with pg_, which Postgres keeps for itself")
        return prefix

    @field_validator("data_dir", mode="before")
    @classmethod
    def _as_absolute(cls, folder: str | Path) -> Path:
        """Whatever folder a command is typed in, the same installation is meant."""
        try:
            (path := PROJECT_ROOT / Path(folder).expanduser()).exists()
        except (OSError, RuntimeError) as error:
            raise ValueError(f"cannot be a folder ({getattr(error, 'strerror', error)})") from None
        return path
