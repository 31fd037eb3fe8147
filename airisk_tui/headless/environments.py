"""`airisk-tui environments`: the named deployments in `config.toml`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airisk_tui.engine.config.credentials import KeyringFailed, put_in_keyring, secret_from_keyring
from airisk_tui.engine.config.environments import (
    BUILT_IN,
    ConfigurationError,
    Environment,
    changed_fields,
    check_environment,
    read_configuration,
    remove_environment,
    set_default,
    write_environment,
)
from airisk_tui.engine.config.home import Home
from airisk_tui.flow.start.fields import KEPT
from airisk_tui.headless.flow.options import expect_environment, inputs_in
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.parser import nearest_to
from airisk_tui.headless.shared.process import UsageError, secret_from_stdin
from airisk_tui.oauth.request.mistakes import check_base_url, check_listen, check_redirect_uri
from airisk_tui.oauth.text.visible import visible
from airisk_tui.recording.disk.files import is_file


async def environments(args: argparse.Namespace) -> int:
    """List, show, add or remove environments, or set the default one. Raises Refused."""
    home = Home.find()
    if args.action == "list":
        return _list(home, args)
    if not args.name:
        raise UsageError(f"`environments {args.action}` needs the name of an environment.")
    if args.action == "add":
        return await _add(home, args)
    return {"show": _show, "remove": _remove, "default": _default}[args.action](home, args)


def _json(environment: Environment) -> dict[str, Any]:
    written = {
        "dialect": environment.dialect.name,
        "fields": changed_fields(environment.dialect),
        "endpoints": [endpoint.name for endpoint in environment.endpoints],
    }
    as_they_are = [field.name for field in KEPT if field.name not in written]
    return {"name": environment.name, **{name: getattr(environment, name) for name in as_they_are}, **written}


def _list(home: Home, args: argparse.Namespace) -> int:
    configuration = read_configuration(home.config)
    if args.json:
        listed = [_json(environment) for environment in configuration.environments.values()]
        output.put_json({"default": configuration.default, "environments": listed})
        return 0
    for name, environment in configuration.environments.items():
        mark = "*" if name == configuration.default else " "
        output.put(f"{mark} {name}  {environment.base_url or '(the embedded server)'}")
    return 0


def _show(home: Home, args: argparse.Namespace) -> int:
    environments = read_configuration(home.config).environments
    expect_environment(args.name, environments)
    environment = environments[args.name]
    if args.json:
        output.put_json(_json(environment))
    else:
        for name, value in _json(environment).items():
            output.put(f"{name}: {_in_words(value)}".rstrip())
    return 0


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(value)
    return "" if value is None else str(value)


async def _add(home: Home, args: argparse.Namespace) -> int:
    values = inputs_in(args)
    if "ca_file" in values:
        values["ca_file"] = _ca_file(values["ca_file"])
    _check(values)
    client_id = values.get("client_id")
    if args.keep_secret and not client_id:
        raise UsageError("The keyring keeps a secret for a client: --keep-secret needs --client-id.")
    check_environment(home.config, args.name, values)
    if args.keep_secret and client_id:
        replaced = await _written_with_secret(home, args.name, values, client_id)
    else:
        replaced = write_environment(home.config, args.name, values)
    before = " and replaced the one of that name" if replaced else ""
    output.say(f"The environment {visible(args.name)} was written to {home.config}{before}.")
    if args.keep_secret:
        output.say("The secret is in the keyring.")
    if args.json:
        kept = read_configuration(home.config).environments[args.name]
        output.put_json(
            {
                "format": output.FORMAT,
                "added": args.name,
                "replaced": replaced,
                "path": str(home.config),
                "environment": _json(kept),
            }
        )
    return 0


def _ca_file(text: str) -> str:
    """The absolute path, which is valid in any folder. Raises UsageError where there is no such file."""
    path = Path(text).expanduser().absolute()
    if not is_file(path):
        raise UsageError(f"--ca-file expects a file with certificates (PEM), and {path} is not one.")
    return str(path)


def _check(values: Mapping[str, Any]) -> None:
    redirect_uri, listen = values.get("redirect_uri", ""), values.get("listen", "")
    mistakes = [*check_base_url(values.get("base_url", ""))]
    mistakes += check_redirect_uri(redirect_uri, listening=not listen) if redirect_uri else ()
    mistakes += check_listen(listen, publicly=values.get("listen_publicly", False))
    for mistake in mistakes:
        if mistake.severity == "error":
            raise UsageError(mistake.sentence)
        output.say(f"Warning: {mistake.sentence}")


async def _written_with_secret(home: Home, name: str, values: Mapping[str, Any], client_id: str) -> bool:
    """Write the environment and put its secret into the keyring, or do neither. Returns whether it replaced one of that name. Raises
    UsageError."""
    secret = secret_from_stdin("--keep-secret")
    try:
        before = await secret_from_keyring(name, client_id)
        await put_in_keyring(name, client_id, secret)
    except KeyringFailed as failed:
        raise UsageError(f"{failed} The environment was not written.") from failed
    try:
        return write_environment(home.config, name, values)
    except ConfigurationError as error:
        try:
            await put_in_keyring(name, client_id, before)
        except KeyringFailed as failed:
            raise UsageError(f"{error} The secret stays in the keyring: {failed}") from failed
        raise


def _default(home: Home, args: argparse.Namespace) -> int:
    if args.name not in BUILT_IN:
        expect_environment(args.name, read_configuration(home.config).environments)
    set_default(home.config, args.name)
    output.say(f"{visible(args.name)} is now used if no environment is named.")
    if args.json:
        output.put_json({"format": output.FORMAT, "default": args.name, "path": str(home.config)})
    return 0


def _remove(home: Home, args: argparse.Namespace) -> int:
    if not remove_environment(home.config, args.name):
        near = nearest_to(args.name, read_configuration(home.config).environments)
        raise UsageError(f"There is no environment “{args.name}” in {home.config}.{near}")
    output.say(f"The environment {visible(args.name)} was removed.")
    if args.json:
        output.put_json({"format": output.FORMAT, "removed": args.name, "path": str(home.config)})
    return 0
