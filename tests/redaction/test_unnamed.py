"""What no name speaks for: whatever cannot be read is sealed where it stands, and what can be read stays (threats.md F9)."""

from __future__ import annotations

import base64
import json
import re
import string
from random import Random
from threading import Event
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.reference import OPENING, REFERENCE
from airisk_tui.oauth.text.fields import fields_in
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.redaction.checking import Check
from airisk_tui.redaction.places import MAX_LISTED
from airisk_tui.redaction.public import WORD
from airisk_tui.redaction.sealer import MAX_JSON, MAX_REMEMBERED, MAX_TEXT, MIN_ECHO, Sealer
from airisk_tui.redaction.words import readable
from airisk_tui.redaction.work import LOOK, SEALING
from tests.oauth.bodies import PARTS, written

KEY = b"k" * 32
TOKEN = "q7Rk2vXw9LpZ4tYb8NcD3fGh6JmS1aQe"
OTHER = "Zx8Qw2Er5Ty7Ui9Op4As6Df1"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
KINDS = (
    *("", "application/json", "application/x-www-form-urlencoded", "text/html", "text/plain", "application/xml"),
    *(
        "multipart/form-data; boundary=b",
        "application/problem+json",
        *(
            f"text/html; charset={name}"
            for name in ("utf-16", "iso-8859-1", "ISO-8859-15", "gb18030", "euc-kr", "koi8-r")
        ),
    ),
)


def sealed(body: str | bytes, kind: str = "", *headers: tuple[str, str], reason: str = "") -> str:
    """Everything of a response that would enter the log."""
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    response = HttpResponse(200, (("Content-Type", kind), *headers), Body.of(data), reason)
    answer = Sealer(KEY).exchange(Exchange(HttpRequest("POST", "https://h/api/oauth2/Token"), response)).response
    return "\n".join((decoded(answer.body.data), answer.reason, *(value for _, value in answer.headers)))


def nested(text: str, levels: int) -> str:
    """A text as it stands in an address, in an address …"""
    return text if levels == 0 else nested(quote(text, safe=""), levels - 1)


AROUND = st.lists(
    st.sampled_from(
        [
            *'{}[]":,&=;?#<>/\\ \t\n\r%+-_.~',
            "access",
            "a",
            "1",
            "--b\r\n",
            "name",
            '"x":',
            "<a>",
            "<![CDATA[",
            "\\u00",
            "&#",
        ]
    )
    | st.characters(),
    max_size=12,
).map("".join)


@settings(max_examples=400)
@given(AROUND, AROUND, st.sampled_from(KINDS))
@example('{"access_token":"', "", "application/json")
@example("{access_token: ", "}", "application/json")
@example("['", "", "application/json")
@example("x=", "&", "application/x-www-form-urlencoded")
@example("\ud800 \udcff", "\udc00", "text/plain")
def test_F9_a_token_is_sealed_whatever_stands_around_it(before: str, after: str, kind: str) -> None:
    assert TOKEN not in sealed(before + TOKEN + after, kind)
    assert TOKEN not in sealed("", "text/plain", ("X-Any", before + " " + TOKEN + after))
    assert TOKEN not in sealed("", "text/plain", reason=f"{before} {TOKEN}")


LOWER, DIGITS = string.ascii_lowercase, string.digits


@pytest.mark.parametrize(
    "alphabet", [LOWER, LOWER.upper(), string.ascii_letters, LOWER + DIGITS, string.ascii_letters + DIGITS + "-_"]
)
def test_F9_of_twelve_random_characters_one_in_some_hundreds_is_taken_for_a_word(alphabet: str) -> None:
    """Under a name that no rule knows, what is made of small letters alone could be a word, too."""
    draw = Random(7)
    written = ["".join(draw.choices(alphabet, k=12)) for _ in range(4_000)]
    assert sum(all(map(readable, WORD.findall(one))) for one in written) <= 16


def test_what_people_write_can_be_read() -> None:
    words = "Unauthorized RequestBodyTooLarge conversationId getById Geschwindigkeitsbegrenzung utilisateur redirect_uri IDX10501"
    more = "AADSTS50011 sha256 utf-8 OAuth2 jwks_uri userinfo_endpoint Strict-Transport-Security Kowalczyk rfc9110 HTTP_502_BAD_GATEWAY"
    named = "by_id_of_me H11Protocol Gets45color opened_czkWX"
    assert [word for word in f"{words} {more} {named}".split() if not readable(word)] == []
    for word in ("a-b-c-d-e-f", "b64encode", "VXSZTFU", "Spoke-XI-2eli", "jsonqz"):
        assert not readable(word)


