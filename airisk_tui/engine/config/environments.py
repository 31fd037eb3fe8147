"""The environments, and `config.toml`, which keeps them (command-line.md, files). It never contains a secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct, ValidationError, convert, field
from msgspec.structs import asdict, replace

from airisk_tui.engine.config.home import HOME_VARIABLE
from airisk_tui.errors import Refused
from airisk_tui.flow.start.fields import FIELDS, KEPT, OTHER, SANDBOX, SANDBOX_STANDARD, InputField
from airisk_tui.flow.start.inputs import Deployment
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, Endpoint, Expectation
from airisk_tui.oauth.dialect import AIRISK, DIALECTS, STANDARD, ClientAuth, Dialect
from airisk_tui.oauth.text.visible import visible
from airisk_tui.oauth.urls import endpoint_url, origin
from airisk_tui.recording.disk.files import SYSTEM, read_named, reason, replace_whole
from airisk_tui.recording.toml import read_toml

BUILT_IN = {
    SANDBOX: "the embedded server",
    SANDBOX_STANDARD: "the embedded issuer",
    OTHER: "a deployment without a name",
}
"""The built-in environments, whose names no table of the configuration may have."""

MAX_CONFIG = 1024 * 1024
"""Bytes. A file with a thousand environments has about a hundred thousand."""

DIALECT_FIELDS = {*Dialect.__struct_fields__} - {"name"}


class ConfigurationError(Refused):
    """A mistake in the configuration; the text says in one sentence what is wrong and what to do."""


class Environment(Deployment, frozen=True, kw_only=True):
    """A named deployment. registered: its registered redirect URIs, or None if unknown; clients, users: all its ids, its own client
    first, or None (only those of the sandbox are known); endpoints: those that may be probed."""

    name: str
    base_url: str = ""
    client_id: str = ""
    redirect_uri: str = "http://127.0.0.1:8765/callback"
    userid: str = ""
    registered: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None
    endpoints: tuple[Endpoint, ...] = DOCUMENTED
    ca_file: str | None = None

    @property
    def origins(self) -> frozenset[str]:
        """The origins of its addresses, its dialect and its endpoints, all of which the person named."""
        return origins_of(self.issuer or self.base_url, self.dialect, self.endpoints)

    @property
    def documented_endpoints(self) -> bool:
        """Whether all endpoints of the vendor's documentation may be probed."""
        return {endpoint.name for endpoint in DOCUMENTED} <= {endpoint.name for endpoint in self.endpoints}


def origins_of(base_url: str, dialect: Dialect, endpoints: Iterable[Endpoint]) -> frozenset[str]:
    """The origins of a server, of the addresses in a dialect, and of endpoints."""
    paths = (*dialect.addresses, *(one.path for one in endpoints))
    return frozenset(map(origin, (base_url, *(endpoint_url(base_url, path) for path in paths)))) - {""}


def _embedded() -> dict[str, Environment]:
    """The environments of the servers inside the program, which have no address before their port is bound."""
    return {
        SANDBOX: Environment(name=SANDBOX),
        SANDBOX_STANDARD: Environment(name=SANDBOX_STANDARD, dialect=STANDARD, endpoints=()),
    }


class Configuration(Struct, frozen=True):
    """The content of `config.toml`. default: the name of the environment to use if none is named; environments: by name, always with
    those of the servers inside the program; keys: by action of the screen, the keys that the person chose."""

    default: str = SANDBOX
    environments: Mapping[str, Environment] = field(default_factory=_embedded)
    keys: Mapping[str, str] = field(default_factory=dict)


def read_configuration(path: Path) -> Configuration:
    """Read the file; a missing one counts as empty. Raises ConfigurationError, which names the wrong place."""
    try:
        data = read_named(path, MAX_CONFIG)
    except FileNotFoundError:
        return Configuration()
    except OSError as error:
        raise ConfigurationError(f"The configuration {path} cannot be read: {reason(error)}.") from error
    try:
        table = read_toml(data)
    except ValueError as error:
        raise ConfigurationError(f"The configuration {path} is not TOML in UTF-8: {visible(str(error))}.") from error
    return _configuration(table, path)


def _configuration(table: dict[str, Any], path: Path) -> Configuration:
    described = table.get("environments", {})
    if not isinstance(described, dict):
        raise ConfigurationError(f"In {path}, `environments` must be a table of environments by name.")
    environments = _embedded()
    for name, values in described.items():
        if name in BUILT_IN:
            raise ConfigurationError(
                f"In {path}, the environment “{name}” has the name of {BUILT_IN[name]}; give the table another name."
            )
        if not isinstance(values, dict):
            raise ConfigurationError(f"In {path}, the environment “{visible(name)}” must be a table.")
        environments[name] = environment_from(name, values)
    default = table.get("default", SANDBOX)
    if not isinstance(default, str) or default not in environments:
        raise ConfigurationError(
            f"In {path}, `default` names “{visible(str(default))}”, and there is no such environment."
        )
    return Configuration(default, environments, _keys(table.get("keys", {}), path))


