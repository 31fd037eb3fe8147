"""`airisk-tui environments`: named deployments in `config.toml`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from airisk_tui.engine.credentials import keep_in_keyring
from airisk_tui.engine.environments import (
    ConfigurationError,
    Environment,
    changed_fields,
    read_configuration,
    remove_environment,
    write_environment,
)
from airisk_tui.engine.home import Home
from airisk_tui.headless import output
from airisk_tui.headless.arguments import pair
from airisk_tui.headless.report import FORMAT
from airisk_tui.headless.terminal import secret_from_stdin
from airisk_tui.headless.usage import UsageError
from airisk_tui.oauth.mistakes import check_base_url, check_redirect_uri
from airisk_tui.oauth.text import visible
from airisk_tui.recording.files import is_file


async def environments(args: argparse.Namespace) -> int:
    """List, show, add or remove."""
    home = Home.find()
    try:
        if args.action == "list":
            return _list(home, args)
        if not args.name:
            raise UsageError(f"`environments {args.action}` needs the name of an environment.")
        return {"show": _show, "add": _add, "remove": _remove}[args.action](home, args)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def _json(environment: Environment) -> dict[str, Any]:
    texts = ("name", "base_url", "client_id", "redirect_uri", "userid", "encoding", "verify_tls", "ca_file")
    described: dict[str, Any] = {name: getattr(environment, name) for name in texts}
    described["dialect"] = environment.dialect.name
    described["fields"] = changed_fields(environment.dialect)
    described["registered"] = environment.registered
    described["endpoints"] = [endpoint.name for endpoint in environment.endpoints]
    return described


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
    environment = read_configuration(home.config).environments.get(args.name)
    if environment is None:
        raise UsageError(f"There is no environment “{visible(args.name)}”.")
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


def _add(home: Home, args: argparse.Namespace) -> int:
    values: dict[str, Any] = {
        "base_url": args.base_url,
        "client_id": args.client_id,
        "redirect_uri": args.redirect_uri,
        "userid": args.userid,
        "ca_file": _ca_file(args.ca_file),
        "encoding": args.body,
        "dialect": args.dialect,
        "fields": dict(pair("--field", text) for text in args.field) or None,
    }
    _check(args)
    if args.keep_secret and not args.client_id:
        raise UsageError("A secret is kept for a client: --keep-secret needs --client-id.")
    replaced = write_environment(home.config, args.name, {k: v for k, v in values.items() if v is not None})
    before = "; the one of that name that was there is replaced" if replaced else ""
    output.say(f"The environment {visible(args.name)} stands in {home.config}{before}.")
    if args.keep_secret:
        _keep(args)
    if args.json:
        kept = read_configuration(home.config).environments[args.name]
        output.put_json(
            {
                "format": FORMAT,
                "added": args.name,
                "replaced": replaced,
                "path": str(home.config),
                "environment": _json(kept),
            }
        )
    return 0


def _ca_file(text: str | None) -> str | None:
    """The path as it can be found from any folder. Raises UsageError where there is no file."""
    if text is None:
        return None
    path = Path(text).expanduser().absolute()
    if not is_file(path):
        raise UsageError(f"--ca-file expects a file with certificates (PEM), and {visible(str(path))} is none.")
    return str(path)


def _check(args: argparse.Namespace) -> None:
    found = [*check_base_url(args.base_url or "")]
    if args.redirect_uri:
        found += check_redirect_uri(args.redirect_uri)
    for mistake in found:
        if mistake.severity == "error":
            raise UsageError(mistake.sentence)
        output.say(f"Warning: {mistake.sentence}")


def _keep(args: argparse.Namespace) -> None:
    sentence = keep_in_keyring(args.name, args.client_id, secret_from_stdin("--keep-secret"))
    if sentence:
        raise UsageError(sentence)
    output.say("The secret is in the keyring.")


def _remove(home: Home, args: argparse.Namespace) -> int:
    if not remove_environment(home.config, args.name):
        raise UsageError(f"There is no environment “{visible(args.name)}” in {home.config}.")
    output.say(f"The environment {visible(args.name)} is removed.")
    if args.json:
        output.put_json({"format": FORMAT, "removed": args.name, "path": str(home.config)})
    return 0
