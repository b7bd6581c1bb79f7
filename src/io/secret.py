"""Secrets: values that never show themselves, and where they come from."""

import re
from collections.abc import Mapping
from hmac import compare_digest
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

MASK = "****"
MAX_SECRET_FILE_BYTES = 65536
_HEADER_SAFE = re.compile(r"[!-~]+(?: [!-~]+)*")


class SecretError(Exception):
    """A secret cannot be had. The message names the variable or file, never the value."""


class Secret:
    """A string that is masked in ``repr``, ``str``, formatting and tracebacks; ``reveal`` gives the value.

    Attributes:
        source: where it came from, for people: ``env NAME``, ``file PATH`` or ``literal``.
    """

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str = "literal") -> None:
        self._value = value
        self.source = source

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK}, {self.source})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(Secret)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied into files.

        Raises:
            TypeError: always.
        """
        raise TypeError("a Secret is not pickled")


class Document(Secret):
    """A secret of many lines, such as a credentials file."""

    __slots__ = ()


class Address(Secret):
    """Where a store is, as a URL whose password alone is secret: the rest is shown."""

    __slots__ = ()

    @property
    def password(self) -> str | None:
        """The password as it stands in the URL, percent-encoded where it is."""
        try:
            parts = urlsplit(self._value)
        except ValueError:
            return None
        in_query = re.search(r"(?:^|&)(?:ssl)?password=([^&]*)", parts.query)
        return parts.password or (in_query[1] if in_query else None) or None

    def hide(self, text: str) -> str:
        """A text, such as an error of a driver, without the password."""
        if (password := self.password) is None:
            return text
        for form in (password, unquote(password)):
            text = text.replace(form, MASK)
        return text

    def __repr__(self) -> str:
        return f"Address({self}, {self.source})"

    def __str__(self) -> str:
        try:
            urlsplit(self._value)
        except ValueError:
            return MASK  # what is no URL may have its password anywhere
        return self.hide(self._value)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def resolve(reference: str, *, env: Mapping[str, str], base: Path) -> Secret:
    """The secret a configuration value refers to.

    Args:
        reference: ``env:NAME``, ``file:PATH`` (relative to ``base``), or the secret itself.
        env: the environment.
        base: the folder of the configuration file.

    Raises:
        SecretError: an unset variable, an unreadable file, or a value that no HTTP header can carry.
    """
    kind, colon, name = reference.partition(":")
    if colon and kind == "env":
        return _from_env(name, env)
    if colon and kind == "file":
        return _from_file(base / Path(name).expanduser())
    return _usable(reference, "literal")


def resolve_document(reference: str, *, env: Mapping[str, str], base: Path) -> Document:
    """The document that a configuration value refers to, as `resolve`; it is never written in the value itself.

    Raises:
        SecretError: an unset variable, an unreadable file, or a value that is neither ``env:`` nor ``file:``.
    """
    kind, _, name = reference.partition(":")
    if kind == "env":
        return Document(_variable(name, env), f"env {name}")
    if kind == "file":
        path = base / Path(name).expanduser()
        return Document(_read(path).decode("utf-8", "replace"), f"file {path}")
    raise SecretError('write it as "file:PATH" or "env:NAME"')


def resolve_address(reference: str, *, env: Mapping[str, str], base: Path) -> Address:
    """The address that a configuration value refers to, as `resolve`. Of ``sqlite:PATH`` the path is made absolute.

    Raises:
        SecretError: an unset variable, an unreadable file, or a value of several lines.
    """
    kind, _, name = reference.partition(":")
    value, source = reference, "literal"
    if kind == "env":
        value, source = _variable(name, env), f"env {name}"
    elif kind == "file":
        path = base / Path(name).expanduser()
        value, source = _read(path).decode("utf-8", "replace").strip(), f"file {path}"
    if not value.isprintable() or not value:
        raise SecretError(f"the address is empty or has characters that no address has ({source})")
    if value.startswith("sqlite:") and (place := value.removeprefix("sqlite:")):
        value = f"sqlite:{(base / Path(place).expanduser()).absolute()}"
    return Address(value, source)


def _from_env(name: str, env: Mapping[str, str]) -> Secret:
    return _usable(_variable(name, env), f"env {name}")


def _variable(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SecretError(f"the environment variable {name} is {'empty' if name in env else 'not set'}")
    return value


def _from_file(path: Path) -> Secret:
    return _usable(_read(path).decode("utf-8", "replace").strip(), f"file {path}")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SECRET_FILE_BYTES + 1)
    except OSError as error:
        raise SecretError(f"the file {path} cannot be read: {error.strerror or type(error).__name__}") from None
    if len(data) > MAX_SECRET_FILE_BYTES:
        raise SecretError(f"the file {path} is larger than {MAX_SECRET_FILE_BYTES} bytes: not a key")
    return data


def _usable(value: str, source: str) -> Secret:
    if not value:
        raise SecretError(f"the secret is empty ({source})")
    if not _HEADER_SAFE.fullmatch(value):
        raise SecretError(f"the secret has characters that an HTTP header cannot carry ({source})")
    return Secret(value, source)
