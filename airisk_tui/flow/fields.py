"""The inputs of a run, each described once (command-line.md, FLOW).

These rows make the options of the commands, the rows of the form, the keys of `config.toml`, the names in a `.env` file and
the documentation. The module imports nothing of the program: the command line and the first frame of the screen read it first.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "text or none", "secret", "choice", "switch", "seconds", "pairs", "list"]
"""What the value is. switch: an option without a value; pairs: NAME=VALUE, repeatable; list: only in `config.toml`."""

Use = Literal["flow", "mode", "rerun", "deployment", "callback"]
"""Where an input is an option. flow: every command that runs a flow, and the screen; mode: likewise, with a default of the
command's own; rerun: `replay --against`; deployment: `environments add`; callback: `doctor`."""


class InputField(NamedTuple):
    """One input.

    name: the field of `flow.inputs.Settings` and the key in `config.toml`; "fields" is neither, but names of the dialect.
    label: of its row in the form, "" where the form has none; hint: what an empty row shows. choices: the values that are
    allowed, the default first; of a switch, the words that the form has for it. flag and metavar: the option; given: what a
    switch sets; help: what the option does; default: what the help calls so, "" where it says enough; used_by: where it is an
    option. kept: whether an environment in `config.toml` has it; dotenv: its name in a `.env` file; variable: the environment
    variable that has it.
    """

    name: str
    kind: Kind = "text"
    label: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    flag: str = ""
    metavar: str | None = None
    given: bool = True
    help: str = ""
    default: str = ""
    used_by: tuple[Use, ...] = ("flow",)
    kept: bool = False
    dotenv: str = ""
    variable: str = ""

    @property
    def sentence(self) -> str:
        """What the option's help says."""
        return f"{self.help} (default: {self.default})" if self.default else self.help


INPUTS = (
    InputField(
        "environment",
        label="Environment",
        flag="--env",
        metavar="NAME",
        help="the environment",
        default="the configured one, else sandbox",
        used_by=("flow", "callback"),
    ),
    InputField(
        "base_url",
        label="Base URL",
        hint="https://airisk.example.com",
        flag="--base-url",
        metavar="URL",
        help="the deployment, such as https://airisk.example.com",
        used_by=("flow", "deployment"),
        kept=True,
    ),
    InputField(
        "client_id",
        label="Client ID",
        flag="--client-id",
        metavar="ID",
        help="the application, as it is registered there",
        used_by=("flow", "deployment"),
        kept=True,
        dotenv="CLIENT_ID",
    ),
    InputField(
        "client_secret",
        "secret",
        label="Client secret",
        flag="--client-secret-stdin",
        help="read the secret from the first line of stdin",
        used_by=(),
        dotenv="CLIENT_SECRET",
        variable="AIRISK_CLIENT_SECRET",
    ),
    InputField(
        "redirect_uri",
        label="Redirect URI",
        flag="--redirect-uri",
        metavar="URI",
        help="where the code comes back to, as it is registered there",
        used_by=("flow", "deployment", "callback"),
        kept=True,
    ),
    InputField(
        "userid",
        label="User id",
        hint="empty: generic token",
        flag="--userid",
        metavar="ID",
        help="the user to act for; left out: a generic token",
        used_by=("flow", "deployment"),
        kept=True,
        dotenv="USER_ID",
    ),
    InputField(
        "state",
        "text or none",
        label="State",
        flag="--state",
        metavar="VALUE|none",
        help="a state of your own, or none to send none",
        default="a fresh one",
    ),
    InputField(
        "encoding",
        "choice",
        label="Token body",
        choices=("form", "json"),
        flag="--body",
        help="how the token request is written",
        used_by=("flow", "deployment"),
        kept=True,
    ),
    InputField(
        "dialect",
        "choice",
        choices=("airisk", "standard"),
        flag="--dialect",
        help="which names the server uses",
        default="airisk",
        used_by=("deployment",),
        kept=True,
    ),
    InputField(
        "fields",
        "pairs",
        flag="--field",
        metavar="NAME=VALUE",
        help="a name of the dialect that this server changes, such as token=access_code",
        used_by=("flow", "deployment"),
        kept=True,
    ),
    InputField(
        "mode",
        "choice",
        label="Mode",
        choices=("browser", "direct", "paste"),
        flag="--mode",
        help="in the browser, by asking the server directly, or by pasting the redirect",
        default="browser",
        used_by=("mode", "rerun"),
    ),
    InputField(
        "exchange",
        "switch",
        label="Stop at",
        choices=("token", "code"),
        flag="--no-exchange",
        given=False,
        help="stop at the code",
    ),
    InputField(
        "timeout",
        "seconds",
        label="Timeout",
        hint="seconds",
        flag="--timeout",
        metavar="SECONDS",
        help="how long to wait for the redirect",
        default="300",
        used_by=("flow", "rerun"),
    ),
    InputField(
        "params",
        "pairs",
        label="Extra",
        hint="name=value",
        flag="--param",
        metavar="NAME=VALUE",
        help="extra parameter of the authorization request (repeatable)",
    ),
    InputField(
        "token_params",
        "pairs",
        flag="--token-param",
        metavar="NAME=VALUE",
        help="extra field of the token request (repeatable)",
    ),
    InputField(
        "carry_cookies",
        "switch",
        flag="--carry-cookies",
        help="send the cookies of the direct authorization request with the token request, as one browser would",
    ),
    InputField(
        "verify_tls",
        "switch",
        flag="--insecure",
        given=False,
        help="do not verify the server's certificate; said loudly and recorded",
        used_by=("flow", "rerun"),
        kept=True,
    ),
    InputField(
        "ca_file",
        flag="--ca-file",
        metavar="PATH",
        help="certificates (PEM) to trust beside the system's",
        used_by=("deployment",),
        kept=True,
    ),
    InputField("registered", "list", help="the redirect URIs that are registered there", used_by=(), kept=True),
    InputField("endpoints", "list", help="the endpoints that may be probed", used_by=(), kept=True),
)

FIELDS = {field.name: field for field in INPUTS}

KEPT = tuple(field for field in INPUTS if field.kept)
"""What `config.toml` may hold of an environment."""

DOTENV = {field.dotenv: field.name for field in INPUTS if field.dotenv}
"""By name in a `.env` file, as the vendor documents them: the input."""
