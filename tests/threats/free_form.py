"""Free-form input for the laws: pieces of what is read, put together in every way, and anything between them."""

from __future__ import annotations

import json

import tomlkit
from hypothesis import strategies as st

from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.oauth.http import Body, HttpResponse

DIALECTS = st.sampled_from([AIRISK, STANDARD])
ANY_TEXT = st.text(st.characters(), max_size=40)
CODE_POINTS = st.text(st.characters(codec=None), max_size=60)


def of_pieces(*pieces: str) -> st.SearchStrategy[str]:
    """Texts made of these pieces and of anything between them: deep enough to pass a parser's first doors."""
    return st.lists(st.sampled_from(pieces) | ANY_TEXT, max_size=10).map("".join)


MEMBERS = st.sampled_from(
    [
        *("access_token", "access_code", "expiration", "expires_in", "token_type", "scope", "error", "detail"),
        *("error_description", "title", "status", "traceId", "type", "id", "name", "users", "data", "errors", "jwt"),
    ]
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS | ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.one_of(
    JSON_VALUES.map(lambda value: json.dumps(value).encode()),
    of_pieces('{"', '"access_token":', '"ey', "{", "}", "[", "]", ",", "1e999", "NaN", '"\\ud800"', "\\u0000").map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
    st.binary(max_size=80),
)
MEDIA = st.sampled_from(
    [
        *("application/json", "application/problem+json", "text/plain; charset=utf-8", "text/html; charset=utf-16"),
        *(
            "application/x-www-form-urlencoded",
            "",
            'text/plain; charset="\0"',
            "x" * 300,
            "application/json; charset=7bit",
        ),
    ]
)
RESPONSES = st.builds(
    lambda status, media, data, cut: HttpResponse(
        status, (("Content-Type", media), ("Date", media)), Body(data, len(data), len(data), cut)
    ),
    st.sampled_from([200, 201, 302, 400, 401, 403, 500, 0, 999]),
    MEDIA,
    DOCUMENTS,
    st.sampled_from([None, "size", "encoding"]),
)
TOML = of_pieces(
    *("[environments.x]\n", "[environments]\n", "default = ", '"x"', "\n", "base_url = ", "dialect = ", '"standard"'),
    *("encoding = ", '"json"', "registered = [", "]", "verify_tls = ", "true", "[environments.x.fields]\n", "pkce = "),
    *(
        "[[environments.x.endpoints]]\n",
        "path = ",
        "method = ",
        '"GET"',
        "generic = ",
        '"refused"',
        "1979-05-27",
        "'''",
    ),
).map(lambda text: text.encode("utf-8", "surrogatepass"))


TOML_VALUES = st.recursive(
    st.booleans()
    | st.integers(0, 9)
    | st.sampled_from(["x", "airisk", "json", "basic", "GET", "/path", "refused", "true"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["path", "pkce", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
"""Values that are right in one place and of a wrong type in another; lists and tables cannot be looked up in a dictionary."""

TABLES = st.fixed_dictionaries(
    {},
    optional={
        "default": TOML_VALUES,
        "environments": st.fixed_dictionaries(
            {
                "x": st.fixed_dictionaries(
                    {}, optional=dict.fromkeys(("base_url", "encoding", "registered"), TOML_VALUES)
                )
            },
        )
        | st.builds(
            lambda key, value: {"x": {key: value}},
            st.sampled_from(["dialect", "endpoints", "verify_tls", "ca_file", "fields"]),
            TOML_VALUES,
        )
        | st.builds(
            lambda key, value: {"x": {"fields": {key: value}}},
            st.sampled_from(["pkce", "client_auth", "users", "token"]),
            TOML_VALUES,
        )
        | TOML_VALUES,
    },
).map(lambda table: tomlkit.dumps(table).encode())
