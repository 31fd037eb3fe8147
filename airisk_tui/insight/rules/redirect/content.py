"""An answer came, and holds no code that could be exchanged (threats.md L7; RFC 6749 §4.1.2)."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair, quoted
from airisk_tui.insight.readings import setting
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.redirect.reading import answer, no_answer, parameter, severity
from airisk_tui.insight.rules.redirect.refusal import ENTRIES
from airisk_tui.oauth.http import header

rules = RuleSet("Redirect", no_answer)


@rules.add(
    Entry(
        code="duplicate-parameter",
        question="redirect",
        title="The redirect brought {names} more than once, so it is not clear which one is true; nothing was exchanged.",
        cause="The server, or something that rewrites its redirects, adds the parameter a second time.",
        runner_up="Somebody added a parameter of theirs to the redirect.",
        fix="Remove {name} from the redirect URI's own query if it stands there; otherwise give both values to the administrator.",
        reference="RFC 6749 §3.1; threats.md L7",
    )
)
def duplicate_parameter(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "duplicate" or came.verification == "mismatch":
        return None
    names = came.redirect.duplicates
    evidence = tuple(
        Evidence(name, " and ".join(quoted(value, 80) for value in came.redirect.params.all(name)[:4]), parameter(name))
        for name in names
    )
    shown = {"names": ", ".join(quoted(name) for name in names), "name": quoted(names[0])}
    return Match(shown, evidence, severity=severity(context))


@rules.add(
    Entry(
        code="answer-in-fragment",
        question="redirect",
        title="The answer stands behind the “#” of the redirect, where no server can read it.",
        cause="The server answers in the way of the implicit flow: response_mode=fragment.",
        fix="Run again with --mode paste and paste only the value of {name} from behind the “#”; have the server answer in the query.",
        reference="RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Type Encoding Practices §2.1",
    )
)
def answer_in_fragment(context: Context) -> Match | None:
    came = answer(context)
    found = [
        name for name, _ in came.redirect.fragment if name in (context.inputs.dialect.code, "error", "access_token")
    ]
    if came.redirect.kind != "empty" or not found:
        return None
    evidence = Evidence("Fragment", ", ".join(found), parameter(found[0]))
    error = came.redirect.fragment.get("error")
    if error:
        told = ": ".join(part for part in (error, came.redirect.fragment.get("error_description")) if part)
        cause = (
            f"The server refused with {quoted(told)}, and writes that in the way of the implicit flow, behind the “#”."
        )
        known = next(
            (entry.fix for entry in ENTRIES if entry.code == error.replace("_", "-")), "Correct what the error names."
        )
        fix = known.format_map({"client_id": quoted(context.inputs.client_id), "trace": ""})
        return Match(evidence=(evidence,), cause=cause, fix=fix, severity=severity(context))
    return Match({"name": quoted(context.inputs.dialect.code)}, (evidence,), severity=severity(context))


@rules.add(
    Entry(
        code="code-and-error",
        question="redirect",
        title="The redirect brought a code and an error ({words}) at once, which contradict each other; nothing was exchanged.",
        cause="The server is broken, or something on the way added one of them.",
        fix="Run again; if it stays, give the whole redirect to the administrator.",
        reference="RFC 6749 §4.1.2.1",
    )
)
def code_and_error(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "both":
        return None
    told = quoted(came.redirect.error or "")
    evidence = (
        Evidence("error", told, parameter("error")),
        Evidence("code", "present", parameter(context.inputs.dialect.code)),
    )
    return Match({"words": told}, evidence)


@rules.add(
    Entry(
        code="code-renamed",
        question="redirect",
        title="The redirect brought no {name}, and a {suspect} that looks like one.",
        cause="This server has its own name for the code.",
        fix="To read it, {setting}, and run again.",
        reference="RFC 6749 §4.1.2",
    )
)
def code_renamed(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "empty" or came.redirect.other_name is None:
        return None
    name, suspect = context.inputs.dialect.code, came.redirect.other_name
    evidence = pair("Name of the code", name, suspect, parameter(suspect))
    values = {"name": quoted(name), "suspect": quoted(suspect), "setting": setting("code", suspect)}
    return Match(values, (evidence,), severity=severity(context))


@rules.add(
    Entry(
        code="callback-by-program",
        question="redirect",
        title="Not a browser but a program, {agent}, called the redirect URI, with neither a code nor an error.",
        cause="The server calls the redirect URI itself, as an older API reference describes, in place of redirecting the browser.",
        runner_up="A scanner, a health check, or somebody at a command line tried the address.",
        fix="Look at what the browser shows: if it is the page of this listener, have the deployment redirect the browser instead; if it "
        "is a login, go on there.",
        reference="protocol.md, step 1",
    )
)
def callback_by_program(context: Context) -> Match | None:
    came = answer(context)
    headers = came.request.headers if came.request is not None and came.via == "listener" else ()
    agent = header(headers, "user-agent")
    if came.redirect.kind != "empty" or came.redirect.other_name is not None or not headers:
        return None
    if "mozilla/" in (agent or "").lower() or header(headers, "sec-fetch-mode") is not None:
        return None
    told = quoted(agent, 60) if agent else "which does not say its name"
    place = Pointer("redirect", "header", "User-Agent") if agent else Pointer("redirect", "request")
    evidence = Evidence("User-Agent", quoted(agent, 80) if agent else "none", place)
    return Match({"agent": told}, (evidence,), severity=severity(context))


@rules.add(
    Entry(
        code="redirect-empty",
        question="redirect",
        title="The redirect came back with neither a code nor an error.",
        cause="The answer is in the fragment (behind “#”), which browsers do not send.",
        runner_up="The server is broken, or somebody opened the redirect URI by hand.",
        fix="Look at the browser's address bar: if a code stands behind the “#”, run with --mode paste and paste only its value.",
        reference="RFC 6749 §4.1.2",
    )
)
def redirect_empty(context: Context) -> Match | None:
    came = answer(context)
    if came.redirect.kind != "empty":
        return None
    names = ", ".join(quoted(name, 40) for name, _ in came.redirect.params.items[:8]) or "none"
    evidence = (Evidence("Parameters that came", names, Pointer("redirect", "request")),)
    if came.via != "direct":
        return Match(evidence=evidence, severity=severity(context))
    known = {"state", "iss", "session_state", "scope"}
    strange = [name for name, value in came.redirect.params if name.lower() not in known and value]
    if strange:
        name = quoted(strange[0], 40)
        cause = f"This server has its own name for the code, perhaps {name}; or it redirected before it had an answer."
        fix = f"If {name} holds the code, {setting('code', strange[0])}, and run again; otherwise give this exchange to the administrator."
        return Match(evidence=evidence, cause=cause, runner_up="", fix=fix, severity=severity(context))
    cause = "The server redirected before it had an answer, or forgets to put one in."
    fix = "Give this exchange to the administrator: every redirect to the redirect URI must carry a code or an error."
    return Match(evidence=evidence, cause=cause, runner_up="", fix=fix, severity=severity(context))