ESCAPES = {
    "HTML": lambda word: "".join(f"&#{ord(c)};" for c in word),
    "HTML in hex": lambda word: "".join(f"&#x{ord(c):X};" for c in word),
    "JavaScript": lambda word: "".join(f"\\x{ord(c):02x}" for c in word),
    "JavaScript in four": lambda word: "".join(f"\\u{ord(c):04x}" for c in word),
    "percent": lambda word: "".join(f"%{ord(c):02x}" for c in word),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_what_is_written_in_escapes_is_read_as_what_it_says(name: str) -> None:
    for word, stays in (("please", True), ("qxzkwj", False)):
        text = f"say {ESCAPES[name](word)} there"
        assert (sealed(text, "text/plain").partition("\n")[0] == text) is stays, word


def test_an_address_in_a_member_is_read_as_one_and_an_echo_moves_no_value_behind_it() -> None:
    for address in (f"/cb?state={TOKEN}", f"https://h/cb#state={TOKEN}"):
        body = json.dumps({"next": address, "other": f"a {TOKEN}"})
        found = json.loads(sealed(body, "application/json").partition("\n")[0])
        assert found == {"next": address, "other": f"a {Sealer(KEY).learn(TOKEN).reference}"}
    sealer = Sealer(KEY)
    told = {"a": f"so {sealer.learn('known-secret').reference}", "b": sealer.learn(TOKEN).reference, "id": OTHER}
    echoing = Body.of(json.dumps({"a": "so known-secret", "b": TOKEN, "id": OTHER}).encode())
    assert json.loads(sealer.body(echoing, "application/json").data) == told


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("internationalizationorganisation", "internationalizationorganisations"),
        ("some_words_" * 5 + "some-word", "some_words_" * 5 + "some-words"),
        ("9" * 20, "9" * 21),
        ("Closes88784", "Closes887840"),
        ("some%20words%20" * 1_092 + "some", "some%20words%20" * 1_092 + "some%"),
        (nested("hello world", 8), nested("hello world", 9)),
        ("qxzkw", "qxzkwj"),
        ("q7R.k2vX9", "q7R.k2v.X9"),
    ],
    ids=["letters", "characters", "digits", "digits beside letters", "escaped", "levels", "short", "row of parts"],
)
def test_of_each_bound_the_last_word_stays_and_the_first_one_beyond_it_goes_as_a_whole(last: str, first: str) -> None:
    reference = Sealer(KEY).learn(first).reference
    for around in ("{}", "the {} there"):
        words = around.format(last), around.format(first)
        stays, goes = ([sealed(word).strip(), sealed("", "", ("X-Any", word)).strip()] for word in words)
        assert (stays, goes) == ([words[0]] * 2, [around.format(reference)] * 2)


@given(st.binary(min_size=16, max_size=48))
def test_F9_no_random_value_can_be_read(value: bytes) -> None:
    for random in (base64.urlsafe_b64encode(value).decode(), value.hex()):
        found = WORD.findall(random)
        assert value.hex() == "0" * len(value.hex()) or len(set(value)) < 8 or not all(map(readable, found))


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "invalid_grant", "error_description": "The authorization code has expired. AADSTS70008."}',
        f'{{"type": "https://tools.ietf.org/html/rfc9110#section-15.5.2", "title": "Unauthorized", "traceId": "{TRACE}"}}',
        '{"expires_in": 3600, "token_type": "Bearer", "scope": "openid profile", "issued": "2026-11-27T10:15:02.123Z"}',
        "<html><head><title>IIS 10.0 Detailed Error - 404.0 - Not Found</title></head><body>0x80070002</body></html>",
        "Invalid Code",
        "System.InvalidOperationException: IDX10501: Signature validation failed at Microsoft.IdentityModel.Tokens",
        '[{"id": "550e8400-e29b-41d4-a716-446655440000", "name": "Ada Lovelace", "email": "ada@example.com", "active": true}]',
        "<p>Sorry, the server is busy. Try again in 30 seconds.</p>",
    ],
)
def test_what_a_person_reads_stays(body: str) -> None:
    assert sealed(body, "text/html").startswith(body)
    assert OPENING not in sealed(body, "application/json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Server", "Microsoft-IIS/10.0"),
        ("Date", "Thu, 27 Nov 2026 21:00:00 GMT"),
        ("WWW-Authenticate", 'Bearer error="invalid_token", error_description="The token expired"'),
        ("Location", "https://login.example.com/account/login?ReturnUrl=%2Fapi%2Foauth2&prompt=login"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'"),
        ("X-Request-Id", "|8a7f3b2c1d4e5f60."),
        ("traceparent", TRACE),
        ("X-Next", f"/cb?state={TOKEN}"),
        ("X-Next", f"/cb#state={TOKEN}"),
    ],
)
def test_headers_that_explain_stay(name: str, value: str) -> None:
    assert sealed("", "text/plain", (name, value)).endswith(value)