def _keys(table: object, path: Path) -> dict[str, str]:
    """The keys by action, separated by commas. The screen checks whether these actions and keys exist."""
    if not isinstance(table, dict):
        raise ConfigurationError(f"In {path}, `keys` must be a table of keys by action.")
    chosen = {}
    for action, keys in table.items():
        several = keys if isinstance(keys, list) else [keys]
        if not all(isinstance(key, str) for key in several):
            raise ConfigurationError(f"In {path}, the keys of `{visible(action)}` must be text, or a list of texts.")
        chosen[action] = ",".join(several)
    return chosen


def environment_from(name: str, values: Mapping[str, Any]) -> Environment:
    """The environment of a table. Raises ConfigurationError for an unknown key, a wrong type, and a key that names a secret."""
    where = f"In the environment “{visible(name)}”"
    known = {field.name: field for field in KEPT}
    for key in values:
        if "secret" in key.lower() or "password" in key.lower():
            raise ConfigurationError(
                f"{where}, `{visible(key)}` holds a secret in a plain file; use AIRISK_CLIENT_SECRET, --env-file or the keyring."
            )
        if key not in known:
            raise ConfigurationError(f"{where}, `{visible(key)}` is not known; known are {', '.join(sorted(known))}.")
    read = {key: _read(where, known[key], value) for key, value in values.items()}
    usual = STANDARD if read.get("issuer") else AIRISK
    dialect = with_fields(where, DIALECTS[read.pop("dialect", usual.name)], read.pop("fields", {}))
    if read.get("issuer") and (read.get("base_url") or dialect.name == AIRISK.name):
        raise ConfigurationError(
            f"{where}, `issuer` is for a server of the standard dialect, and takes the place of `base_url`."
        )
    endpoints = _all_endpoints(
        read.pop("endpoints", ()), documented=read.pop("documented_endpoints", dialect.name == AIRISK.name)
    )
    return Environment(name=name, dialect=dialect, endpoints=endpoints, **read)


def _all_endpoints(own: tuple[Endpoint, ...], *, documented: bool) -> tuple[Endpoint, ...]:
    """The documented endpoints, if they are wanted, and the environment's own, which replace documented ones of the same name."""
    return tuple({one.name: one for one in (*(DOCUMENTED if documented else ()), *own)}.values())


def _read(where: str, field: InputField, value: Any) -> Any:
    """The value of a key as an `Environment` has it; `dialect` and `fields` stay as they are written."""
    if field.name == "endpoints":
        return _endpoints(where, value)
    if field.name == "registered":
        if not isinstance(value, list) or not all(isinstance(uri, str) for uri in value):
            raise ConfigurationError(f"{where}, `registered` must be a list of redirect URIs.")
        return tuple(value)
    if field.kind == "choice" and value not in field.choices:
        raise ConfigurationError(f"{where}, `{field.name}` must be one of {', '.join(field.choices)}.")
    if field.kind in ("text", "text or none", "switch"):
        _check_type(where, field.name, value, bool if field.kind == "switch" else str)
    return None if field.kind == "text or none" and value == "none" else value


def _check_type(where: str, key: str, value: Any, kind: type) -> None:
    if not isinstance(value, kind):
        raise ConfigurationError(f"{where}, `{key}` must be of type {kind.__name__}.")


def table_of(environment: Environment) -> dict[str, Any]:
    """The table of an environment, which `environment_from` reads; defaults are left out."""
    values = {field.name: getattr(environment, field.name, None) for field in KEPT if field.kind in ("text", "choice")}
    values = {name: value for name, value in values.items() if (value,) != FIELDS[name].choices[:1]}
    values["scope"] = "none" if environment.scope is None else environment.scope
    values["dialect"] = environment.dialect.name
    values["fields"] = {name: value for name, value in changed_fields(environment.dialect).items() if value is not None}
    values["registered"] = list(environment.registered or ())
    listed = () if not environment.documented_endpoints else DOCUMENTED
    values["endpoints"] = [asdict(endpoint) for endpoint in environment.endpoints if endpoint not in listed]
    switches = {field.name: field.option.given for field in KEPT if field.kind == "switch" and field.option is not None}
    kept = {name: value for name, value in values.items() if value}
    kept |= {name: given for name, given in switches.items() if getattr(environment, name) is given}
    if environment.dialect.name != AIRISK.name:
        kept["documented_endpoints"] = environment.documented_endpoints or None
    return {name: value for name, value in kept.items() if value is not None}


