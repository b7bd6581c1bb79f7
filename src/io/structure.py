"""Parsed TOML -> settings, with every fault named by its key path. Strict: nothing is coerced, nothing is ignored."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_args

import attrs
from cattrs import Converter
from cattrs.cols import is_mapping, mapping_structure_factory
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn

from .checks import FieldError
from .policy import OnLoss, checked_policy, read_policy
from .secret import Address, Document, Secret, SecretError, resolve, resolve_address, resolve_document
from .settings import RouteTarget, Settings
from .toml_lines import KeyPath

Structure = Callable[[Any, Any], Any]


@attrs.frozen
class Problem:
    """A fault of the configuration: the key it is about, and what is wrong with it."""

    path: KeyPath
    message: str


class WrongTypeError(Exception):
    """A value of another type than the key takes."""

    def __init__(self, expected: str, value: Any, *, show: bool = True) -> None:
        shown = f"{_shown(value)} is {_kind(value)}" if show else f"the value is {_kind(value)}"
        super().__init__(f"{shown}; expected {expected}")


def structure(raw: Mapping[str, Any], env: Mapping[str, str], base: Path) -> tuple[Settings | None, list[Problem]]:
    """The settings, or what is wrong with them.

    Args:
        raw: the parsed file.
        env: the environment, for ``env:NAME``.
        base: the folder that ``file:PATH`` starts from.
    """
    try:
        return _converter(env, base).structure(raw, Settings), []
    except BaseValidationError as error:
        return None, list(_problems(error, ()))


def suggestion(word: str, words: Iterable[str]) -> str:
    """``; did you mean 'x'?`` when one of the words is near, else nothing."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def _converter(env: Mapping[str, str], base: Path) -> Converter:
    converter = Converter()

    def secret(value: Any, _: Any) -> Secret:
        if not isinstance(value, str):
            raise WrongTypeError('a string such as "env:NAME" or "file:PATH"', value, show=False)
        return resolve(value, env=env, base=base)

    def document(value: Any, _: Any) -> Document:
        if not isinstance(value, str):
            raise WrongTypeError('a string such as "file:PATH"', value, show=False)
        return resolve_document(value, env=env, base=base)

    def address(value: Any, _: Any) -> Address:
        if not isinstance(value, str):
            raise WrongTypeError('a URL such as "postgresql://host/name", or "env:NAME"', value, show=False)
        return resolve_address(value, env=env, base=base)

    converter.register_structure_hook_factory(attrs.has, lambda cls: _record(cls, converter))
    converter.register_structure_hook_factory(is_mapping, lambda cls: _mapping(cls, converter))
    converter.register_structure_hook_func(lambda cls: cls == tuple[str, ...], _strings)
    converter.register_structure_hook_func(
        lambda cls: cls == tuple[int | str, ...], _list_of("statuses and codes", converter)
    )
    converter.register_structure_hook_func(
        lambda cls: cls == int | str, _scalar('a status such as 429 or a code such as "overloaded_error"', int, str)
    )
    converter.register_structure_hook_func(lambda cls: cls == tuple[RouteTarget, ...], _list_of("models", converter))
    converter.register_structure_hook(OnLoss, _policy)
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook(Secret, secret)
    converter.register_structure_hook(Document, document)
    converter.register_structure_hook(Address, address)
    converter.register_structure_hook(str, _scalar("a string", str))
    converter.register_structure_hook(bool, _scalar("true or false", bool))
    converter.register_structure_hook(int, _scalar("an integer", int))
    converter.register_structure_hook(float, _scalar("a number", float, int))
    # Made when all that it consists of is known.
    record = converter.get_structure_hook(RouteTarget)

    def target(value: Any, cls: Any) -> Any:
        if not isinstance(value, str | dict):
            raise WrongTypeError('"account/model" or a table such as {model = "account/model", weight = 3}', value)
        return record({"model": value} if isinstance(value, str) else value, cls)

    converter.register_structure_hook(RouteTarget, target)
    return converter


def _scalar(expected: str, *types: type) -> Structure:
    def check(value: Any, _: Any) -> Any:
        if type(value) not in types:
            raise WrongTypeError(expected, value)
        return value

    return check


def _strings(value: Any, _: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongTypeError("a list of strings", value)
    return tuple(value)


def _list_of(what: str, converter: Converter) -> Structure:
    """A list whose faults are told of the items that have them."""

    def check(value: Any, cls: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise WrongTypeError(f"a list of {what}", value)
        kind = get_args(cls)[0]
        items, errors = [], []
        for index, item in enumerate(value):
            try:
                items.append(converter.structure(item, kind))
            except Exception as error:  # noqa: BLE001 - raised again, all of them together
                error.add_note(IterableValidationNote(f"item {index}", index, kind))
                errors.append(error)
        if errors:
            raise IterableValidationError(f"a list of {what}", errors, cls)
        return tuple(items)

    return check


def _policy(value: Any, _: Any) -> OnLoss:
    if isinstance(value, str):
        return read_policy(value)
    if not isinstance(value, dict) or not all(isinstance(action, str) for action in value.values()):
        raise WrongTypeError('"refuse", "allow", or a table such as {contract = "refuse", cost = "allow"}', value)
    return checked_policy(value)


def _moment(value: Any, _: Any) -> datetime:
    """A moment; of a date its end, in UTC."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} needs an offset, such as {value.isoformat()}Z")
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC) + timedelta(days=1)
    raise WrongTypeError("a date such as 2027-01-31 or a date-time such as 2027-01-31T12:00:00Z", value)


def _record(cls: Any, converter: Converter) -> Structure:
    inner = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True)
    return _only_tables(inner)


def _mapping(cls: Any, converter: Converter) -> Structure:
    return _only_tables(mapping_structure_factory(cls, converter, detailed_validation=True))


def _only_tables(inner: Structure) -> Structure:
    def check(value: Any, cls: Any) -> Any:
        if not isinstance(value, dict):
            raise WrongTypeError("a table", value)
        return inner(value, cls)

    return check


def _problems(error: BaseException, path: KeyPath) -> Iterator[Problem]:
    path += tuple(
        str(note.name if isinstance(note, AttributeValidationNote) else note.index)
        for note in getattr(error, "__notes__", ())
        if isinstance(note, AttributeValidationNote | IterableValidationNote)
    )
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _problems(inner, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        allowed = [field.name for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            yield Problem((*path, key), f"unknown key{suggestion(key, allowed)} (known here: {', '.join(allowed)})")
    elif isinstance(error, KeyError):
        yield Problem(path, "is missing")
    elif isinstance(error, FieldError):
        yield Problem((*path, error.key), error.message)
    elif isinstance(error, WrongTypeError | SecretError | ValueError):
        yield Problem(path, str(error))
    else:
        raise error


def _kind(value: Any) -> str:
    kinds = {str: "a string", bool: "a boolean", int: "an integer", float: "a number", list: "a list", dict: "a table"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _shown(value: Any) -> str:
    text = _as_toml(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _as_toml(value: Any) -> str:
    """A value as it stands in the file."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_as_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_as_toml(item)}' for key, item in value.items())}}}"
    return str(value)