@pytest.mark.parametrize("value", [f"state={TOKEN}; secure", f"/cb?{TOKEN}", f"a:{TOKEN}"])
def test_in_a_header_that_is_no_address_no_name_of_an_identifier_speaks_for_a_word(value: str) -> None:
    assert sealed("", "", ("X-Next", value)).endswith(value.replace(TOKEN, Sealer(KEY).learn(TOKEN).reference))


def test_in_words_the_sentence_stays_and_the_token_goes() -> None:
    """What was seen: the 500 of a token endpoint with its SQL statement in error_description."""
    words = (
        "Violation of UNIQUE KEY constraint. Statement: INSERT INTO RefreshTokens VALUES ('rt_8f3KJ2nsdkQ91mZ', "
        "'5f0c9d7e-1b2a-4c3d-8e9f-0a1b2c3d4e5f', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2V')"
    )
    found = sealed(json.dumps({"error": "server_error", "error_description": words}), "application/json")
    assert "Violation of UNIQUE KEY constraint. Statement: INSERT INTO RefreshTokens VALUES" in found
    for secret in ("8f3KJ2nsdkQ91mZ", "5f0c9d7e", "0a1b2c3d4e5f", "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJ1c2V"):
        assert secret not in found


def test_a_refusal_in_the_place_of_the_token_can_be_read_and_a_token_in_it_cannot() -> None:
    found = sealed(json.dumps({"access_token": f"Error: no user found for {TOKEN}"}), "application/json")
    assert "Error: no user found for" in found
    assert TOKEN not in found
    for damaged in (TOKEN.replace("9", " ").replace("4", " "), "ab cd ef gh", f"Bearer {TOKEN}", "correct horse"):
        assert damaged[:5] not in sealed(json.dumps({"access_token": damaged}), "application/json")
    assert "horse" not in sealed(json.dumps({"client_secret": "correct horse battery staple"}), "application/json")


def test_what_a_validator_says_under_the_name_of_a_secret_stays_and_nothing_more() -> None:
    told = json.dumps({"errors": {"ClientSecret": ["The ClientSecret field is required.", "The horse is required."]}})
    found = sealed(told, "application/json")
    assert "The ClientSecret field is required." in found
    assert "horse" not in found


@pytest.mark.parametrize("between", [";", " ", "\t", ";x=", "%3B", "+"])
def test_a_code_is_sealed_as_the_protocol_reads_it(between: str) -> None:
    """What was seen: only "&" ends a value for the reader, but ";" and white space did so for the redactor."""
    code = f"FirstHalf-111111{between}SecondHalf-222222"
    sealer = Sealer(KEY)
    for request in (
        HttpRequest("GET", f"/callback?code={code}&state=s"),
        HttpRequest(
            "POST",
            "/callback",
            (("Content-Type", "application/x-www-form-urlencoded"),),
            Body.of(f"code={code}&state=s".encode()),
        ),
    ):
        found = sealer.request(request)
        text = found.url + decoded(found.body.data)
        assert "Half" not in text and text.endswith("&state=s")
    assert "Half" not in sealed(f"access_token={code}&expires_in=3600", "application/x-www-form-urlencoded")


TEXTS = (
    "hello there",
    "plain",
    "12345",
    TOKEN,
    f"see {TOKEN} now",
    "https://h.example/a/" + TOKEN,
    "a&b<c>=d",
    "ä\u200b",
)
NAMED = {"client_secret": True, "password": True, "state": None, "message": False}
"""Names, and whether what stands under them is secret; None: it is so only where it is more than one word."""


