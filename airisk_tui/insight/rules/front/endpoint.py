"""One of the two endpoints, for rules that are the same in both steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Certainty, Evidence, Pointer, Step
from airisk_tui.insight.fix import Fix, Rerun
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Entry, Match, Needs
from airisk_tui.later import dataclass
from airisk_tui.oauth.http import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One of the two endpoints. name: in words, as in "the token endpoint"; prefix: of the codes of all its findings, where
    they have one; rerun: how to try once more; exchange, matched: as in the package that reads it; crash: the entry for an
    internal error, which differs; crashed: its values, None where another rule has the error."""

    step: Step
    name: str
    prefix: str
    question: str
    rerun: Rerun
    needs: Needs
    exchange: Callable[[Context], Exchange]
    matched: Callable[..., Match]
    crash: Entry
    crashed: Callable[[Context], dict[str, str] | None]

    def status(self, context: Context) -> int:
        """The status of its answer."""
        return self.exchange(context).response.status

    def entry(
        self,
        code: str,
        title: str,
        cause: str,
        fix: Fix,
        reference: str,
        *,
        runner_up: str | None = None,
        certainty: Certainty = "proven",
        unless: str | None = None,
    ) -> Entry:
        """A catalogue entry, with [name] for the endpoint's own name."""
        title, cause = (text.replace("[name]", self.name) for text in (title, cause))
        return Entry(
            code=code,
            question=self.question,
            title=title,
            cause=cause,
            fix=fix,
            reference=reference,
            runner_up=runner_up,
            certainty=certainty,
            unless=unless,
        )

    def sign(self, match: Match, sign: str, name: str = "") -> Match:
        """The match with what gave it away as its first evidence. name: of the header, or "" for the page."""
        place = Pointer(self.step, "header", name) if name else Pointer(self.step, "response")
        return replace(match, evidence=(Evidence("Sign of it", quoted(sign), place), *match.evidence))
