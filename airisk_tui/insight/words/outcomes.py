"""The words for each outcome in titles and sentences. The names of the outcomes are for programs (command-line.md)."""

from __future__ import annotations

from airisk_tui.flow.phases import Outcome

OUTCOMES: dict[Outcome, str] = {
    Outcome.TOKEN: "token received",
    Outcome.CODE: "code received",
    Outcome.USAGE: "not started: a mistake in the inputs",
    Outcome.LISTENER: "the callback address cannot be listened on",
    Outcome.AUTHORIZATION_REFUSED: "authorization refused",
    Outcome.RESPONSE_INVALID: "the answer must not be believed",
    Outcome.TOKEN_REFUSED: "token refused",
    Outcome.ACCESS_REFUSED: "an endpoint refused the token",
    Outcome.TIMEOUT: "nobody came back in time",
    Outcome.TRANSPORT: "no connection",
    Outcome.DIFFERENT: "not as expected",
    Outcome.CANCELLED: "cancelled",
}
