"""Events carry facts: every text in them is a code, a name, an address or what somebody else wrote, never a sentence of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from msgspec import Struct
from msgspec.structs import fields

from airisk_tui.recording.disk.codec import EVENTS
from tests.recording.logs import LOGS

FORBIDDEN = {
    "message",
    "sentence",
    "sentences",
    "words",
    "detail",
    "details",
    "text",
    "title",
    "advice",
    "hint",
    "explanation",
}

TEXTS = {
    "RunStarted.run_id": "hexadecimal digits",
    "ListenerBound.addresses": "host:port",
    "ListenerBound.scheme": "http or https",
    "ListenerBound.certificate": "SHA-256, hexadecimal",
    "Imported.program": "the name of the program that wrote the file",
    "Imported.circle": "an address without its query",
    "Imported.no_frames": "a header of the login page, sealed",
    "ListenerFailed.address": "an IP address",
    "ListenerFailed.holder": "a program and its process id",
    "ListenerFailed.errno": "a name of errno.h",
    "BrowserOpened.program": "a program's file name",
    "FailedLaunch.program": "a program's file name",
    "FailedLaunch.errno": "a name of errno.h",
    "CallbackReceived.peer": "host:port",
    "StrayRequest.reason": "a word of oauth.loopback.StrayReason",
    "StrayRequest.peer": "host:port",
    "TransportFault.reason": "a code of engine.client.faults, or of recording.har.failures",
    "TransportFault.host": "a host",
    "TransportFault.tried": "host:port",
    "TransportFault.subject": "what the reason is about: a header's name, a file, a scheme",
    "TransportFault.variable": "the name of a variable",
    "TransportFault.received": "what the server sent first",
    "TransportFault.exception": "a class of the library",
    "TransportFault.errno": "a name of errno.h",
    "TransportFault.library_text": "what the library said",
    "ServerCertificate.subject": "a name in the server's certificate",
    "ServerCertificate.issuer": "a name in the server's certificate",
    "ServerCertificate.sha256": "SHA-256, hexadecimal",
    "Known.registered": "redirect URIs",
    "Known.clients": "client ids",
    "Known.users": "user ids",
    "Known.ca_file": "the path of a file",
    "Known.secret_mistakes": "codes of oauth.request.mistakes",
    "Known.earlier": "run ids",
    "Known.of_environment": "names of inputs",
    "SeenCertificate.origin": "the origin of a server",
    "Host.proxy": "names of variables",
    "Host.workspace": "what a service for remote editors calls its machines",
    "Host.authorities": "names of variables",
}
"""What each text of the events' own classes holds."""

OTHERS = {
    "Edit",
    "Inputs",
    "Settings",
    "Dialect",
    "Endpoint",
    "SecretView",
    "SecretReference",
    "HttpRequest",
    "HttpResponse",
    "Body",
}
OTHERS |= {"Connection", "Params", "Exchange", "FailedExchange", "Timing"}
"""HTTP and OAuth values: what a person or a server wrote, sealed."""


def classes(kind: Any) -> Iterator[type]:
    """A Struct and all that are reached from its fields."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from classes(hint)
    elif get_origin(kind) is not Literal:
        for argument in get_args(kind):
            yield from classes(argument)


def holds_text(hint: Any) -> bool:
    return hint is str or (get_origin(hint) is not Literal and any(map(holds_text, get_args(hint))))


ALL = sorted({one for event in EVENTS.values() for one in classes(event)}, key=lambda one: one.__name__)
OWN = [one for one in ALL if one.__name__ not in OTHERS]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_no_field_of_an_event_is_named_like_prose(kind: type) -> None:
    assert FORBIDDEN.isdisjoint(one.name for one in fields(kind))


def test_every_text_of_an_event_is_listed_with_what_it_may_hold() -> None:
    texts = {
        f"{kind.__name__}.{name}" for kind in OWN for name, hint in get_type_hints(kind).items() if holds_text(hint)
    }
    assert texts == set(TEXTS)


def test_the_samples_hold_every_kind_of_event() -> None:
    assert {type(event) for log in LOGS.values() for event in log} == set(EVENTS.values())
