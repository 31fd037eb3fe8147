"""`airisk-tui doctor`: checks the callback address on this machine, before any run."""

from __future__ import annotations

import argparse
from typing import Any

from msgspec import to_builtins

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.machine.doctor import gather_facts
from airisk_tui.flow.doctor import MachineFacts
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.headless.flow.options import environment_of, expect_environment, inputs_in, session_of
from airisk_tui.headless.flow.report import sentences
from airisk_tui.headless.shared import output
from airisk_tui.insight.doctor import advise
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import to_json
from airisk_tui.session.session import Session


async def doctor(args: argparse.Namespace) -> int:
    """Print the facts, and what to change; exit 3 where the callback address cannot be listened on, else 0."""
    async with session_of(args) as session:
        facts = await gather_facts(await _draft(args, session))
    findings = advise(facts)
    code = EXIT_CODES[Outcome.LISTENER] if any(finding.severity == "error" for finding in findings) else 0
    for line in sentences(Report(findings)):
        output.say(line)
    if args.json:
        found = [to_json(finding) for finding in findings]
        output.put_json({"format": output.FORMAT, "exit_code": code, "facts": _facts_json(facts), "findings": found})
    else:
        _put(facts)
    return code


async def _draft(args: argparse.Namespace, session: Session) -> Draft:
    """The draft of the environment, without looking for its secret, because nothing is sent."""
    name = environment_of(args) or session.configuration.default
    expect_environment(name, session.environments)
    await session.ready(name)
    return session.draft(name, {"client_secret": None, **inputs_in(args)})


def _facts_json(facts: MachineFacts) -> dict[str, Any]:
    members: dict[str, Any] = to_builtins(facts)
    members["families"], members["environment"] = members.pop("addresses"), members.pop("host")
    return members


def _put(facts: MachineFacts) -> None:
    output.put(f"redirect URI  {facts.redirect_uri}")
    if facts.listen:
        output.put(f"listen on     {facts.listen}{' (publicly)' if facts.listen_publicly else ''}")
    for one in facts.addresses:
        output.put(f"{one.address:13} {one.state}{f', held by {one.holder}' if one.holder else ''}")
    output.put(f"resolves to   {', '.join(facts.resolves) or 'nothing'}")
    output.put(f"browser       {facts.browser or 'none found: use --mode direct or paste'}")
    host = facts.host
    kinds = [name for name, is_so in (("ssh", host.ssh), ("wsl", host.wsl), ("container", host.container)) if is_so]
    output.put(f"host          {', '.join(kinds) or 'this machine itself'}{', proxy set' if host.proxy else ''}")
