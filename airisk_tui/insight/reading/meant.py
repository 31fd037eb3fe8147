"""Whether words are about OAuth. The words beside them decide: "invalid client" is, and "invalid client version" is not."""

from __future__ import annotations

import re

from airisk_tui.later import pattern


def meant(sign: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match of a pattern in a lower-case text that is about OAuth, or None."""
    return next((found for found in sign.finditer(text) if not of_something_else(text, *found.span())), None)


def of_something_else(text: str, start: int, end: int) -> bool:
    """Whether a part of a lower-case text is not about OAuth: one of its words, or the nearest word before or behind it in the same
    clause, is none that refusals of OAuth use. A name that only a protocol has ("client_id") is always about OAuth."""
    start, end = _whole(text, start, end)
    return "_" not in text[start:end] and "aadsts" not in text[start:end] and _beside_others(text, start, end)


def name_of_something_else(text: str, start: int, end: int) -> bool:
    """Likewise for a name that this program does not know: an underscore alone does not make it a name of OAuth ("grant_id in report")."""
    start, end = _whole(text, start, end)
    return _beside_others(text, start, end, of_its_own=False)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The part with the rest of the words that it begins and ends in."""
    return start - len(_HEAD.search(text[:start])[0]), end + len(_TAIL.match(text[end:])[0])  # type: ignore[index]


def _beside_others(text: str, start: int, end: int, *, of_its_own: bool = True) -> bool:
    """Whether a word beside the part, or with of_its_own one inside it, is none of OAuth."""
    text = _QUOTED.sub(lambda one: one[0] if one.end() > start and one.start() < end else " " * len(one[0]), text)
    clause = _CLAUSE.split(text[:start])[-1], text[start:end], _CLAUSE.split(text[end:])[0]
    if any(OURS in part for part in clause):
        return False
    before, inside, behind = ([word for word in _WORD.findall(part) if word not in _BETWEEN] for part in clause)
    inside = inside if of_its_own and len(inside) > 1 else []
    return any(word not in _OF_OAUTH for word in (*before[-1:], *inside, *behind[:1]))


def has_other_words(text: str) -> bool:
    """Whether a lower-case text has a word that refusals of OAuth do not use, such as one of another language."""
    return any(word not in _OF_OAUTH and word not in _BETWEEN for word in _WORD.findall(text))


OURS = "\x1a"
"""Stands in a text in place of a value that we sent."""


_QUOTED = pattern(r"[\"“«][^\"”»\n]{1,80}[\"”»]|(?<!\w)['`][^'`\n]{1,80}['`]|[^\s<>]*[\d_@/][^\s<>]*")
_HEAD, _TAIL = pattern(r"\w*\Z"), pattern(r"\w*")
"""The rest of a word that a pattern begins or ends in."""
_WORD = pattern(r"[^\W\d_]{2,}")
_CLAUSE = pattern(r"[.;:,!?()\[\]{}<>|\n]|(?<=\s)[-–—](?=\s)")

_JOINING = (
    "after all also am an and another any are as at be because been before being but by can cannot could did do does doesn don "
    "during for from had has have he here how id ids if in into ip is isn it its ll may me must my no not of oh on once one only "
    "onto or other our per please re same should since so sorry such than that the their then there these they this those to too "
    "up upon us ve via was wasn we were when where which who why will with within without would you your"
)
_BETWEEN = frozenset(_JOINING.split())
"""Words that are skipped when the nearest word is looked for."""

_OF_LOGINS = (
    "absolute accept accepted accepts access account accounts active addr address addresses admin administrator again ago allow "
    "allowance allowed already antiforgery api app appid application applications approval approve approved apps assertion assigned "
    "attempts audience audiences auth authenticate authenticated authenticating authentication authorisation authorised "
    "authorization authorizationcode authorize authorized back bad banned based basic bearer black blank blocked body both browser "
    "callback callbackurl certificate certificates challenge character characters check checks client clientid clients "
    "clientsecret completed "
    "code codechallenge codes codeverifier conditional confidential configuration configured consent consented consumed contact cookie "
    "cookies correct correlation country credential credentials csrf current currently custom daily deactivated declined decode "
    "decrypt default deleted denied deny details determine device different directory disabled disallowed domain domains down dpop "
    "duplicate duplicated dynamic either empty enabled encoded ensure environment error errors ever exactly exceeded exception exchange "
    "exchanged exhausted exist exists expected expire expired expires explicit factor fail failed fails failure field fields find "
    "first flow following forbidden forgery form format found fragment fully get given grant granted grants granttype group groups handled "
    "hash header headers host hours http https hybrid identifier identifiers implicit inactive include included incorrect indicator "
    "insecure integration interactive invalid ips issue issued json jwt key keys known learn least length licence license limit "
    "limited limits list listed localhost location locked log logged logging login logins long longer loopback maintenance make "
    "malformed many match matched matches matching mechanism member method methods minutes mismatch mismatched mismatching missing "
    "monthly more most mtls multiple native need needed needs neither network never new nonce none null oauth oidc old oob openid "
    "organisation organization origin others owner page parameter parameters parse passed password payment permission permissions "
    "permit permitted pkce plain platform policies policy post presented presenting "
    "processed project proof properly provide provided public "
    "quota rate reached realm receive received recognise recognised "
    "recognize recognized redeemed redirect redirection redirecturi redirecturl refresh refuse refused region "
    "registered registration reject rejected repeated reply request requested requests require required requires requiring resource "
    "response responses responsetype restricted retry reuse reused revoked role roles scheduled scheme scope scopes second seconds "
    "secret secrets see send sending sends sent server session sessions set sets settings short show shown sign signature "
    "signatures signed signing single soon specified ssl state states status still string submit submitted subscription supplied "
    "support supported sure suspended target temporarily tenant territory throttled throttling time times tls token tokens "
    "transformed tries trusted try type types unauthorized unavailable unexpected unknown unrecognised "
    "unrecognized unregistered unsupported untrusted "
    "upgrade uri uris url urls use used user userid userids username users using valid validate validated validating value values "
    "verification verifier verify wait web weekly white whitelisted workspace wrong xsrf yearly yet"
)
_OF_OAUTH = frozenset(_OF_LOGINS.split())
"""The words that refusals of OAuth, of a log-in and of a registration use."""
