"""Rules that are the same in both steps, and the two endpoints that they are made for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Unpack

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Step
from airisk_tui.insight.fix import Ask, FixStep, Rerun
from airisk_tui.insight.rule import Entry, Match, Members, Needs, Rule
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.oauth.answer.pages import MAX_PAGE, page
from airisk_tui.oauth.http import Exchange, HttpResponse
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.oauth.urls import authority_of


class Endpoint(Struct, frozen=True, kw_only=True):
    """One of the two endpoints. name: in words, as in "the token endpoint"; prefix: of the codes of all its findings, where
    they have one; rerun: how to try once more; exchange, matched: as in the package that reads it."""

    step: Step
    name: str
    prefix: str
    question: str
    rerun: Rerun
    needs: Needs[Context]
    exchange: Callable[[Context], Exchange]
    matched: Callable[..., Match]

    def response(self, context: Context) -> HttpResponse:
        """Its answer."""
        return self.exchange(context).response

    def sign(self, match: Match, sign: str, name: str = "") -> Match:
        """The match with what gave it away as its first evidence. name: of the header, or "" for the page."""
        place = Pointer(self.step, "header", name) if name else Pointer(self.step, "response")
        return replace(match, evidence=(Evidence("Sign of it", quoted(sign), place), *match.evidence))


AGAIN = Rerun()
"""In a fix: run again, as the endpoint has it."""
ALLOW_ANONYMOUS = Ask("have the administrator allow anonymous access to the OAuth endpoints of {base_url}")

Check = Callable[[Endpoint, Context], Match | None]


class EitherEndpoint:
    """Rules that are the same for both endpoints, in the order in which they are asked."""

    def __init__(self) -> None:
        self._makers: list[Callable[[Endpoint], Rule[Context] | None]] = []

    def add(
        self, code: str, *, authorize: bool = False, only: Step | None = None, **members: Unpack[Members]
    ) -> Callable[[Check], Check]:
        """Register the decorated check under an entry of these members, whose texts have [name] for the endpoint's name.

        code: behind the endpoint's prefix, which is "authorize-" where `authorize` asks for one; only: the one endpoint that the
        entry is for.
        """

        def register(check: Check) -> Check:
            def made(endpoint: Endpoint) -> Rule[Context] | None:
                if only not in (None, endpoint.step):
                    return None
                own: Members = {
                    **members,
                    "question": endpoint.question,
                    "title": members["title"].replace("[name]", endpoint.name),
                    "cause": members["cause"].replace("[name]", endpoint.name),
                    "runner_up": (members.get("runner_up") or "").replace("[name]", endpoint.name) or None,
                    "fix": tuple(_again(step, endpoint.rerun) for step in members["fix"]),
                }
                entry = Entry(code=(endpoint.prefix or ("authorize-" if authorize else "")) + code, **own)
                return Rule(entry, endpoint.needs, partial(check, endpoint))

            self._makers.append(made)
            return check

        return register

    def of(self, endpoint: Endpoint) -> Iterator[Rule[Context]]:
        """The rules of one of the endpoints."""
        return filter(None, (made(endpoint) for made in self._makers))


def _again(step: FixStep, rerun: Rerun) -> FixStep:
    return replace(step, words=rerun.words) if step == replace(AGAIN, when=step.when, instead=step.instead) else step


Sign = tuple[str, str]
"""The sign of something in front, and the header that holds it ("" for the page)."""


def by_sign(read: Callable[[HttpResponse], Sign | None]) -> Check:
    """A check that holds where the reading of the answer finds its sign."""

    def check(endpoint: Endpoint, context: Context) -> Match | None:
        exchange = endpoint.exchange(context)
        sign = read(exchange.response)
        if sign is None:
            return None
        url = exchange.request.url
        host, place = quoted(authority_of(url)), quoted(url.partition("?")[0])
        match = endpoint.matched(context, sign=brief(sign[0]), host=host, url=place)
        return endpoint.sign(match, *sign)

    return check


def found_words(*words: str) -> Callable[[HttpResponse], Sign | None]:
    """A reading that finds the first of these words, in lower case, on the page."""

    def read(response: HttpResponse) -> Sign | None:
        text = page(response)
        return next(((spelled_on_page(response, one), "") for one in words if one in text), None)

    return read


def spelled_on_page(response: HttpResponse, words: str) -> str:
    """Lower-case words of a page as the page has them."""
    text = decoded(response.body.data[: 4 * MAX_PAGE])
    at = text.lower().find(words)
    return re.sub(r"</?\w*>", "", text[at : at + len(words)] if at >= 0 else words)
