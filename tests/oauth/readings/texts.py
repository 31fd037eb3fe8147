"""Texts and bodies: fields, tokens, characters, Markdown, and what is shown in the place of a secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from airisk_tui.oauth import secret
from airisk_tui.oauth.answer import jwt
from airisk_tui.oauth.text import characters, markdown, members
from airisk_tui.oauth.text import fields as named
from airisk_tui.oauth.text import visible as text
from tests.kept import Reading
from tests.oauth.readings.inputs import REFERENCE
from tests.oauth.test_jwt import RFC_7516_HEADER, RFC_7519, part

_BODIES: list[tuple[str, str]] = [
    ('{"a": "b\\u0041", "c": [1, -2.5e3, "d"], "e": {"f": null}, "g": "cut', ""),
    (
        '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\ncontent-disposition: form-data; NAME=b\n\n2\n--B--\r\n',
        "",
    ),
    ("junk\r\n--B\r\nX: y\r\n\r\nvalue\r\n--B\r\nno blank line", "multipart/mixed; boundary=B"),
    ("--B\r\nContent-Disposition: form-data; name=a\r\n\r\nnever ended", "multipart/form-data; boundary=B"),
    ("<?xml version='1.0'?><n:a b='1' c = \"2\"> x &amp; y <d><![CDATA[ <raw&amp;> ]]></d></n:a>", ""),
    ("a=1&b=%41+c&=d&e&f=g=h;i", ""),
    ("<p>page</p>", ""),
    ("a=b=c", "text/html"),
    ("\ufeff<a/>", "text/xml"),
    ("words", "application/x-www-form-urlencoded"),
    (f"code={REFERENCE}&a=%EF%B7%90", ""),
    ("--B\nno blank line\n--B\n\nvalue\n--B--", "multipart/mixed; boundary=B"),
    ('[[1], 2] 3, {} {"a": 4', "application/json"),
]

_ODD = (
    "\x1b[31m\u202eé\u200b",
    "\r\n\t\x7f\ud800",
    "e" + "\u0301" * 6 + "\U0001e8d0\U000e0041",
    f"\u202e{REFERENCE}`*_x_",
    "*a_b* 1. # + _",
    "\u1160" * 5,
    "\u11ff\ud7b0\ud7fb",
)

_TOKENS = (
    RFC_7519,
    f"{RFC_7516_HEADER}.a.b.c.d",
    f"{RFC_7516_HEADER}.a.b.c!.d",
    "a.b.c",
    "a.b.c.d.e",
    part(["x"]) + "." + part({"a": 1}) + ".c2ln",
    part({"alg": "x"}) + "." + part([1]) + ".c2ln",
    part({"alg": "x", "cty": "JWT"}) + "." + part(b"no") + ".c2ln",
    part({"alg": "x"}) + "." + part(b"no") + ".s!",
    part({"typ": "x"}) + "." + part({}) + ".",
    part({"alg": "x"}) + "." + part(b"{" + b",".join(b'"a%d":1,"a%d":2' % (n, n) for n in range(9)) + b"}") + ".c2ln",
    part({"alg": "x"}) + "." + part(b'{"' + b"n" * 70 + b'":1,"' + b"n" * 70 + b'":2}') + ".c2ln",
    part({"alg": "x"}) + "." + part({"a": "x" * 70_000}) + ".c2ln",
    part([]) + "." + part([]) + "." + "c" * 70_000,
    "x" * 70_000 + ".b.c",
    "eyJ." + "x" * 9,
    part({"alg": "x"}) + "." + part({}) + "." + "c" * (65_600 - 20),
    part({"alg": "x"}) + "." + part({}) + "." + "c" * (65_536 - 20),
)

_VALUES = (
    "",
    "a",
    "a b",
    " a ",
    "a%2Fb",
    "%zz",
    "Bearer é",
    "[redacted]",
    '"a"',
    RFC_7519,
    f"{RFC_7516_HEADER}.a.b.c.d",
)


def texts() -> Iterator[Reading]:
    """All of them."""
    reader: Callable[..., Any]
    yield "fields.fields_in", lambda *body: list(named.fields_in(*body)), _BODIES
    yield (
        "characters.is_sentence",
        characters.is_sentence,
        [
            (one,)
            for one in (
                "not a word",
                "one word",
                "your code expired",
                "the a1b2 c3d4 word",
                "code word a1",
                "“Your” code, is (gone).",
                "word " * 500,
                "AB cd EF",
            )
        ],
    )
    yield "characters.characters_of", characters.characters_of, [(one,) for one in _VALUES]
    yield (
        "characters.is_mark",
        characters.is_mark,
        [(one,) for one in ("*" * 120, "*" * 121, "***", "**", "[x]", "[removed]")],
    )
    for reader in (members.leaves, members.every_member):
        yield (
            f"members.{reader.__name__}",
            lambda value, reader=reader: list(reader(value)),
            [
                (
                    {
                        "a": [{"z": "ü", "b": 1}, "x"],
                        "c": {},
                        "d": {"e": None, "é": "ü"},
                        "f": json.dumps({"g": json.dumps([{"h": 1}])}),
                    },
                ),
                ("x",),
                ([],),
            ],
        )
    yield "members.leaves lists", lambda value: list(members.leaves(value, lists=True)), [([{"a": [1, []]}, "x"],)]
    nested = json.dumps({"a": json.dumps({"b": json.dumps({"c": json.dumps({"d": 1})})})})
    yield "members.every_member", lambda value: [one.path for one in members.every_member(value)], [(nested,)]
    yield (
        "members.every_member of many",
        lambda: len(list(members.every_member({f"m{n}": {"a": n} for n in range(5_000)}))),
        [()],
    )
    yield (
        "members.at_path",
        members.at_path,
        [({"a": [{"b": 1}], "c.d": 2}, one) for one in ("a.0.b", "a.1.b", "a.000000.b", "c.d", "a.b", "a")],
    )
    yield "jwt.examine_jwt", jwt.examine_jwt, [(one,) for one in _TOKENS]
    yield "secret.SecretView.of", secret.SecretView.of, [(one, "0123456789abcdef") for one in _VALUES]
    yield "secret.SecretView.form", lambda value: secret.SecretView.of(value, "0").form, [(one,) for one in _VALUES]
    yield (
        "secret.secrets_named",
        secret.secrets_named,
        [(f"a {REFERENCE}",), (REFERENCE.replace("1234.", "1."),), (REFERENCE, {"0123456789abcdef": "token"})],
    )
    yield "secret.cut_at", secret.cut_at, [(f"ab{REFERENCE}cd", at) for at in (0, 2, 3, 20, 28, 29, 30, 31, 99)]
    yield "secret.written_length", secret.written_length, [(f"ab{REFERENCE}cd",), ("",)]
    yield "text.visible", text.visible, [(one,) for one in _ODD]
    yield "text.visible lines", lambda value: text.visible(value, lines=True), [(one,) for one in _ODD[1:2]]
    for reader in (text.visible_sealed, text.with_direction_marks, text.has_hidden):
        yield f"text.{reader.__name__}", reader, [(one,) for one in (*_ODD, "é", "שלום a", "a b")]
    yield "text.shortened", text.shortened, [("abc", 3), ("abcd", 3), ("x" * 5_000, 10)]
    yield (
        "text.decoded",
        text.decoded,
        [
            (one, name)
            for one in (b"caf\xe9", "é".encode(), b"+AGE-", f"a{REFERENCE}b{REFERENCE}c".encode(), "é".encode("utf-16"))
            for name in ("utf-8", "utf-16", "utf-7", "no-such")
        ],
    )
    for reader in (markdown.span, markdown.fence, markdown.prose):
        yield (
            f"markdown.{reader.__name__}",
            reader,
            [
                (one,)
                for one in (
                    "plain",
                    "a`b",
                    "`a",
                    "a`",
                    " ",
                    "",
                    "``a```b",
                    " a ",
                    " a",
                    *_ODD[3:5],
                    "1. a 2) b -c x.y",
                    "see https://h/ or a@b",
                    "- a",
                    "x" * 5_000,
                )
            ],
        )
    yield "markdown.span", markdown.span, [("abcdef", 3)]
