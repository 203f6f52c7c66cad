"""Documents that name what exists, and name all of it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

import manage
from bench.documents import Kind, kinds
from jobs.duties import DUTIES
from pipeline.campaign import Stage
from pipeline.causes import Cause, sentence
from pipeline.health.rules import RULES
from pipeline.lead import EmailStatus, StepOutcome
from pipeline.output.export_formats import formats
from pipeline.output.export_presets import presets
from pipeline.output.provider_pages import frame
from pipeline.providers.registry import registry
from services import permissions
from settings import Settings, model
from tests.pipeline.test_export import ABOUT, ROW
from tests.support.plugins import added_plugin
from ui.duty_words import schedule
from ui.words import EMAIL_STATUS, STATUS, STEP_OUTCOME

ROOT = Path(__file__).resolve().parent.parent


def text(name: str) -> str:
    return (ROOT / name).read_text()


def commands() -> frozenset[str]:
    return manage.names(manage.application())


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_all_of_a_kind_is_documented_and_nothing_else(kind: Kind) -> None:
    assert kind.there
    assert kind.told == kind.there


def test_the_words_of_states_and_causes_are_documented() -> None:
    guide = text("docs/guide.md")
    for status, (words, _) in STATUS.items():
        assert f"| `{status}` | {words} |" in guide
    for email, said in EMAIL_STATUS.items():
        assert f"| `{email}` | {said} |" in guide
    for outcome, (words, _) in STEP_OUTCOME.items():
        assert f"| `{outcome}` | {words} |" in guide
    for cause in Cause:
        assert f"| `{cause}` | {sentence(cause, '…', '…')} |" in text("docs/causes.md")


def test_how_often_a_duty_is_done_is_documented() -> None:
    for duty in DUTIES:
        told = f"| `{duty.name}` | {duty.label} | {schedule(duty.every_s).lower()} |"
        assert told in text("docs/operations.md")


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_file_to_copy(name: str) -> None:
    assert f"#{name}=" in text(".env.example")


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_the_default_of_every_setting_is_documented(name: str) -> None:
    default = Settings.model_fields[name].default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    told = str(default).removeprefix(f"{ROOT}/")
    told = told.lower() if isinstance(default, bool) else told
    written = f"`{told}`" if told else "(empty)"
    assert f"| `{name.upper()}` | {written} |" in text("docs/settings.md")


def test_streamlit_takes_as_large_a_file_as_the_settings_do() -> None:
    taken = tomllib.loads(text(".streamlit/config.toml"))["server"]["maxUploadSize"]
    assert taken == Settings.model_fields["upload_mb"].default


@pytest.mark.parametrize("key", list(registry().providers))
def test_every_provider_has_a_page_that_says_all_it_declares(key: str) -> None:
    spec, page = registry().providers[key], text(f"docs/providers/{key}.md")
    assert page.startswith(f"# {spec.label}\n")
    assert f"`{key}`" in page or not spec.operations
    assert spec.terms.url in page
    for line in frame(spec).splitlines():
        assert line.startswith(("kind:", "Terms:")) or line in page


def test_a_setting_in_the_file_to_copy_exists() -> None:
    named = set(re.findall(r"^#([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    assert named <= {name.upper() for name in model().model_fields}


def test_the_formats_of_exports_are_documented_with_their_endings() -> None:
    documented = re.findall(r"^\| (\w+) \| `\.(\w+)` \|", text("docs/exports.md"), re.MULTILINE)
    assert documented == [(format.label, format.extension) for format in formats().values()]


def test_the_presets_of_exports_are_documented_with_their_columns() -> None:
    told = text("docs/exports.md")
    words = " ".join(told.split())
    for preset in presets().values():
        missing = [heading for heading in preset.headings if heading not in words]
        assert not missing, preset.key


def test_the_plugin_of_the_documents_works(tmp_path: Path) -> None:
    (source,) = re.findall(r"```python\n(.+?)```", text("docs/plugins.md"), re.DOTALL)
    with added_plugin(tmp_path, "json_lines", source):
        format = formats()["json_lines"]
    assert [json.loads(line)["Name"] for line in format.write([ROW, ROW], ABOUT).splitlines()] == [
        ROW.name
    ] * 2


def test_the_table_of_rights_is_documented() -> None:
    heads = ("right", *(standing.value for standing in permissions.Standing))
    lines = [heads, ("---",) * len(heads), *permissions.in_a_table()]
    written = [line for line in text("docs/roles.md").splitlines() if line.startswith("|")]
    assert [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in written] == lines


def test_the_rules_of_health_are_documented_and_no_others() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|$", text("docs/operations.md"), re.MULTILINE)
    assert dict(rows) == dict(RULES)


@pytest.mark.parametrize(
    "reported",
    [
        "A campaign stays pending",
        "The live page does not move",
        "A campaign is stuck at a percentage",
        "A campaign completes with 0 leads",
    ],
)
def test_the_runbook_says_where_to_look_when_people_report_something(reported: str) -> None:
    said = text("docs/runbook.md").partition(f"### {reported}\n")[2].partition("\n### ")[0]
    assert re.search(r"```sql|the query above|\*Providers\*|own-servers\.md", said)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_is_documented_with_its_share(stage: Stage) -> None:
    start, end = stage.percent
    assert f"| `{stage}` | {start}–{end} |" in text("docs/architecture.md")
    assert f"| {stage.label} | {end} % |" in text("docs/guide.md")


@pytest.mark.parametrize("word", [*EmailStatus, *StepOutcome])
def test_every_status_of_a_contact_is_documented(word: str) -> None:
    assert f"`{word}`" in text("docs/glossary.md")


DOCUMENTS = sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


# What the environment of a process, a target or an example is told, and what a provider answers.
NO_SETTINGS = {
    *(
        "PROSPECTPRO_URL",
        "PROSPECTPRO_KEY",
        "PROSPECTPRO_EXPORT_SECRET",
        "SSL_CERT_FILE",
        "FORWARDED_ALLOW_IPS",
        "HTTPS_PROXY",
        "SOAK_MIN",
        "OTHER_TOKEN",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "OTEL_SERVICE_NAME",
    ),
    *("BACKUP_NAME", "PLACE_SECRET", "INVALID_ARGUMENT"),
}


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "CHANGELOG.md"])
def test_a_document_names_settings_and_commands_that_exist(name: str) -> None:
    found = re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`", text(name))
    settings = {field.upper() for field in model().model_fields} | NO_SETTINGS
    assert {each for each in found if not each.startswith("EXAMPLE_")} <= settings
    assert set(re.findall(r"manage\.py[ \n]([a-z][a-z-]+)", text(name))) <= commands()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text(name)):
        assert ((ROOT / name).parent / target).exists(), target


def test_no_change_is_told_twice() -> None:
    changes = re.findall(r"^- .*(?:\n  .*)*", text("CHANGELOG.md"), re.M)
    assert len(changes) == len({*changes})


def test_the_newest_version_is_that_of_the_project() -> None:
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", text("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert versions == sorted(
        versions, key=lambda version: [int(part) for part in version.split(".")], reverse=True
    )
    headings = re.findall(r"^## \[(.+?)\]", text("CHANGELOG.md"), re.MULTILINE)
    assert [heading for heading in headings if heading != "Unreleased"] == versions


NAMING_TARGETS = (
    "README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/durability.md", ".github/workflows/ci.yml",
    ".github/pull_request_template.md", ".github/ISSUE_TEMPLATE/bug.yml", ".pre-commit-config.yaml", "SECURITY.md",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMING_TARGETS)
def test_every_target_that_is_named_exists(name: str) -> None:
    named = set(re.findall(r"(?:`|: |^)make ([a-z-]+)", text(name), re.MULTILINE))
    assert named
    assert named <= set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))


def test_every_target_is_told_at_the_head_of_the_makefile() -> None:
    (declared,) = re.findall(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    head = text("Makefile").partition("\n\n")[0]
    internal = {"lint", "types", "chromium"}
    assert set(declared.split()) - internal == set(re.findall(r"make ([a-z-]+)", head))


PROMISE = " ".join(re.sub(r"^ *> ", "", text("README.md"), flags=re.MULTILINE).split())
HELD = re.findall(r"^\| (.+?) \| `(tests/\S+)::(\w+)` \|$", text("docs/durability.md"), re.MULTILINE)


@pytest.mark.parametrize(("words", "path", "test"), HELD)
def test_each_word_of_the_promise_is_held_by_a_test(words: str, path: str, test: str) -> None:
    assert words in PROMISE
    assert f"def {test}(" in text(path)


def test_no_word_of_the_promise_is_left_out() -> None:
    begin = PROMISE.index("Kill any process")
    left = PROMISE[begin : PROMISE.index(".", begin)]
    for words in sorted({words for words, _, _ in HELD}, key=len, reverse=True):
        left = left.replace(words, "")
    assert re.sub(r"[,:; ]", "", left) == "so"
