"""A file of Parquet on a server, of which only what is wanted is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq

from pipeline.causes import Cause
from pipeline.errors import SourceError


@dataclass(frozen=True, slots=True)
class Remote:
    """Where it is on the server, its size in bytes, and when it was written; ``owner`` is what people call the
    server."""

    owner: str
    path: str
    size: int
    written_at: datetime | None
    server: pa.fs.FileSystem = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """Without the folders it lies in."""
        return self.path.rpartition("/")[2]

    def __str__(self) -> str:
        return self.path

    @contextmanager
    def opened(self) -> Iterator[pq.ParquetFile]:
        """The file, to be read in parts. Raises SourceError when the server does not go on giving them."""
        try:
            # What lies together is asked for at once: each question takes long, however little it is about.
            with pq.ParquetFile(self.path, filesystem=self.server, pre_buffer=True) as file:
                yield file
        except pa.ArrowInvalid:
            raise
        except OSError as error:
            raise unanswered(self.owner) from error


def unanswered(owner: str) -> SourceError:
    """Nobody answers there, or not to the end."""
    return SourceError(Cause.UNREACHABLE, owner)
