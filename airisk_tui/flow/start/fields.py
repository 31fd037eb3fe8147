"""The inputs of a run, each described once (command-line.md, FLOW).

The options of the commands, the rows of the form, the keys of `config.toml`, the names in a `.env` file and the documentation are made
from this table. The module imports nothing of the program, because the command line and the first frame of the screen need it first.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "text or none", "secret", "choice", "switch", "seconds", "pairs", "list", "edits", "steps"]
"""The kind of a value. switch: an option without a value; pairs: NAME=VALUE, repeatable; list: repeatable if it is an option; edits:
edits of the requests, repeatable, all options of this kind together in their order; steps: names of steps, separated by commas."""

Use = Literal["flow", "mode", "rerun", "deployment", "callback"]
"""The commands that have the option of an input. flow: all that run a flow, and the screen; mode: the same, each with its own default;
rerun: `replay --against`; deployment: `environments add`; callback: `doctor`."""


class Option(NamedTuple):
    """The option that sets an input. metavar: the value's name in the help, None to list the choices; default: the value without the
    option, as the help says it, or ""; given: the value that a switch sets."""

    flag: str
    metavar: str | None
    help: str
    used_by: tuple[Use, ...] = ("flow",)
    default: str = ""
    given: bool = True

    @property
    def sentence(self) -> str:
        """The help with the default."""
        return f"{self.help} (default: {self.default})" if self.default else self.help


class InputField(NamedTuple):
    """One input.

    name: the field of `flow.start.inputs.Settings` and the key in `config.toml`; "fields" changes names of the dialect. label: of its
    row in the form, "" if it has none; about: the help of the row; hint: the text in an empty row. choices: the allowed values, the
    default first; for a switch, the words of the form. kept: whether an environment in `config.toml` has it; dialect: the only dialect
    that has it; dotenv: its name in a `.env` file; variable: its environment variable; more: whether the form shows its row only when
    unfolded; every: the steps that an option of kind "steps" means without a value, () for all; of_machine: whether it belongs to this
    machine, so that it is neither taken from another person's recording nor written into a recipe.
    """

    name: str
    kind: Kind = "text"
    option: Option | None = None
    label: str = ""
    about: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    kept: bool = False
    dialect: Literal["", "airisk", "standard"] = ""
    dotenv: str = ""
    variable: str = ""
    more: bool = False
    every: tuple[str, ...] = ()
    of_machine: bool = False


SANDBOX = "sandbox"
"""The environment of the embedded AIRisk server."""

SANDBOX_STANDARD = "sandbox-standard"
"""The environment of the embedded issuer, which speaks the standard dialect."""

EMBEDDED = (SANDBOX, SANDBOX_STANDARD)
"""The environments of servers inside the program, each with applications, secrets and users of its own."""

OTHER = "other"
"""A deployment without a name: the person fills in its address and its application."""

SECRET_VARIABLE = "AIRISK_CLIENT_SECRET"  # noqa: S105 - the variable's name

KEPT_BY: tuple[Use, ...] = ("flow", "deployment")

INPUTS = (
    InputField(
        "environment",
        option=Option("--env", "NAME", "the environment", ("flow", "callback"), "the configured one, else sandbox"),
        label="Environment",
        about="The deployment that the flow runs against. The sandbox is a server inside this program.",
    ),
    InputField(
        "base_url",
        option=Option("--base-url", "URL", "the deployment, such as https://airisk.example.com", KEPT_BY),
        label="Base URL",
        about="Where the deployment lives, without /api. The authorization request goes to BASE/api/oauth2.",
        hint="https://airisk.example.com",
        kept=True,
    ),
    InputField(
        "issuer",
        option=Option(
            "--issuer",
            "URL",
            "any other OAuth server, by its issuer; its metadata supplies the rest (excludes --base-url)",
            KEPT_BY,
        ),
        label="Issuer",
        about="The address by which a server of the standard dialect names itself. Endpoints and methods come from its metadata.",
        hint="https://login.example.com",
        kept=True,
    ),
    InputField(
        "client_id",
        option=Option("--client-id", "ID", "the registered identifier of the application", KEPT_BY),
        label="Client ID",
        about="The identifier that the server gave the application when it was registered.",
        kept=True,
        dotenv="CLIENT_ID",
    ),
    # Never an option: other programs of the machine can read a program's arguments.
    InputField(
        "client_secret",
        "secret",
        label="Client secret",
        about="Shows the server that the request is the application’s. It stays in memory and is never written anywhere.",
        dotenv="CLIENT_SECRET",
        variable=SECRET_VARIABLE,
    ),
    InputField(
        "redirect_uri",
        option=Option(
            "--redirect-uri", "URI", "the registered address to which the code is sent", (*KEPT_BY, "callback")
        ),
        label="Redirect URI",
        about="Where the browser is sent with the code. It must be registered exactly as it is written here.",
        kept=True,
    ),
    InputField(
        "listen",
        option=Option(
            "--listen",
            "ADDRESS:PORT",
            "the address to listen on, if not that of the redirect URI: behind a port mapping or a TLS proxy",
            (*KEPT_BY, "rerun", "callback"),
        ),
        label="Listen on",
        about="Where this program listens, if not where the redirect URI leads: behind a port mapping, or a proxy that ends TLS.",
        hint="empty: as the redirect URI says",
        kept=True,
        of_machine=True,
    ),
    InputField(
        "listen_publicly",
        "switch",
        Option(
            "--listen-publicly",
            None,
            "let --listen be an address that other machines reach, such as 0.0.0.0 in a container; the run says so and records it",
            (*KEPT_BY, "rerun", "callback"),
        ),
        label="Public listen",
        about="Whether the address to listen on may be one that other machines reach, such as 0.0.0.0 in a container. "
        "The run says so and records it.",
        choices=("yes", "no"),
        more=True,
        kept=True,
        of_machine=True,
    ),
    InputField(
        "userid",
        option=Option("--userid", "ID", "the user to act for; left out: a generic token", KEPT_BY),
        label="User id",
        about="The user on whose behalf the token acts. Empty: a generic token, for the application itself.",
        hint="empty: generic token",
        dialect="airisk",
        kept=True,
        dotenv="USER_ID",
    ),
    InputField(
        "state",
        "text or none",
        Option("--state", "VALUE|none", "a state of your own, or none to send none", default="a fresh one"),
        label="State",
        about="A value that must come back unchanged; it protects against forged answers. It is made fresh for each run.",
    ),
    InputField(
        "encoding",
        "choice",
        Option("--body", None, "the encoding of the token request", KEPT_BY),
        label="Token body",
        about="How the token request's body is written. OAuth has form; AIRisk documents json as well.",
        choices=("form", "json", "multipart"),
        kept=True,
    ),
    InputField(
        "dialect",
        "choice",
        Option("--dialect", None, "which names the server uses", ("deployment",), "airisk"),
        choices=("airisk", "standard"),
        kept=True,
    ),
    InputField(
        "fields",
        "pairs",
        Option(
            "--field",
            "NAME=VALUE",
            "a name of the dialect that this server changes, such as token=access_code",
            KEPT_BY,
        ),
        label="Field names",
        about="What this server calls a thing, written as name=value, one in each row: token=access_code, pkce=true, "
        "client_auth=basic, authorize_path=/oauth2/authorize.",
        hint="name=value",
        more=True,
        kept=True,
    ),
    InputField(
        "scope",
        "text or none",
        Option(
            "--scope",
            "SCOPE|none",
            "the requested scope, separated by spaces",
            KEPT_BY,
            "openid if the server supports it",
        ),
        label="Scope",
        about="What the token is to allow (RFC 6749 §3.3). Empty: openid where the server speaks OpenID Connect, else none.",
        hint="empty: openid where supported",
        dialect="standard",
        kept=True,
    ),
    InputField(
        "client_auth",
        "choice",
        Option(
            "--client-auth",
            "METHOD",
            "how the client authenticates: basic, post, none, private_key_jwt or client_secret_jwt",
            KEPT_BY,
            "by the dialect, the metadata and the credentials",
        ),
        label="Client auth",
        about="How the client shows who it is at the token endpoint. auto: by the metadata; none where there is no secret.",
        choices=("auto", "basic", "post", "none", "private_key_jwt", "client_secret_jwt"),
        dialect="standard",
        kept=True,
    ),
    InputField(
        "client_key",
        option=Option("--client-key", "FILE", "the private key (PEM) that signs for private_key_jwt", KEPT_BY),
        label="Client key",
        about="The path of the private key (PEM) that signs for private_key_jwt.",
        hint="a file",
        dialect="standard",
        more=True,
        kept=True,
    ),
    InputField(
        "pkce",
        "choice",
        Option(
            "--pkce",
            None,
            "whether PKCE protects the code; wrong: with a verifier that does not fit, to test the server",
            KEPT_BY,
            "on if the dialect or the metadata has it",
        ),
        label="PKCE",
        about="Whether PKCE protects the code (RFC 7636). auto: where the server is known to have it. wrong: to see whether it looks.",
        more=True,
        choices=("auto", "on", "off", "wrong"),
        kept=True,
    ),
    InputField(
        "par",
        "choice",
        Option(
            "--par",
            None,
            "whether the authorization request is pushed to the server first (RFC 9126)",
            KEPT_BY,
            "on if the metadata requires it",
        ),
        label="Push request",
        about="Whether the authorization request is pushed to the server first (RFC 9126). auto: where the metadata demands it.",
        dialect="standard",
        more=True,
        choices=("auto", "on", "off"),
        kept=True,
    ),
    InputField(
        "nonce",
        "text or none",
        Option("--nonce", "VALUE|none", "the nonce for the ID token, or none to send none", default="a fresh one"),
        label="Nonce",
        about="What the ID token must repeat (OpenID Connect Core §3.1.2.1). Empty: a fresh one; none: none is sent.",
        hint="empty: a fresh one",
        dialect="standard",
        more=True,
    ),
    InputField(
        "response_mode",
        "choice",
        Option("--response-mode", None, "how the answer comes to the redirect URI", KEPT_BY, "query"),
        label="Response mode",
        about="How the answer comes to the redirect URI. query is what a server does anyway, and is not sent.",
        more=True,
        choices=("query", "form_post", "fragment"),
        kept=True,
    ),
    InputField(
        "mode",
        "choice",
        Option(
            "--mode",
            None,
            "in the browser, by asking the server directly, by pasting the redirect, or on another device (RFC 8628)",
            ("mode", "rerun"),
            "browser",
        ),
        label="Mode",
        about="browser: open one and listen. direct: ask without a browser. paste: open it anywhere, paste what comes back. "
        "device: type a code on another device.",
        choices=("browser", "direct", "paste", "device"),
    ),
    InputField(
        "exchange",
        "switch",
        Option("--no-exchange", None, "stop at the code", given=False),
        label="Stop at",
        about="Whether the run exchanges the code for a token, or stops when it has the code.",
        choices=("token", "code"),
    ),
    InputField(
        "timeout",
        "seconds",
        Option("--timeout", "SECONDS", "how long to wait for the redirect", ("flow", "rerun"), "300"),
        label="Timeout",
        about="Seconds to wait for the redirect.",
        hint="seconds",
    ),
    InputField(
        "params",
        "pairs",
        Option("--param", "NAME=VALUE", "extra parameter of the authorization request (repeatable)"),
        label="Extra",
        about="A parameter of your own in the authorization request, written as name=value, one in each row.",
        hint="name=value",
    ),
    InputField(
        "token_params",
        "pairs",
        Option("--token-param", "NAME=VALUE", "extra field of the token request (repeatable)"),
        label="Token extra",
        about="A field of your own in the token request, written as name=value, one in each row.",
        hint="name=value",
        more=True,
    ),
    InputField(
        "carry_cookies",
        "switch",
        Option(
            "--carry-cookies",
            None,
            "send the cookies of the direct authorization request with the token request, as one browser would",
        ),
        label="Carry cookies",
        about="Whether the cookies of the direct authorization request go with the token request, as one browser would send them.",
        choices=("yes", "no"),
        more=True,
    ),
    InputField(
        "verify_tls",
        "switch",
        Option(
            "--insecure",
            None,
            "do not verify the server's certificate; the run says so and records it",
            ("flow", "rerun"),
            given=False,
        ),
        kept=True,
        of_machine=True,
    ),
    InputField(
        "ca_file",
        option=Option(
            "--ca-file", "PATH", "certificates (PEM) to trust beside the system's", ("flow", "rerun", "deployment")
        ),
        kept=True,
        of_machine=True,
    ),
    InputField(
        "edits",
        "edits",
        Option(
            "--set",
            "STEP.PLACE.NAME=VALUE",
            "change a request before it is sent: the value of a param, header or body field of the push, authorization, token or "
            "probe request (repeatable, as the next two)",
        ),
    ),
    InputField("omitted", "edits", Option("--omit", "STEP.PLACE.NAME", "leave that out of the request")),
    InputField("added", "edits", Option("--add", "STEP.PLACE.NAME=VALUE", "send that once more, or beside the rest")),
    InputField(
        "then",
        "steps",
        Option(
            "--then",
            "STEP,…",
            "what to do with the token of a server known by its issuer: userinfo, introspect, refresh, revoke (without a value: all "
            "four), and code-again, to see that a code is refused after its use",
        ),
        choices=("userinfo", "introspect", "refresh", "revoke", "code-again"),
        every=("userinfo", "introspect", "refresh", "revoke"),
    ),
    InputField(
        "probes",
        "list",
        Option(
            "--call",
            "ENDPOINT",
            "call this endpoint with the token, such as “GET /api/GetConversations”; by GET, HEAD or OPTIONS (repeatable)",
        ),
    ),
    InputField(
        "hold",
        "steps",
        Option(
            "--hold",
            "STEP,…",
            "stop before these steps, so that their request can be edited: authorization, redirect, token, probes, and of a server "
            "known by its issuer discovery, push, device, poll, userinfo, introspect, refresh, revoke, code-again (without a value: all)",
        ),
        choices=(
            *("discovery", "push", "authorization", "device", "redirect", "token", "poll"),
            *("userinfo", "introspect", "refresh", "revoke", "code-again", "probes"),
        ),
    ),
    InputField("registered", "list", about="The redirect URIs that are registered there.", kept=True),
    InputField(
        "endpoints",
        "list",
        Option(
            "--endpoint",
            "ENDPOINT",
            "an endpoint that may be probed, as “GET /PATH generic=refused user=allowed” (repeatable)",
            ("deployment",),
        ),
        kept=True,
    ),
    InputField(
        "documented_endpoints",
        "switch",
        Option(
            "--no-documented-endpoints",
            None,
            "probe only the environment's own endpoints, not those of the vendor's documentation",
            ("deployment",),
            given=False,
        ),
        kept=True,
    ),
)

FIELDS = {field.name: field for field in INPUTS}

KEPT = tuple(field for field in INPUTS if field.kept)
"""The inputs that an environment in `config.toml` may have."""

DOTENV = {field.dotenv: field.name for field in INPUTS if field.dotenv}
"""By name in a `.env` file (protocol.md, ways of use), the input."""


def used_in(*uses: Use) -> dict[str, Option]:
    """By input, the options with one of these uses, in their order."""
    return {field.name: one for field in INPUTS if (one := field.option) is not None and {*uses} & {*one.used_by}}