@given(
    st.sampled_from([FORM[1], "application/json", "application/xml", PARTS]),
    st.lists(st.tuples(st.sampled_from(sorted(NAMED)), st.sampled_from(TEXTS)), min_size=1, max_size=6),
    st.sampled_from([1, 1, 1, 400]),
)
def test_a_sealed_body_has_the_same_names_and_values_but_for_its_secrets(
    kind: str, some: list[tuple[str, str]], times: int
) -> None:
    """Also in a large one, of which less is remembered between the passes."""
    pairs = some * times
    sealer = Sealer(KEY)
    found = sealer.body(Body.of(written(kind, pairs).encode()), kind).data.decode()
    fields = [(one.name, one.value) for one in fields_in(found, kind) if one.name != "id"]
    assert [(name, sealer.unseal(value)) for name, value in fields] == pairs
    learned = sorted({value for name, value in pairs if NAMED[name] and len(value) >= MIN_ECHO}, key=len, reverse=True)
    for name, value in fields[: len(some)] + fields[-len(some) :]:
        raw = left = sealer.unseal(value)
        for secret in (*learned, *(() if NAMED[name] is None and not re.search(r"[\s&<>=]", raw) else (TOKEN,))):
            left = left.replace(secret, "")
        assert REFERENCE.sub("", value) == ("" if NAMED[name] else left), (name, value)


