"""Sentences about what another program's file leaves out or alters: for the import, and for the finding."""

from __future__ import annotations

from airisk_tui.flow.events import Omission
from airisk_tui.insight.fix import Change, Do, Fix, provided

OMISSIONS: dict[Omission, str] = {
    "cut": "The file is cut off; everything before the cut was read.",
    "credentials": "The file holds no Authorization headers and no cookies: the program that wrote it left them out.",
    "redacted": "Marks such as “[redacted]” stand in the place of values; these cannot be compared.",
    "base64": "A body is in base64, and nothing in the file says so; it was decoded.",
    "apart": "The file names others in which bodies stand, and came without them: import the archive (zip) that holds them all.",
    "request-body": "The file holds the token request without its body: what the client sent there is not known.",
    "scheme": "Addresses stand in the file without a scheme; https was taken.",
}
"""By the codes of `flow.events.Omission`."""

WITH_CREDENTIALS = Do("record again with the Authorization header: in a browser, export the HAR with sensitive data")

WITH_THE_OTHERS = Do(
    "import the archive (zip) that holds the file together with those, or record again with the bodies in it"
)

WITH_BODIES = Do(
    "record again with the bodies of the answers: in a browser, open the network panel before the log-in, keep its log, and "
    "export the HAR with sensitive data",
)

BY_SCRIPT: tuple[str, Fix] = (
    "The application redirects a script's call (fetch, XMLHttpRequest) to the login. The browser shows no page of that, and gives the "
    "script nothing from another origin without its leave (CORS), which a login does not give.",
    (
        Change("client", "answer a script's call without a session with 401, and open the login in the whole window"),
        *provided("until then", Do("load the page again, which asks to log in")),
    ),
)
"""Why an authorization request that a script made leads nobody to a login, and what to change."""