def with_fields(where: str, dialect: Dialect, changes: Any) -> Dialect:
    """A dialect with some names changed. "true" and "false" are accepted for pkce, as on a command line. Raises ConfigurationError."""
    if not isinstance(changes, dict) or not changes.keys() <= DIALECT_FIELDS:
        raise ConfigurationError(f"{where}, `fields` may hold {', '.join(sorted(DIALECT_FIELDS))}, and nothing else.")
    if changes.get("pkce") in ("true", "false"):
        changes = {**changes, "pkce": changes["pkce"] == "true"}
    for key, value in changes.items():
        _check_type(where, f"fields.{key}", value, bool if key == "pkce" else str)
    if changes.get("client_auth", dialect.client_auth) not in get_args(ClientAuth):
        raise ConfigurationError(f"{where}, `fields.client_auth` must be one of {', '.join(get_args(ClientAuth))}.")
    return replace(dialect, **changes)


def changed_fields(dialect: Dialect) -> dict[str, Any]:
    """The names in which a dialect differs from the built-in one of that name, as `fields` has them."""
    plain = DIALECTS[dialect.name]
    return {
        name: getattr(dialect, name)
        for name in sorted(DIALECT_FIELDS)
        if getattr(dialect, name) != getattr(plain, name)
    }


class _EndpointTable(Struct, forbid_unknown_fields=True):
    path: str
    method: str = "GET"
    generic: Expectation = "unknown"
    user_specific: Expectation = "unknown"


def _endpoints(where: str, listed: Any) -> tuple[Endpoint, ...]:
    try:
        rows = convert(listed, list[_EndpointTable])
    except ValidationError as error:
        raise ConfigurationError(
            f"{where}, each of `endpoints` must hold `path`, and may hold `method`, `generic` and `user_specific`, the last two of "
            "which are allowed, refused or unknown."
        ) from error
    for row in rows:
        if not row.method.isascii() or not row.method.isalpha():
            raise ConfigurationError(
                f"{where}, the method “{visible(row.method)}” of an endpoint is not an HTTP method."
            )
    return tuple(Endpoint(row.method.upper(), row.path, row.generic, row.user_specific) for row in rows)


def write_environment(path: Path, name: str, values: Mapping[str, Any]) -> bool:
    """Add or replace one environment. Everything else in the file stays as it is, also comments.

    Returns whether one of that name was replaced. Raises ConfigurationError for a name or a value that is not allowed.
    """
    check_environment(path, name, values)
    document = _document(path)
    tables = document.setdefault("environments", {})
    replaced = name in tables
    tables[name] = dict(values)
    _write(path, document)
    return replaced


def check_environment(path: Path, name: str, values: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for an environment that `write_environment` would refuse, and for a file that it cannot change."""
    check_name(name)
    environment_from(name, values)
    _document(path)


def check_name(name: str) -> None:
    """Raise ConfigurationError for a name that cannot be used in file names, in sentences and after --env."""
    if name in BUILT_IN:
        raise ConfigurationError(f"The name {name} belongs to {BUILT_IN[name]}; choose another.")
    if not name or name != name.strip() or name != visible(name) or "/" in name or "\\" in name:
        raise ConfigurationError(
            f"“{visible(name)}” cannot be the name of an environment: it must not be empty, begin or end with a "
            "space, or hold a slash, a line end, or a control or invisible character; choose another, such as staging."
        )


def remove_environment(path: Path, name: str) -> bool:
    """Remove one environment; False if there is none of that name. Raises ConfigurationError."""
    document = _document(path)
    tables = document.get("environments", {})
    if name not in tables:
        return False
    del tables[name]
    if document.get("default") == name:
        del document["default"]
    _write(path, document)
    return True


def set_default(path: Path, name: str) -> None:
    """Make an environment the default. Raises ConfigurationError for one that does not exist, or cannot be the default."""
    if name not in read_configuration(path).environments:
        why = f"it is {BUILT_IN[name]}" if name in BUILT_IN else "there is no such environment"
        raise ConfigurationError(f"“{visible(name)}” cannot be the default: {why}.")
    document = _document(path)
    if "default" in document:
        document["default"] = name
    else:  # TOML has plain keys before the first table
        import tomlkit

        head = tomlkit.document()
        head["default"] = name
        document = tomlkit.parse(f"{tomlkit.dumps(head)}\n{tomlkit.dumps(document)}")
    _write(path, document)


_UNCHANGEABLE = "The configuration {path} is nested too deeply to be changed by this program; edit it by hand."


def _document(path: Path) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    read_configuration(path)
    try:
        return tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    except (TOMLKitError, ValueError, RecursionError) as error:
        # tomlkit reads with a call for each level, tomllib without.
        raise ConfigurationError(_UNCHANGEABLE.format(path=path)) from error


def _write(path: Path, document: Any) -> None:
    """Replace the file in one step, 0600 in a folder of 0700 (threats.md F2). Raises ConfigurationError."""
    import tomlkit

    try:
        written = tomlkit.dumps(document).encode()
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(_UNCHANGEABLE.format(path=path)) from error
    try:
        SYSTEM.make_folder(path.parent)
        replace_whole(SYSTEM, path, written)
    except OSError as error:
        raise ConfigurationError(
            f"The configuration {path} cannot be written: {reason(error)}. Make its folder writable, or let "
            f"{HOME_VARIABLE} name another one."
        ) from error