FIELDS = {"client_id": "app", "client_secret": "correct horse battery", "code": "hunter-two"}
BODIES = {
    "multipart": (
        "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
        "".join(
            f'------WebKitFormBoundary7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in FIELDS.items()
        )
        + "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n",
    ),
    "XML": ("application/xml", "<t>" + "".join(f"<{name}>{value}</{name}>" for name, value in FIELDS.items()) + "</t>"),
    "XML attributes": ("text/xml", "<t " + " ".join(f'{name}="{value}"' for name, value in FIELDS.items()) + "/>"),
    "CDATA": ("text/xml", "<t>" + "".join(f"<{n}><![CDATA[{v}]]></{n}>" for n, v in FIELDS.items()) + "</t>"),
    "JSON": ("application/json", json.dumps({"deep": [FIELDS]})),
    "HTML": ("text/html", "<html>" + "".join(f"<{n}>{v}</{n}>" for n, v in FIELDS.items()) + "</html>"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_secret_is_sealed_by_its_name_in_every_kind_of_body(name: str) -> None:
    kind, body = BODIES[name]
    found = sealed(body, kind)
    assert "correct horse battery" not in found
    assert "app" in found


def test_the_boundary_of_a_request_stays_and_is_nothing_left_and_that_of_an_answer_goes() -> None:
    kind, body = BODIES["multipart"]
    headers = (("Content-Type", kind),)
    sealer, check = Sealer(KEY), Check()
    request = sealer.request(HttpRequest("POST", "https://h/Token", headers, Body.of(body.encode())))
    assert [field.name for field in fields_in(decoded(request.body.data), kind)] == list(FIELDS)
    check.look("token-request", request)
    assert check.leftovers == []
    answer = sealer.exchange(Exchange(request, HttpResponse(200, headers, Body.of(body.encode())))).response
    assert "7MA4YWxkTrZu0gW" not in answer.headers[0][1] + decoded(answer.body.data)
    check.look("token-request", answer)
    assert check.leftovers == []


def test_a_number_of_more_digits_than_64_bits_have_is_made_unreadable_and_stays_a_number() -> None:
    twenty, longer = "18446744073709551615", "-184467440737095516150.5e3"
    assert sealed(f'{{"a": {twenty}, "b": {longer}}}', "application/json").startswith(
        f'{{"a": {twenty}, "b": -999999999999999999999.9e9}}'
    )


def test_F7_a_mark_of_a_reference_that_comes_from_outside_is_none() -> None:
    mark = Sealer(KEY).learn("x").reference
    request = HttpRequest("GET", f"/cb?state={mark}", (("X-Any", mark), (f"X-{mark}", "y")))
    found = Sealer(KEY).request(request)
    told = (found.url, *(text for one in found.headers for text in one))
    assert not any(mark in text for text in told)
    assert all(text.count("\ufffd") == 2 for text in told if text not in ("X-Any", "y"))


def test_a_large_body_that_is_not_gone_through_in_time_is_sealed_as_a_whole_and_so_are_codes_in_it() -> None:
    large = b"an ordinary text " * 4_000 + TOKEN.encode()
    for late, size, cut in ((True, len(large), "sealed"), (False, len(large), None), (True, 4_000, None)):
        given, sealer = HttpResponse(200, (("X-Any", TOKEN),), Body.of(large[-size:])), Sealer(KEY)
        found = sealer.exchange(Exchange(HttpRequest("GET", "https://h/"), given), late=lambda late=late: late).response
        assert (found.body.cut, found.body.size) == (cut, size)
        assert found.headers[0][1] == sealer.learn(TOKEN).reference
        rest = sealer.unseal(found.body.data.decode())
        assert rest == (large[:2] + large if cut else large[-size:]).decode()


def test_what_a_person_types_is_sealed_though_the_time_of_the_message_before_it_is_over() -> None:
    users, over, sealer = json.dumps([{"id": number} for number in range(LOOK // 2)]), Event(), Sealer(KEY)
    given = HttpResponse(200, (), Body.of(users.encode()))
    sealer.exchange(Exchange(HttpRequest("GET", "https://h/"), given), late=over.is_set)
    over.set()
    for number in range(LOOK // SEALING + 1):
        assert sealer.unseal(sealer.field("client_secret", f"typed-{number}")) == f"typed-{number}"


@pytest.mark.parametrize("before", ["", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0."])
def test_of_more_secrets_than_are_remembered_the_rest_are_sealed_and_forgotten(before: str) -> None:
    """Also of JWTs, which are sealed as echoes."""
    words = [f"{before}{number:06x}Zq{number * 7919 % 99991:05d}LobeQYbY" for number in range(MAX_REMEMBERED + 50)]
    sealer = Sealer(KEY)
    found = sealer.body(Body.of(json.dumps(words).encode()), "application/json").data.decode()
    assert json.loads(REFERENCE.sub("", found)) == [""] * len(words)
    assert sealer.unseal(found).count("Lobe") == MAX_REMEMBERED


def test_a_very_large_text_is_kept_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (MAX_TEXT, MAX_JSON) == (2**20, 2**22)
    monkeypatch.setattr("airisk_tui.redaction.sealer.MAX_TEXT", 1_000)
    monkeypatch.setattr("airisk_tui.redaction.sealer.MAX_JSON", 4_000)
    for begin, limit in ((b"word", 1_000), (b"\n[ 1", 4_000), (b"{   ", 4_000)):
        for size, cut in ((limit, None), (limit + 1, "size")):
            answer = Sealer(KEY).body(Body.of(begin + b" " * (size - 4)))
            assert (len(answer.data), answer.cut, answer.size) == (limit, cut, size)


def test_what_the_person_typed_stays_though_it_cannot_be_read() -> None:
    sealer = Sealer(KEY)
    sealer.public(TOKEN)
    assert TOKEN in sealer.body(Body.of(f"no client {TOKEN} here".encode())).data.decode()


@given(st.text(string.ascii_lowercase, min_size=1, max_size=5))
def test_short_words_are_left_alone(word: str) -> None:
    assert sealed(f"a {word} b", "text/plain").startswith(f"a {word} b")


def test_json_in_a_text_keeps_its_names_and_loses_its_token_however_compact() -> None:
    inner = json.dumps({"access_token": TOKEN, "expires_in": 3600}, separators=(",", ":"))
    found = sealed(json.dumps(inner), "application/json")
    assert "access_token" in found
    assert TOKEN not in found


def test_a_secret_is_found_beside_half_a_character() -> None:
    """A person's text can hold half a surrogate pair that never came in bytes, as JSON writes it."""
    sealer = Sealer(KEY)
    reference = sealer.learn(TOKEN).reference
    assert sealer.text(f"\ud83d {TOKEN} \ud83d") == f"\ud83d {reference} \ud83d"


def test_of_a_large_text_short_values_stay_and_a_token_among_them_is_sealed() -> None:
    short = "&".join(["a=1"] * MAX_LISTED)
    text = sealed(f"{short}&b={TOKEN}&{short}", FORM[1])
    assert TOKEN not in text
    assert REFERENCE.sub("…", text).startswith(f"{short}&b=…&{short}")
