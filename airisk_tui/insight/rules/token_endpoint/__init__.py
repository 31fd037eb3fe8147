"""The answer of the token endpoint, as the rules about it read it."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, SetField, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.meant import meant
from airisk_tui.insight.reading.run import BARE_WORDS, MAX_WORDS, quoted_error, summary, trace
from airisk_tui.insight.rule import Match
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import ServerError, visible_words
from airisk_tui.oauth.answer.token import TokenAnswer
from airisk_tui.oauth.dialect import Encoding
from airisk_tui.oauth.http import Exchange


def exchange(context: Context) -> Exchange:
    """The token exchange that the precondition promises."""
    if context.state.token_exchange is None:
        raise ValueError("The token endpoint has not answered.")
    return context.state.token_exchange


def answer(context: Context) -> TokenAnswer:
    """The reading of the answer that the precondition promises."""
    if context.state.token_answer is None:
        raise ValueError("The token endpoint has not answered.")
    return context.state.token_answer


def refusal(context: Context) -> str:
    """The words of the answer in lower case (`blame.refusal_text`)."""
    return refusal_text(exchange(context).response)


def matched(context: Context, *evidence: Evidence, **values: str) -> Match:
    """A match with the values that all rules here need, and the answer as the last evidence."""
    last = Evidence("The answer", summary(exchange(context).response), Pointer("token-request", "response"))
    error, code = answer(context).error, answer(context).status
    basic = context.inputs.dialect.client_auth == "basic"
    shown = {
        "status": str(code),
        "words": _words(error),
        "said": _said(error, code),
        "trace": trace(error),
        "url": quoted(exchange(context).request.url.partition("?")[0]),
        "encoding": context.inputs.encoding,
        "other": other_encoding(context),
        "where": "Authorization header" if basic else "body",
        "auth": quoted("body" if basic else "basic"),
    }
    return Match(shown | values, (*evidence, last))


def _words(error: ServerError | None) -> str:
    """The server's words, quoted; of a page those that a person sees."""
    seen = visible_words(error.description) if error is not None and error.form == "html" else ""
    return quoted(seen, MAX_WORDS) if seen else quoted_error(error)


def _said(error: ServerError | None, status: int) -> str:
    """The end of a sentence with the server's words, or "" where they say no more than the status: that the client was refused."""
    told = quoted_error(error)
    nothing = error is None or error.form in ("empty", "html", "not-recorded") or (told in BARE_WORDS and status >= 400)
    return "" if nothing else f" and said {told}"


def status(context: Context, *statuses: int) -> bool:
    """Whether the endpoint answered with one of these."""
    return answer(context).status in statuses


def other_encoding(context: Context) -> Encoding:
    """The encoding of the body that this run did not use."""
    return "json" if context.inputs.encoding == "form" else "form"


OTHER_BODY = provided("to see whether its answer depends on the encoding", SetField("encoding", "{other}"), RERUN)


def encoding_named(context: Context) -> bool:
    """Whether the server complains of the body's encoding."""
    sign = _WANTS_JSON if context.inputs.encoding == "form" else _WANTS_FORM
    in_words = _ENCODING.search(refusal(context)) or meant(sign, refusal(context))
    return status(context, 415) or (answer(context).status >= 400 and in_words is not None)


_ENCODING = pattern(
    r"(?:incorrect|unsupported|invalid|unexpected|unknown|wrong)\W{1,2}(?:content|media)[- ]?type"
    r"|(?:content|media)[- ]?type\W+(?:\w+\W+){0,2}(?:not (?:valid|supported|allowed|accepted)|invalid|unsupported)"
)
_WANTS_JSON = pattern(
    r"json value could not be|invalid start of a (?:value|property)|(?:invalid|malformed|bad) json|not (?:a )?valid json|unexpected token"
    r"|(?:parse|read|deseriali[sz]e|decode)\b.{0,30}\bjson|json\b.{0,30}(?:parse error|expected)"
)
_WANTS_FORM = pattern(
    r"form-?urlencoded|form (?:data|body|content)\b.{0,20}(?:expected|required)"
    r"|\b(?:invalid|malformed|unreadable|empty|missing) (?:\w+ ){0,2}(?:body|payload)\b|\bbody (?:is|could not|cannot|must)\b"
)
"""Words of servers that could not read a body, for each encoding those that ask for the other one."""
