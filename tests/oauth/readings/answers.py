"""What servers answer: tokens, refusals, lists of users, metadata, and when a token ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from airisk_tui.oauth import http, metadata
from airisk_tui.oauth.answer import challenge, device, endpoints, expiry, pages, server_error, subject, token, users
from airisk_tui.oauth.dialect import AIRISK, STANDARD, WHOLE_BODY, Dialect
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.redirect import authorization
from tests.kept import Reading
from tests.oauth.readings.inputs import BASE, NOW, REFERENCE, answer

GUID = "6F9619FF-8B86-D011-B42D-00C04FC964FF"


def _unrecorded(status: int) -> HttpResponse:
    return HttpResponse(status, body=Body(cut="not-recorded"))


TOKENS: list[tuple[HttpResponse, Dialect]] = [
    *((answer(status, {"access_token": "x"}), AIRISK) for status in (199, 200, 201, 299, 300, 399, 400)),
    (answer(302, "", "Location: /elsewhere"), AIRISK),
    *((_unrecorded(status), AIRISK) for status in (200, 299, 300, 400)),
    (answer(200, {"access_token": "x", "expires_in": 60, "token_type": "Bearer", "scope": "a b"}), STANDARD),
    (answer(200, {"access_token": "x", "token_type": None, "scope": ["é"]}), STANDARD),
    *((answer(200, {"access_token": value}), AIRISK) for value in ("", None, 7, "Your code is not valid", "a b")),
    (answer(200, '{"access_token": 1e999}'), AIRISK),
    (answer(200, "error=invalid_grant&error_description=gone"), AIRISK),
    (answer(200, "invalid_grant"), AIRISK),
    *(
        (answer(200, body), Dialect(token=WHOLE_BODY))
        for body in ("a1" * 10, '"' + "a1" * 10 + '"', "'" + "a1" * 10 + "'")
    ),
    *(
        (answer(200, body), Dialect(token=WHOLE_BODY))
        for body in ("a1" * 10 + '"', "a1" * 9 + "b", "a1" * 10 + "a", "b" * 20, REFERENCE)
    ),
    (answer(200, {"access_token": "x"}), Dialect(token=WHOLE_BODY)),
    (answer(200, {"data": {"access_token": "x", "expires_in": 5}}), Dialect(token="data.access_token")),
    (answer(200, {"data": {"access_token": "x"}}), STANDARD),
    (answer(200, {"refresh_token": "r", "session": {"token": "s"}, "a": {"bearer": "b"}, "id_token": "i"}), STANDARD),
    (answer(200, {"id_token": "i", "api_token": "a"}), STANDARD),
    (answer(200, {"user_token": "u", "bearer_token": "b"}), STANDARD),
    (answer(200, {"csrf_token": "c", "device_token": "d"}), STANDARD),
]

_WORDS = {"message": "words"}

REFUSALS: list[HttpResponse] = [
    answer(400, body)
    for body in (
        *(
            "",
            " \r\n",
            "\ufeffNo.",
            "x" * 3_000,
            "<!DOCTYPE html>no",
            " <HTML>no",
            "error: x",
            "error:x\r\nerror_description:y z",
        ),
        *(
            "a\nerror:x",
            "error:two words",
            "error=&a=b",
            "error=x",
            "error=x&error_description=y",
            "a b=c&error=x",
            "\0",
            '"text"',
            "[1]",
        ),
        *(
            {"error": value}
            for value in ("x", "", None, True, 7, [], ["a"], {}, {"message": "m"}, {"code": 4, "message": "m"})
        ),
        *(
            {"error": value, **_WORDS}
            for value in ("x", True, "Bad Request", "Unauthorized", "", {"type": "T", "message": "m"})
        ),
        {"error": {"type": "T", "status": "S", "message": "m"}, "traceId": 7},
        {"error": "Forbidden", "error_description": "d"},
        {"error": "HTTP Error 404 Not Found", "message": ["first", "second"]},
        {"error": "x", "message": "m", "hint": "h", "traceId": "t"},
        {"error_description": "d", "code": 7},
        {"title": "t", "status": 400, "detail": "d", "errors": {"field": ["e", "f"]}, "traceId": "i"},
        {"title": "t"},
        {"title": 7, "status": 1, "detail": None},
        {"data": {"error": "x"}},
        {"data": {"message": "m"}, "result": {"success": False, "message": "n"}},
        *({"code": code, **_WORDS} for code in (99, 100, 599, 600, 0, True, "C", "")),
        {"errcode": 7, "errorCode": "C", "msg": "m"},
        {"detail": [{"loc": ["body", "code"], "msg": "required"}]},
        {"detail": [{"loc": [], "msg": "required"}], "errors": [{"field": "f", "message": "m"}]},
        {"errors": [{"param": "p", "code": "C"}, {"message": "never"}]},
        {"errors": [{"param": "p"}]},
        {"errors": ["first", "second"], "message": "words"},
        {"errors": {}},
        {"a": "é" * 3_000},
        {"error": "e" * 3_000, "error_description": "d" * 3_000},
        {"error": "not found", "message": "m" * 3_000},
        {"title": "t" * 3_000, "status": 1, "detail": "d" * 3_000},
        {"message": "m" * 3_000, "code": "c" * 3_000, "traceId": "i" * 3_000},
    )
] + [
    answer(400, "<p>no", "Content-Type: Text/HTML; charset=utf-8"),
    answer(400, "GIF", "Content-Type: image/gif"),
    answer(400, {"detail": "d"}, "Content-Type: application/problem+json"),
    _unrecorded(400),
]

_NUMBERS = (0, 1, 59.5, -1, "60", True, None, 2**53 - 1, 2**53, 86_400, 86_401)

_LISTS: tuple[Any, ...] = ("no", "7", {}, {"a": 1}, {"a": {"b": 1, "c": [{"id": 1}]}}, {"x": [1], "users": ["u"]}, [])

_USERS: list[HttpResponse] = [
    *(answer(status, [{"id": "a"}]) for status in (199, 200, 299, 300)),
    *(answer(200, body) for body in _LISTS),
    *(
        answer(200, [entry])
        for entry in (
            {"ID": "A", "id": "a"},
            {"key": "k", "mail": "m"},
            {"id": "", "uid": 0},
            {"id": 1.5},
            {"id": None},
        )
    ),
    *(
        answer(200, [entry])
        for entry in (
            {"sub": "s", "username": "n", "login": "l"},
            {"id": "a", "name": ["n"]},
            {"id": True},
            True,
            "",
            7,
        )
    ),
    *(
        answer(200, {"items": [{"id": "a"}], **more})
        for more in ({"next": 1}, {"NextCursor": "c"}, {"has_more": True}, {"count": 2})
    ),
    *(
        answer(200, {"items": [{"id": "a"}], **more})
        for more in ({"count": 1}, {"total_count": 1_000}, {"total": True}, {"total": "9"})
    ),
    answer(200, [], "Link: </a>; rel=\"prev\", </b>; rel='next'"),
]

_ANSWERS: list[HttpResponse] = [
    *(
        answer(status, {"error": "invalid_token"})
        for status in (199, 200, 299, 300, 399, 400, 401, 403, 404, 405, 410, 500)
    ),
    *(answer(status) for status in (200, 204, 302, 400, 401, 404)),
    answer(400, "", 'WWW-Authenticate: Bearer error="invalid_token"'),
    answer(403, "", 'WWW-Authenticate: Bearer error="invalid_request"'),
    *(
        answer(200, {"error": "x", "message": words})
        for words in ("no such thing", "Permission denied", "your access ended", "recess", "rights")
    ),
    answer(200, {"error": "x", "message": "denied", "a": "b" * 5_000}),
    *(answer(200, body) for body in ("<!doctype html>", "<HEAD>", "[]", "words", b"\xff")),
    *(answer(200, body, "Content-Type: text/html") for body in ("words", "{}", "[1]", "", " {")),
]

_CLAIMS: tuple[dict[str, Any], ...] = (
    *(
        {},
        {"sub": "s", "userID": "u"},
        {"user-id": 7, "sub": "s"},
        {"sub": "", "email": "m"},
        {"sub": True, "act": {"sub": "x"}},
        {"Sub": "A", "sub": "b"},
    ),
    *({"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier": "n"}, {"name": "n"}),
)

_DOCUMENTS: tuple[Any, ...] = (
    *(
        {"userId": "u", "id": "i"},
        {"id": "i", "uid": "d"},
        {"owner": {"id": 1, "name": "n"}},
        {"user": "u"},
        {"user": {"name": "n"}},
        {"owner": {"uuid": "x", "guid": "g"}},
    ),
    *(
        [{"user_id": 1}, {"user_id": 2}],
        {"a": {"b": [{"owner-id": "o"}]}},
        "text",
        [["deep", {"sub": "s"}]],
        {"user": ["u"]},
        {"users": {"user": {"id": "x"}}},
    ),
)

_FORM = '<form method=POST action="/cb?a&amp;b"><input type=hidden name=code value=c><input type=HIDDEN name=n></form>'


def _metadata(document: Any) -> Any:
    read = metadata.read_metadata(answer(200, document))
    return read and (read, read.openid, read.endpoints)


def _token(response: HttpResponse, dialect: Dialect) -> Any:
    return token.read_token_answer(response, dialect, NOW)


def answers() -> Iterator[Reading]:
    """All of them."""
    reader: Callable[..., Any]
    pushed = [answer(201, {"request_uri": "urn:a", "expires_in": life}) for life in _NUMBERS]
    pushed += [answer(status, {"request_uri": "urn:a"}) for status in (199, 200, 299, 300)]
    pushed += [answer(201, {"request_uri": uri}) for uri in ("", None, 7)]
    yield (
        "http.HttpResponse",
        lambda status: ((one := HttpResponse(status)).succeeded, one.redirects),
        [(one,) for one in (0, 199, 200, 299, 300, 399, 400, 999)],
    )
    yield "authorization.read_pushed", authorization.read_pushed, [(one,) for one in pushed]
    yield "token.read_token_answer", _token, list(TOKENS)
    yield "server_error.read_error", server_error.read_error, [(one,) for one in REFUSALS]
    marks: list[dict[str, Any]] = [
        {name: value, **_WORDS}
        for name in ("status", "code", "type")
        for value in ("Error ", "ok", "401", 399, 400, True, "Bad_Request")
    ]
    marks += [{name: False, **more} for name in ("success", "isSuccess") for more in (_WORDS, {})]
    marks += [
        {"errors": [1]},
        {"errorDescription": "d"},
        {"errcode": "0"},
        {"meta": {"error": 1}},
        {"other": {"error": 1}},
    ]
    yield "server_error.refuses", server_error.refuses, [(one,) for one in marks]
    yield (
        "server_error.spelled",
        server_error.spelled,
        [(one,) for one in ("INVALID_GRANT", "CodeAlreadyUsed", "CODE-USED", "code", "two words", "A_B")],
    )
    page = "<head><title>t</title></head><!-- c --><header>h</header><script>s</SCRIPT ><p>a &lt; b<br>c</p><style>never ended"
    yield "server_error.visible_words", server_error.visible_words, [(page,), ("a <b",)]
    numbers = (
        0,
        1,
        -1,
        99_999_999,
        100_000_000,
        4_102_444_799,
        4_102_444_800,
        999_999_999_999,
        1_000_000_000_000,
        4_102_444_800_000,
        -100_000_000,
    )
    days = (
        "20301127",
        "20301327",
        "2030-02-29",
        "1/2/2030 10:00",
        "13/2/2030 10:00",
        "12/12/2030 10:00",
        "31-Dec-69 00:00:00 GMT",
        "31-Dec-68 00:00:00 GMT",
    )
    times = (
        "2030-01-01T23:59:59Z",
        "2030-01-01T24:00:00Z",
        "2030-01-01T00:60:00Z",
        "2030-01-01T00:00:60Z",
        "2030-01-01 12:00 PM",
        "2030-01-01 13:00 PM",
    )
    zones = (
        "2030-01-01T00:00:00+18:59",
        "2030-01-01T00:00:00+19:00",
        "2030-01-01T00:00:00+00:60",
        "2030-01-01T00:00:00-01:30",
        "2030-366",
        "2028-366",
    )
    for name, reader in (("expiration", expiry.read_expiration), ("lifetime", expiry.read_lifetime)):
        yield (
            f"expiry.read_{name}",
            reader,
            [(one, NOW) for one in (*numbers, *days, *times, *zones, "x" * 300, str(10**10))],
        )
    year = 365 * 86_400
    yield (
        "expiry.read_lifetime",
        expiry.read_lifetime,
        [(NOW + shift, NOW) for shift in (-year - 1, -year, 5 * year, 5 * year + 1)],
    )
    ends: list[Any] = [
        {"expiration": "no", "expires_in": 5},
        {"ttl": 5, "a": {"expiresAt": 9e9}},
        {"a": {"exp": NOW, "refresh_exp": 5}},
        {"exp": True},
        {"a": {"refresh": {"exp": 5}}},
    ]
    yield "expiry.expiry_of", expiry.expiry_of, [(one, one, "expiration", NOW) for one in ends]
    whole: dict[str, Any] = {"ttl": 60, "session_ttl": 5, "data": {"access_token": "x", "exp": "never"}}
    yield (
        "expiry.expiry_of, around it",
        expiry.expiry_of,
        [(whole, whole["data"], name, NOW) for name in ("expiration", "exp", "session_ttl")],
    )
    yield "users.read_users", users.read_users, [(one,) for one in _USERS]
    yield "endpoints.read_endpoint_answer", endpoints.read_endpoint_answer, [(one,) for one in _ANSWERS]
    rows = [
        {"method": method, "path": path}
        for method in ("GET", "POST")
        for path in ("/API/GetConversations/", "/x/listusers", "/api/listusers?a")
    ]
    rows += [{"method": "GET", "path": "/api/GetConversations", "generic": "allowed"}]
    yield "endpoints.endpoint_of", endpoints.endpoint_of, [(one,) for one in rows]
    yield "endpoints.lists_users", endpoints.lists_users, [(endpoints.endpoint_of(one), AIRISK) for one in rows]
    yield "endpoints.with_aliases", endpoints.with_aliases, [(endpoints.DOCUMENTED,), (endpoints.DOCUMENTED[:1] * 2,)]
    known = {one.path: one for one in (*endpoints.with_aliases(endpoints.DOCUMENTED), endpoints.Endpoint("GET", "/x"))}
    yield (
        "endpoints.are_aliases",
        lambda one, other: endpoints.are_aliases(known[one], known[other]),
        [(one, other) for one in known for other in known],
    )
    codes: dict[str, Any] = {
        "device_code": "d",
        "user_code": "u",
        "verification_url": "a",
        "verification_uri_complete": "c",
    }
    handed: list[tuple[int, dict[str, Any]]] = [
        (200, {}),
        (201, {}),
        (200, {"verification_uri": "b"}),
        (200, {"user_code": ""}),
    ]
    handed += [(200, {"expires_in": life, "interval": life}) for life in _NUMBERS]
    yield (
        "device.read_device_codes",
        device.read_device_codes,
        [(answer(status, {**codes, **more}),) for status, more in handed],
    )
    yield "subject.subject_of", subject.subject_of, [(one,) for one in _CLAIMS]
    yield "subject.users_named", subject.users_named, [(one,) for one in _DOCUMENTS]
    yield (
        "subject.users_named whole",
        lambda value: subject.users_named(value, whole=True),
        [(one,) for one in _DOCUMENTS],
    )
    yield "subject.users_named of many", lambda: len(subject.users_named([{"user": "u"}] * 300)), [()]
    ids = ("user_7", "USER_42", "7", "x", GUID, f"{{{GUID.lower()}}}", GUID.replace("-", ""), "a@b", "c@d")
    yield (
        "subject.same_id_format",
        subject.same_id_format,
        [(one, other) for one in ids for other in ids if one < other],
    )
    yield "subject.same_user", subject.same_user, [(GUID, f" {{{GUID.lower()}}} "), ("a", "b"), ("Straße", "STRASSE")]
    yield (
        "subject.contains_user",
        subject.contains_user,
        [(one, "u") for one in ("U", {"a": [{"b": "u"}]}, ["x"], {}, 7, None, "")],
    )
    yield (
        "pages.is_web_page",
        pages.is_web_page,
        [(one,) for one in (*_ANSWERS[-10:], answer(200, "<p>", "Content-Type: text/plain"))],
    )
    yield "pages.posted_form", pages.posted_form, [(_FORM,), (_FORM.replace("POST", "get"),), (" " * 70_000 + _FORM,)]
    yield (
        "challenge.challenges",
        lambda value: challenge.challenges((("WWW-Authenticate", value),)),
        [
            (one,)
            for one in (
                'Bearer a=b, NTLM, Basic realm="x\\"y" , c=',
                'error="invalid_token"',
                "Negotiate a== , Bearer",
                'Bearer a="',
                ", ,",
            )
        ],
    )
    yield (
        "challenge.bearer",
        lambda value: challenge.bearer(challenge.challenges((("WWW-Authenticate", value),))),
        [(one,) for one in ("Basic realm=a", 'Basic error="x"', 'error="x"', "a=b", "Basic, BEARER error=x", "")],
    )
    yield "challenge.schemes_of", challenge.schemes_of, [(("NTLM, Negotiate", "Bearer a=b", "NTLM", "x=y"),)]
    heads = (
        *(
            (name, f"{scheme} {value}")
            for name in ("Authorization", "x")
            for scheme in ("Basic", "BEARER", "Digest")
            for value in ("YTpiOmM=", "!", " t ")
        ),
    )
    yield "http.basic_in", http.basic_in, [((one,),) for one in heads]
    yield "http.bearer_in", http.bearer_in, [((one,),) for one in heads]
    document = {
        "issuer": BASE,
        "authorization_endpoint": f"{BASE}/a",
        "token_endpoint": f"{BASE}/t",
        "jwks_uri": f"{BASE}/j",
        "scopes_supported": ["a", 7],
    }
    changes: tuple[dict[str, Any], ...] = (
        *(
            {},
            {"issuer": 7},
            {"scopes_supported": ["openid"]},
            {"subject_types_supported": ["public"]},
            {"id_token_signing_alg_values_supported": []},
        ),
        *(
            {"require_signed_request_object": True},
            {"require_pushed_authorization_requests": 1},
            {"userinfo_endpoint": "http://127.0.0.1/u"},
        ),
        *(
            {"token_endpoint": "http://h/t"},
            {"token_endpoint": "nowhere"},
            {"jwks_uri": ""},
            {"revocation_endpoint": "http://localhost:1/r"},
        ),
    )
    yield (
        "metadata.read_metadata",
        lambda one: _metadata({**document, **one}),
        [(one,) for one in changes],
    )
    yield (
        "metadata.read_metadata",
        metadata.read_metadata,
        [(one,) for one in (answer(201, document), answer(200, []), answer(200, {"a": 1}))],
    )
    for openid in (False, True):
        yield (
            f"metadata.metadata_faults, openid {openid}",
            lambda one, openid=openid: metadata.metadata_faults({**document, **one}, openid=openid),
            [(one,) for one in changes],
        )
    yield (
        "metadata.is_trusted",
        metadata.is_trusted,
        [
            (url, where)
            for url in ("https://h/t", "http://h/t", "http://127.0.0.1/t", "https://", "x")
            for where in ("https://h", "http://h", "http://localhost")
        ],
    )
