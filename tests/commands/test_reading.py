"""Every command that reads a file says calmly, and by its name, what cannot be read."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

import manage
from services.identity import Person
from tests.commands.test_sent_files import owner as owner

_READING = (
    ("bulk", "plan"),
    ("campaign", "--dry-run", "--list"),
    ("suppress", "--csv"),
    ("restore", "--check"),
    ("backup", "BACKUP", "--passphrase-file"),
    ("import-places",),
    ("import-prh", "GOOD"),
    ("import-companies-house", "GOOD", "--postcodes"),
)
_BYTES = bytes(range(256)) * 20


def test_what_a_command_cannot_read_is_told_by_its_name(owner: Person, tmp_path: Path) -> None:
    good, backup = tmp_path / "good.txt", tmp_path / "backup"
    good.write_text("a line")
    named = {"GOOD": str(good), "BACKUP": str(backup)}
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.csv").touch()
    (tmp_path / "bytes.txt").write_bytes(_BYTES)
    told = {
        "none.csv": "none.csv does not exist.",
        "folder.csv": "folder.csv is a folder.",
        "empty.csv": "empty.csv is empty.",
        "bytes.txt": "",
    }
    app, terminal = manage.application(), CliRunner()
    for command in _READING:
        for name, said in told.items():
            words = [named.get(word, word) for word in command]
            done = terminal.invoke(app, [*words, str(tmp_path / name)])
            assert (done.exit_code, said in done.stderr) == (1, True), (command, done.output, done.exception)
            for rough in ("The machine refused", "“”", "Read as .", "Traceback"):
                assert rough not in done.stderr, (command, done.stderr)
    nowhere = terminal.invoke(app, ["backup", str(tmp_path / "none" / "backup")])
    assert f"There is no folder {tmp_path / 'none'} to write backup to." in nowhere.stderr
    assert not backup.exists()
