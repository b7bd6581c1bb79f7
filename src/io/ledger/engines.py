"""Where the ledger is: SQLite, or PostgreSQL. Both have the same table, which is made when it is first opened."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..secret import Address
from .entry import COLUMNS, Entry

TABLE: Final = "dragoman_requests"
VERSION: Final = 1
_TYPES: Final = {int: "BIGINT NOT NULL", float: "DOUBLE PRECISION NOT NULL", str: "TEXT NOT NULL"}
_NULLABLE: Final = {float | None: "DOUBLE PRECISION", str | None: "TEXT"}
_DEFINITIONS: Final = ", ".join(
    f"{name} {(_TYPES | _NULLABLE)[kind]}{' PRIMARY KEY' * (name == 'id')}" for name, kind in COLUMNS.items()
)
# A later version has more columns, at the end. They are added to a table that is there, with nothing in them, so that
# gateways of the version before go on writing it, for as long as both run: that is no other schema.
_ADDED: Final = {name: (_TYPES | _NULLABLE)[kind] + " DEFAULT 0" * (kind is int) for name, kind in COLUMNS.items()}
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS dragoman_ledger (version BIGINT NOT NULL)",
    f"CREATE TABLE IF NOT EXISTS {TABLE} ({_DEFINITIONS})",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_time ON {TABLE} (time)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_key_time ON {TABLE} (key, time)",
    f"INSERT INTO dragoman_ledger SELECT {VERSION} WHERE NOT EXISTS (SELECT 1 FROM dragoman_ledger)",  # noqa: S608 - our own
)
# What a column has where an entry says nothing, in SQL; the table has no defaults. Others are NULL.
_NOTHING: Final = {name: {int: "0", float: "0.0", str: "''"}[kind] for name, kind in COLUMNS.items() if kind in _TYPES}
_STATEMENTS_KEPT: Final = 256
# One number that all gateways take, so that one of them makes the table.
_LOCK: Final = 0x647261676F6D616E
# What an engine may take before it is taken for away.
_SECONDS: Final = 5


@lru_cache(_STATEMENTS_KEPT)
def _insert(columns: tuple[str, ...]) -> str:
    """The statement that writes entries that have something in these columns."""
    others = [name for name in _NOTHING if name not in columns]
    values = ["?"] * len(columns) + [_NOTHING[name] for name in others]
    return (
        f"INSERT INTO {TABLE} ({', '.join([*columns, *others])}) "  # noqa: S608 - words of our own
        f"VALUES ({', '.join(values)}) ON CONFLICT (id) DO NOTHING"
    )


class LedgerError(Exception):
    """The ledger cannot be used. The message has no password in it.

    Attributes:
        refused: whether the engine is there and will not have these entries, however often they are offered.
    """

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class Engine(ABC):
    """A connection to the place of a ledger, made when it is needed. One thread at a time may use it."""

    def __init__(self) -> None:
        self._connection: Any = None

    @property
    @abstractmethod
    def place(self) -> str:
        """Where it is, in words without a secret."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Write entries, all of them or none. What is there already is left as it is.

        Raises:
            LedgerError: they are not written, or nobody knows.
        """
        rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for columns, values in entries:
            rows.setdefault(columns, []).append(values)
        with self._used() as connection:
            cursor = connection.cursor()
            for columns, some in rows.items():
                cursor.executemany(self._words(_insert(columns)), some)

    def rows(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """The rows that a statement finds; its values stand where it has ``?``.

        Raises:
            LedgerError: it cannot be asked.
        """
        with self._used() as connection:
            found: list[Any] = connection.cursor().execute(self._words(statement), values).fetchall()
            return found

    def open(self) -> None:
        """Make the table where there is none.

        Raises:
            LedgerError: the place cannot be used.
        """
        with self._used():
            pass

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except self._faults():
                return

    @property
    @abstractmethod
    def day(self) -> str:
        """The day of an entry, in SQL."""

    @abstractmethod
    def again(self) -> "Engine":
        """Another connection to the same place."""

    @abstractmethod
    def _connect(self) -> Any: ...

    @abstractmethod
    def _faults(self) -> tuple[type[Exception], ...]: ...

    @abstractmethod
    def _fault(self, error: Exception) -> LedgerError: ...

    def _words(self, statement: str) -> str:
        return statement

    @contextmanager
    def _used(self) -> Iterator[Any]:
        """The connection within a transaction. After a fault it is closed: the next use makes another one."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._connection.transaction() if hasattr(self._connection, "transaction") else self._connection:
                yield self._connection
        except self._faults() as error:
            self.close()
            raise self._fault(error) from None
        except LedgerError:
            self.close()
            raise

    def _prepare(self, connection: Any) -> None:
        for statement in _SCHEMA:
            connection.execute(statement)
        for name in self._missing(connection):
            connection.execute(f"ALTER TABLE {TABLE} ADD COLUMN {name} {_ADDED[name]}")
        (version,) = connection.execute("SELECT version FROM dragoman_ledger").fetchone()
        if version > VERSION:
            raise LedgerError(f"it was made by a later version of dragoman (its schema is {version}, not {VERSION})")

    def _missing(self, connection: Any) -> list[str]:
        """The columns that the table of an older gateway does not have yet."""
        there = {column[0] for column in connection.execute(f"SELECT * FROM {TABLE} LIMIT 0").description}  # noqa: S608
        return [name for name in COLUMNS if name not in there]


