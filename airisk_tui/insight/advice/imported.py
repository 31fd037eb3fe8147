"""Sentences about what another program's file leaves out or alters: for the import, and for the finding."""

from __future__ import annotations

from airisk_tui.flow.events import Omission
from airisk_tui.insight.fix import Do

OMISSIONS: dict[Omission, str] = {
    "cut": "The file is cut off; everything before the cut was read.",
    "credentials": "The file holds no Authorization headers and no cookies: the program that wrote it left them out.",
    "redacted": "Marks such as “[redacted]” stand in the place of values; these cannot be compared.",
    "base64": "A body is in base64, and nothing in the file says so; it was decoded.",
    "request-body": "The file holds the token request without its body: what the client sent there is not known.",
    "scheme": "Addresses stand in the file without a scheme; https was taken.",
}
"""By the codes of `flow.events.Omission`."""

WITH_CREDENTIALS = Do("record again with the Authorization header: in a browser, export the HAR with sensitive data")

WITH_BODIES = Do(
    "record again with the bodies of the answers: in a browser, open the network panel before the log-in, keep its log, and "
    "export the HAR with sensitive data",
)
