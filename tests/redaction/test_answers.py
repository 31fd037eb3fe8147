"""A code is sealed wherever an authorization answer puts it, and what reads a run stays readable (threats.md F1)."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import CLOSING, OPENING
from airisk_tui.redaction.answers import Codes, own_texts
from airisk_tui.redaction.echoes import encoded_forms
from airisk_tui.redaction.parts import Part
from airisk_tui.redaction.sealer import MAX_ECHOES, Sealer

CODE = "SplxlOBeZQQYbYS6WxSbIA"
STATE = "Ib3FZXIPl6XeOirWoRj_Kw"
REDIRECT = "http://127.0.0.1:8765/callback"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
REQUEST = Params((("client_id", "app-1f2e3d4c5b6a7988"), ("redirect_uri", REDIRECT), ("state", STATE))).encode()


def answer(body: str | bytes = b"", location: str = "", status: int = 200, kind: str = "text/html") -> HttpResponse:
    """The answer to our request as it would enter the log."""
    headers = (("Content-Type", kind), *((("Location", location),) if location else ()))
    data = body if isinstance(body, bytes) else body.encode()
    request = HttpRequest("GET", f"https://airisk.example.com/api/oauth2?{REQUEST}")
    return sealed_by(Sealer(b"k" * 32), Exchange(request, HttpResponse(status, headers, Body.of(data))))


def sealed_by(sealer: Sealer, exchange: Exchange) -> HttpResponse:
    codes = Codes.of(sealer, exchange.response, own_texts(exchange.request.url))
    return sealer.exchange(exchange, codes).response


def text(response: HttpResponse) -> str:
    return response.body.data.decode("utf-8", "replace") + "".join(value for _, value in response.headers)


NESTED = f"/cb?code={CODE}"
PAGES = {
    "meta refresh": f'<meta http-equiv=refresh content="0;url={REDIRECT}?code={CODE}&amp;state={STATE}">',
    "script": f'<script>location="{REDIRECT}?state={STATE}\\u0026code={CODE}"</script>',
    "script with escapes": f"<script>go('{REDIRECT}?x=1\\x26code\\x3d{CODE}')</script>",
    "sentence": f"<p>Your code: {CODE}</p>",
    "sentence without a sign": f"<p>Enter <b>{CODE}</b> in the terminal</p>",
    "attribute": f'<body data-code="{CODE}">',
    "unquoted field": f"<input type=hidden name=code value={CODE}>",
    "element": f"<code>{CODE}</code>",
    "JSON in a script": f'<script>var x = {{"code":"{CODE}"}}</script>',
    "JSON in an attribute": f'<div data-x="{html.escape(json.dumps({"code": CODE}))}">',
    "bare body": CODE,
    "quoted bare body": f'"{CODE}"',
    "JSON member": json.dumps({"result": {"ticket": CODE}}),
    "JSON sentence": json.dumps({"message": f"Your code is {CODE}"}),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("code", [CODE, "a1b2c3d4e5f6g7h8"])
def test_F1_a_code_in_a_body_is_sealed(name: str, code: str) -> None:
    reference = Sealer(b"k" * 32).learn(code).reference
    assert text(answer(PAGES[name].replace(CODE, code))) == PAGES[name].replace(CODE, reference) + "text/html"


@pytest.mark.parametrize("short", ["ab", "x7", "847261", "abcdefghijkl", "abcdefghijk"])
@pytest.mark.parametrize(
    "page",
    [
        f'<meta http-equiv=refresh content="0;url={REDIRECT}?code=CODE&amp;state={STATE}">',
        f'<script>location="{REDIRECT}?state={STATE}\\u0026code=CODE"</script>',
        '{"code":"CODE","state":"x"}',
        '{"data":[{"Code" : "CODE"}]}',
        "<script>var x = {'code': 'CODE'}</script>",
        "<input name='code' value=CODE>",
        "<input value=CODE name=code>",
        "<a href='/cb?code&#61;CODE&amp;x=1'>",
        "<authCode>CODE</authCode>",
        "%26code=CODE&x=1",
        "code: 'CODE'",
        "<a href='?next=%26code=CODE'>",
    ],
)
def test_F1_a_short_code_in_its_place_is_sealed(page: str, short: str) -> None:
    reference = Sealer(b"k" * 32).learn(short).reference
    assert text(answer(page.replace("CODE", short))) == page.replace("CODE", reference) + "text/html"


@pytest.mark.parametrize("code", ["x7ab", "k2Lp.9xQ", "8f3a.b2c", "7f~2b"])
@pytest.mark.parametrize("around", ["{}", '"{}"', " '{}'\n"])
def test_F1_a_short_code_that_is_the_whole_body_is_sealed_unless_it_is_a_refusal(code: str, around: str) -> None:
    body = around.format(code)
    assert (
        text(answer(body, kind="text/plain")) == around.format(Sealer(b"k" * 32).learn(code).reference) + "text/plain"
    )
    assert text(answer(body, kind="text/plain", status=400)) == body + "text/plain"
    for words in ("ready", "try.again", "Error12"):
        assert text(answer(around.format(words), kind="text/plain")) == around.format(words) + "text/plain"


def test_F1_a_number_for_a_code_is_sealed_and_the_body_stays_json() -> None:
    body = answer('{"code":847261,"state":"s"}', kind="application/json").body.data
    assert b"847261" not in body
    assert json.loads(body)["code"].startswith(OPENING)


@pytest.mark.parametrize("depth", range(4))
def test_F1_a_code_in_an_address_inside_an_address_is_sealed(depth: int) -> None:
    inner = f"/cb?code=s%2F%2526ecret,9&x=1&state={STATE}"
    for _ in range(depth):
        inner = f"/login?ReturnUrl={quote(inner, safe='')}"
    location = dict(answer(location=inner, status=302).headers)["Location"]
    assert "ecret" not in location
    assert OPENING in location
    assert "x" in location.rpartition(CLOSING)[2], "what stands behind the code stays"


@pytest.mark.parametrize("location", [f"{REDIRECT}/{CODE}?state={STATE}", f"{REDIRECT}/847261", f"/done/{CODE}"])
def test_F1_a_code_in_a_path_is_sealed(location: str) -> None:
    sealed = text(answer(location=location, status=302))
    assert CODE not in sealed
    assert "847261" not in sealed


def test_F1_a_code_in_utf_16_is_sealed() -> None:
    sealed = answer(json.dumps({"code": "abcdefghijkl"}).encode("utf-16")).body.data.decode("utf-16")
    assert "abcdefghijkl" not in sealed
    assert json.loads(sealed)["code"].startswith(OPENING)


def test_F1_a_code_that_was_found_once_is_sealed_everywhere() -> None:
    sealed = text(
        answer(f'<a href="/cb?code=abcdefghijkl">{base64.b64encode(b"abcdefghijkl").decode()} abcdefghijkl</a>')
    )
    assert "abcdefghijkl" not in sealed
    assert base64.b64encode(b"abcdefghijkl").decode() not in sealed


def test_F1_a_secret_in_the_base64_of_utf_16_is_one_of_its_forms() -> None:
    for charset in ("utf-16-le", "utf-16-be"):
        for before in range(3):
            encoded = base64.b64encode(b"x" * before + "s3cret value".encode(charset) + b"y").decode()
            assert any(form.decode("latin-1") in encoded for form in encoded_forms("s3cret value"))


@pytest.mark.parametrize(
    "body",
    [
        f'{{"type":"x","title":"Unauthorized","status":401,"traceId":"{TRACE}"}}',
        '{"error":"x","code":"Unauthorized"}',
        '{"error":"x","code":40101}',
        f"<p>Sorry. Trace ID: {TRACE}</p>",
        "<p>RequestId: 0HMVFE0A0T2LR</p><p>Correlation ID: 3fa85f64-5717-4562-b3fc-2c963f66afa6</p>",
        "<p>The code is wrong, and the barcode=12 and the zipcode: 8005, decode=12, 9_code=12.</p>",
        '<link href="/lib/bootstrap-5-1-3-dist/css/bootstrap.min.css" class="col-md-6-offset-3 navbar-expand-sm2">',
        f"<a href='{REDIRECT}?state={STATE}&client_id=app-1f2e3d4c5b6a7988'>back</a>",
    ],
)
def test_what_reads_a_refusal_stays_readable(body: str) -> None:
    assert answer(body, status=401).body.data.decode() == body


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<code>welcome</code> welcome", 1),
        ("<code>w3lcome</code> w3lcome", 0),
        ("Its code=welcome, and welcome", 1),
        ("Its code=w3lcome, and w3lcome", 0),
        ("Its code is welcome, and welcome", 2),
        ("Its code is w3lcome, and w3lcome", 0),
        ("<a href='/cb?code=welcome'> welcome", 0),
        ("<a href='/cb?next=%26code=welcome'> welcome", 0),
        ("<p data-code='welcome'> welcome", 0),
    ],
)
def test_a_code_that_is_a_mere_word_stays_elsewhere_unless_an_address_or_quotes_show_that_it_is_one(
    page: str, left: int
) -> None:
    sealed = answer(page).body.data.decode()
    assert sum(sealed.count(word) for word in ("welcome", "w3lcome")) == left


def test_a_sentence_about_a_code_and_a_part_of_what_we_sent_stay_where_a_code_is_due() -> None:
    for words in ('{"error_description": "Its code: AADSTS50011."}', '{"code": "", "message": ""}'):
        assert answer(words, kind="application/json").body.data.decode() == words
    location = f"{REDIRECT}?error_description=Its+code:AADSTS50011"
    assert dict(answer(location=location, status=302).headers)["Location"] == location
    assert answer("1f2e3d4c5b6a7988", kind="text/plain").body.data == b"1f2e3d4c5b6a7988", "of the client's id"


@pytest.mark.parametrize("place", ["", "/"])
def test_a_number_in_a_path_is_a_code_only_behind_our_own_address(place: str) -> None:
    """A redirect URI without a path is the beginning of every path, and of none."""
    ours = own_texts(f"https://airisk.example.com/?redirect_uri=http://127.0.0.1:8765{place}")
    for path, code in (("http://127.0.0.1:8765/847261?x=1", True), ("/item/847261", False)):
        sealer = Sealer(b"k" * 32)
        codes = Codes(sealer, ours)
        given = HttpResponse(302, (("Location", path), ("X-Path", path)))
        location, other = (
            value for _, value in sealer.exchange(Exchange(HttpRequest("GET", "/"), given), codes.part).response.headers
        )
        assert location == (path.replace("847261", sealer.learn("847261").reference) if code else path)
        assert sealer.unseal(other) == path
        for target in (f"/cb/847261{'?x=1' * code}", "OK"):
            heard = Codes(sealer, "http://127.0.0.1:8765/cb").part(Part("url", "", target))
            assert heard == target.replace("847261", sealer.learn("847261").reference)


def test_what_we_sent_and_a_page_for_people_stay_readable() -> None:
    page = f"<p>Log in, please. The code is sent by mail.</p><a href='{REDIRECT}?state={STATE}'>Cancel</a> {TRACE}"
    assert answer(page).body.data.decode() == page
    assert answer("<h1>OK</h1>").body.data == b"<h1>OK</h1>"
    assert answer("Unauthorized", kind="text/plain").body.data == b"Unauthorized"
    location = f"/Account/Login?ReturnUrl={quote('/api/oauth2?' + REQUEST, safe='')}"
    assert dict(answer(location=location, status=302).headers)["Location"] == location


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")), st.text(max_size=80)
)
def test_anything_is_looked_at(body: bytes, location: str) -> None:
    answer(body, location=location)
    answer(body, status=400)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x10FFFF, codec="utf-8"), min_size=6, max_size=40))
def test_F1_whatever_the_code_it_is_sealed_in_a_nested_address(code: str) -> None:
    nested = f"/login?ReturnUrl={quote('/cb?code=' + quote('7q' + code, safe='') + '&state=open', safe='')}"
    location = dict(answer(location=nested, status=302).headers)["Location"]
    assert quote("7q" + code, safe="") not in location
    assert location.endswith("open")


@pytest.mark.parametrize(
    ("written", "code"), [("a+b%2Bc%20d9", "a b+c d9"), ('it\'s<"9">\\', 'it\'s<"9">\\'), ("a%26b,c", "a&b,c")]
)
def test_a_code_in_the_redirect_is_read_as_a_query_is(written: str, code: str) -> None:
    sealer = Sealer(b"k" * 32)
    location = f"{REDIRECT}?code={written}&state={STATE}"
    response = HttpResponse(302, (("Location", location),))
    request = HttpRequest("GET", f"https://airisk.example.com/api/oauth2?{REQUEST}")
    sealed = sealed_by(sealer, Exchange(request, response))
    placeholder = Params.parse(dict(sealed.headers)["Location"].partition("?")[2]).get("code") or ""
    assert sealer.unseal(placeholder) == code


@pytest.mark.parametrize(
    ("page", "written", "code"),
    [
        ("<a href='/cb?code=#'>", "a%2Fb+9", "a/b 9"),
        ("<a href='/cb?code=#&x=1'>", "code=x7", "code=x7"),
        ("<a href='/l?to=%2Fcb%3Fcode%3D#%26x%3D1'>", "a%252Fb%2B9", "a/b 9"),
        ("<script>x = {'code': '#'}</script>", "a%2Fb+9", "a%2Fb+9"),
        ("<script>x = {'code': '#'}</script>", "a\\u002fb\\x2b9\\/c", "a/b+9/c"),
        ("<p data-code='#'>", "a&#47;b&#x39;", "a/b9"),
    ],
)
def test_a_code_in_a_page_is_read_as_its_place_writes_it(page: str, written: str, code: str) -> None:
    reference = Sealer(b"k" * 32).learn(code).reference
    assert text(answer(page.replace("#", written))) == page.replace("#", reference) + "text/html"


WORDS = [f"{number:06x}Zq{number * 7919 % 99991:05d}LobeQYbY" for number in range(3 * MAX_ECHOES)]
ESCAPED = "".join(f"\\u{ord(c):04x}" for c in WORDS[-1])
FULL = {
    "page": " ".join(WORDS),
    "page with trace ids": " ".join(f"traceId: 0HABCDEFGHIJK{word}" for word in WORDS),
    "queries": " ".join(f"/cb?code={word}&x=1" for word in WORDS),
    "sentences": " ".join(f"the code is: {word}" for word in WORDS),
    "JSON members": json.dumps({"tickets": WORDS}),
    "JSON sentences": json.dumps([f"Enter {word} there" for word in WORDS]),
    "JSON escapes": json.dumps(WORDS).replace(WORDS[-1], ESCAPED),
    "JSON sentence with escapes": json.dumps([*WORDS, f"é Enter {WORDS[-1]} there"]).replace(WORDS[-1], ESCAPED),
}


@pytest.mark.parametrize("name", FULL)
def test_F1_of_very_many_codes_all_are_sealed_and_few_are_looked_for_elsewhere(name: str) -> None:
    sealer = Sealer(b"k" * 32)
    request = HttpRequest("GET", f"https://airisk.example.com/api/oauth2?{REQUEST}")
    given = HttpResponse(200, (("Content-Type", "text/html"),), Body.of(FULL[name].encode()))
    sealed = sealed_by(sealer, Exchange(request, given))
    assert [word for word in (*WORDS, ESCAPED) if word in text(sealed)] == []
    assert text(sealed).count(OPENING) >= len(WORDS)
    assert len([word for word in WORDS if sealer.text(word) != word]) <= MAX_ECHOES
    if name.startswith("JSON"):
        assert json.loads(sealed.body.data)