class Sqlite(Engine):
    """A file that the processes of one machine share.

    Args:
        path: of the file.
        writes: whether it is made where it is not there.
    """

    day = "date(time / 1000, 'unixepoch')"

    def __init__(self, path: Path, *, writes: bool = True) -> None:
        super().__init__()
        self._path = path
        self._writes = writes

    @property
    def place(self) -> str:
        """See `Engine`."""
        return str(self._path)

    def again(self) -> "Sqlite":
        """See `Engine`."""
        return Sqlite(self._path, writes=self._writes)

    def _connect(self) -> Any:
        if not self._writes:
            if not self._path.is_file():
                raise LedgerError(f"there is no ledger at {self._path}: dragoman serve makes it")
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            return self._read_only(sqlite3.connect(address, uri=True, timeout=_SECONDS, check_same_thread=False))
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self._path, timeout=_SECONDS, check_same_thread=False)
        try:
            # What is committed outlives the process, however it ends; only a power cut may take the last second.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            self._prepare(connection)
            connection.commit()
        except BaseException:
            connection.close()
            raise
        return connection

    def _read_only(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """The same; a file of an older gateway, which is not changed, is shown with all columns."""
        try:
            table = "SELECT 1 FROM sqlite_master WHERE name = ?"
            if connection.execute(table, [TABLE]).fetchone() and (missing := self._missing(connection)):
                more = "".join(f", NULL AS {name}" for name in missing)
                connection.execute(f"CREATE TEMP VIEW {TABLE} AS SELECT *{more} FROM main.{TABLE}")  # noqa: S608 - our own
        except BaseException:
            connection.close()
            raise
        return connection

    def _faults(self) -> tuple[type[Exception], ...]:
        return sqlite3.Error, OSError

    def _fault(self, error: Exception) -> LedgerError:
        refused = isinstance(error, sqlite3.DataError | sqlite3.IntegrityError | sqlite3.ProgrammingError)
        words = error.strerror if isinstance(error, OSError) else str(error)
        return LedgerError(f"{self._path}: {words}", refused=refused)


class Postgresql(Engine):
    """A database that any number of machines share.

    Args:
        address: of the database.
    """

    day = "to_char(to_timestamp(time / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"

    def __init__(self, address: Address) -> None:
        super().__init__()
        self._address = address

    @property
    def place(self) -> str:
        """See `Engine`."""
        return str(self._address)

    def again(self) -> "Postgresql":
        """See `Engine`."""
        return Postgresql(self._address)

    def _connect(self) -> Any:
        import psycopg  # noqa: PLC0415 - an extra, and loaded where there is such a ledger

        connection = psycopg.connect(
            self._address.reveal(),
            autocommit=True,
            connect_timeout=_SECONDS,
            application_name="dragoman",
            tcp_user_timeout=_SECONDS * 1000,
        )
        try:
            with connection.transaction():
                connection.execute(f"SET statement_timeout = '{_SECONDS}s'")
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _words(self, statement: str) -> str:
        return statement.replace("?", "%s")

    def _faults(self) -> tuple[type[Exception], ...]:
        import psycopg  # noqa: PLC0415 - as above

        return psycopg.Error, OSError

    def _fault(self, error: Exception) -> LedgerError:
        import psycopg  # noqa: PLC0415 - as above

        words = " ".join(self._address.hide(str(error)).split())
        refused = isinstance(error, psycopg.DataError | psycopg.IntegrityError)
        return LedgerError(f"{self._address}: {words}", refused=refused)


def default_place(env: Mapping[str, str]) -> Path:
    """The file of a ledger that is not configured, in the user's state folder."""
    state = env.get("XDG_STATE_HOME", "")
    # The specification: paths that are not absolute are to be ignored.
    folder = Path(state) if state.startswith("/") else Path.home() / ".local" / "state"
    return folder / "dragoman" / "ledger.sqlite3"


def engine_of(address: Address | None, env: Mapping[str, str], *, writes: bool = True) -> Engine | None:
    """The engine of ``[server] ledger``; None when it is off. Nothing is opened yet."""
    if address is None:
        return Sqlite(default_place(env), writes=writes)
    if address.reveal() == "off":
        return None
    kind, _, place = address.reveal().partition(":")
    return Sqlite(Path(place), writes=writes) if kind == "sqlite" else Postgresql(address)
