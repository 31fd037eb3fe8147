"""The question "What does the browser show?" while no redirect comes, and for each reply its meaning and the next step.

Only the person can see the browser, so the program asks after some seconds of silence. The wait for the redirect goes on.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from airisk_tui.flow.phases import Phase
from airisk_tui.insight.context import Context
from airisk_tui.insight.fix import Ask, Command, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.rules.callback.waiting import tunnel
from airisk_tui.insight.rules.registration import unregistered
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.oauth.urls import host_of

SILENCE = 10.0
"""Seconds, in which a server that asks nobody answers, and a person reads a login page and begins to type."""

QUESTION = "No answer has come yet. What does the browser show?"


class BrowserShows(StrEnum):
    """The replies of the person; the value is the text on the screen."""

    LOGIN = "a login or consent page"
    ERROR = "an error page, or JSON"
    UNREACHABLE = "“refused to connect”, or the page cannot be reached"
    CERTIFICATE = "a certificate warning"
    NOTHING = "nothing happened, or no browser opened"


class Action(StrEnum):
    """The next step, which the screen puts on one key."""

    ASK_DIRECTLY = "ask-directly"
    SWITCH_SCHEME = "switch-scheme"
    SHOW_SSH = "show-ssh"
    PASTE = "paste"
    OPEN_AGAIN = "open-again"
    WAIT = "wait"


class BrowserAdvice(Struct, frozen=True):
    """The meaning of a reply, the fix, and the action that carries it out."""

    explanation: str
    fix: Fix
    action: Action


def silent(context: Context) -> bool:
    """Whether to ask at the moment `context.now`: the run has waited SILENCE seconds and received nothing that could be the answer."""
    state = context.state
    since = state.entered(Phase.WAITING)
    waiting = state.phase is Phase.WAITING and state.inputs is not None and state.doubtful is None
    return waiting and since is not None and context.now - since >= SILENCE


def advise_on_browser(answer: BrowserShows, context: Context) -> BrowserAdvice:
    """The meaning of a reply in this run."""
    if answer is BrowserShows.LOGIN:
        return BrowserAdvice(
            "The server waits for a person; the redirect comes after the login and the consent.",
            (Do("log in and approve there while this program goes on waiting"), *otherwise(Do("cancel with Esc"))),
            Action.WAIT,
        )
    if answer is BrowserShows.ERROR:
        return _error(context)
    if answer is BrowserShows.UNREACHABLE:
        return _unreachable(context)
    if answer is BrowserShows.CERTIFICATE:
        return _certificate(context)
    return _nothing(context)


def _error(context: Context) -> BrowserAdvice:
    known = unregistered(context)
    explanation = (
        "The server refused the authorization request, and does not redirect when it does so (RFC 6749 §4.1.2.1)."
    )
    fix: Fix = (Rerun("direct", ": this program sends the same request itself and explains the answer"),)
    if known is not None:
        explanation += f" The redirect URI {quoted(context.inputs.redirect_uri)} is not registered."
        fix = (SetField("redirect_uri", known.value, words=", which is registered"), *otherwise(*fix))
    return BrowserAdvice(explanation, fix, Action.ASK_DIRECTLY)


_OTHER_SCHEME = Do("restart the listener with the other scheme")


def _unreachable(context: Context) -> BrowserAdvice:
    line = tunnel(context)
    if line:
        explanation = f"This program runs in {context.host.elsewhere}, and the browser looks for it on its own machine."
        fix = (Command(line, "where the browser is"), Do("reload the page"))
        return BrowserAdvice(explanation, fix, Action.SHOW_SSH)
    heard = {entry.reason for entry in context.state.inbox}
    if heard & {"tls-on-http", "http-on-https"}:
        explanation = "The browser and the listener use different schemes: one speaks https, the other http."
        return BrowserAdvice(explanation, (_OTHER_SCHEME,), Action.SWITCH_SCHEME)
    explanation = "If the address bar holds the redirect URI with a code, the flow worked: only the browser cannot reach the listener."
    if host_of(context.inputs.redirect_uri) == "localhost":
        explanation += " localhost may mean another address there; a redirect URI with 127.0.0.1 avoids that doubt."
    by_hand = Do("copy the whole address from the address bar and paste it here")
    return BrowserAdvice(explanation, (by_hand,), Action.PASTE)


def _certificate(context: Context) -> BrowserAdvice:
    if not context.inputs.redirect_uri.lower().startswith("https:"):
        return BrowserAdvice(
            "The redirect URI is plain http, so the warning is about the server, or the browser was sent to https.",
            (
                *provided("if the warning names the server's host", Ask("stop and ask its administrator")),
                *provided("if it names the redirect URI's host", _OTHER_SCHEME),
            ),
            Action.SWITCH_SCHEME,
        )
    sha256 = context.state.listener.certificate if context.state.listener is not None else None
    fingerprint = f" Its SHA-256 begins with {sha256[:16]}." if sha256 else ""
    return BrowserAdvice(
        "If the warning is about the redirect URI's own host, it is expected: the listener's certificate is self-signed for this "
        f"run.{fingerprint}",
        (
            Do("accept the warning for this address"),
            *provided("if the warning names the server's host", Do("stop: its certificate is wrong")),
        ),
        Action.WAIT,
    )


def _nothing(context: Context) -> BrowserAdvice:
    line = tunnel(context)
    if line:
        explanation = f"This program runs in {context.host.elsewhere}, which seldom has a browser."
        by_tunnel = (Command(line, "where a browser is"), Do("open the authorization URL there"))
        return BrowserAdvice(explanation, by_tunnel, Action.SHOW_SSH)
    browser = context.state.browser
    if context.inputs.mode == "paste" or (browser is not None and not browser.ok):
        explanation = "This program opened no browser."
        by_hand = (Do("copy the authorization URL into any browser"), Do("paste the address that it ends on"))
        return BrowserAdvice(explanation, by_hand, Action.PASTE)
    explanation = "A program was asked to open the URL, and perhaps opened it in a window that is out of sight."
    return BrowserAdvice(explanation, (Do("open the authorization URL again"),), Action.OPEN_AGAIN)
