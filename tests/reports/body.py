"""The answer to the authorization request stands in a body."""

from __future__ import annotations

from tests.reports.answers import as_json, page, says
from tests.reports.report import CODE, Direct, Report, Right

LOCATION = "{uri}?code={code}&state={state}"
NO_GUESS = r"leads to something that is no authorization server|answer-without-redirect"
FOUND = Right(sent_code=(CODE, None), never=NO_GUESS, says=r"body|JSON|page|text|address")

REPORTS = (
    Report(
        name="json-with-the-redirect",
        source="Ark-Aak/cp-oauth#67, govuk-one-login/authentication-api#1189",
        symptom="A 200 holds the address to go to as a member of a JSON document.",
        play=Direct(authorize=as_json(200, {"redirect": LOCATION})),
        right=FOUND,
    ),
    Report(
        name="json-with-the-redirect-inside",
        source="govuk-one-login/authentication-api#1189",
        symptom="The address to go to stands a level deeper in the document, beside the session.",
        play=Direct(authorize=as_json(200, {"data": {"redirectUrl": LOCATION}, "session": "s-1"})),
        right=FOUND,
    ),
    Report(
        name="json-text-that-is-the-redirect",
        source="spring-attic/spring-authorization-server#757",
        symptom="For clients that are services the code is handed over in a 200, whose body is one JSON text: the address.",
        play=Direct(authorize=as_json(200, LOCATION)),
        right=FOUND,
    ),
    Report(
        name="json-with-the-code",
        source="oauthlib/oauthlib#199, mozilla/fxa-content-server#6084",
        symptom="A 200 holds code and state themselves, in JSON.",
        play=Direct(authorize=as_json(200, {"code": "{code}", "state": "{state}"})),
        right=Right(sent_code=(CODE, None), never=NO_GUESS, says=r"body|JSON"),
    ),
    Report(
        name="json-with-the-code-under-its-long-name",
        source="oauthjs/node-oauth2-server#612",
        symptom="A 200 holds the code as authorizationCode, with when it ends.",
        play=Direct(authorize=as_json(200, {"authorizationCode": "{code}", "expiresAt": "2030-01-01T00:00:00Z"})),
        right=Right(sent_code=(CODE, None), never=NO_GUESS, says=r"authorizationCode|body"),
    ),
    Report(
        name="code-on-a-page",
        source="spring-attic/spring-security-oauth#402, okpy/ok#1023",
        symptom="The code is printed on a page, to be copied into the program by hand.",
        play=Direct(
            authorize=page(
                200, "<title>Success code={code}&state={state}</title><body>Copy this code: <b>{code}</b></body>"
            )
        ),
        right=Right(sent_code=(CODE, None), says=r"page|body", fix=r"paste"),
    ),
    Report(
        name="page-with-a-meta-refresh",
        source="iterate/iterate#158",
        symptom="A page in between shows the address and goes there by itself only in a browser.",
        play=Direct(authorize=page(200, '<head><meta http-equiv="refresh" content="0;url=' + LOCATION + '"></head>')),
        right=Right(sent_code=(CODE, None), says=r"refresh|page", fix=r"--mode (browser|paste)"),
    ),
    Report(
        name="form-that-posts-itself",
        source="panva/node-oidc-provider#81",
        symptom="In place of a redirect the server gives a form that a script submits to the redirect URI.",
        play=Direct(
            authorize=page(
                200,
                '<body onload="document.forms[0].submit()"><form method="post" action="{uri}">'
                '<input type="hidden" name="code" value="{code}"/><input type="hidden" name="state" value="{state}"/>'
                "</form></body>",
            )
        ),
        right=Right(says=r"form", fix=r"--mode browser|response_mode", sent_code=(CODE, None)),
    ),
    Report(
        name="json-error-that-names-the-redirect-uri",
        source="highflame-ai/zeroid#279, highflame-ai/zeroid#263",
        symptom="The refusal is a JSON document in place of a redirect, and names the redirect URI.",
        play=Direct(
            authorize=as_json(400, {"error": "invalid_request", "error_description": "redirect_uri does not match"}),
        ),
        right=Right(fix=r"--redirect-uri|redirect URI", sent_code=None, outcome=("authorization-refused",)),
    ),
    Report(
        name="json-error-that-names-the-client",
        source="giantswarm/mcp-oauth#315",
        symptom="A client that nobody knows is refused by a JSON document, which a browser shows as it is.",
        play=Direct(authorize=as_json(400, {"error": "invalid_client", "error_description": "client not found"})),
        right=Right(says=r"client", fix=r"--client-id|client id", sent_code=None, outcome=("authorization-refused",)),
    ),
    Report(
        name="json-error-client-although-the-uri-is-wrong",
        source="simplesamlphp/simplesamlphp-module-oidc#94",
        symptom="A redirect URI that is not registered is answered by invalid_client and nothing else.",
        play=Direct(authorize=as_json(401, {"error": "invalid_client"})),
        right=Right(says=r"redirect.URI", sent_code=None, outcome=("authorization-refused",)),
    ),
    Report(
        name="json-error-that-wants-a-parameter",
        source="spring-attic/spring-authorization-server#1546",
        symptom="The server names the parameter that it does not accept, and the client does not repeat it.",
        play=Direct(authorize=says(400, "[invalid_request] OAuth 2.0 Parameter: client_id")),
        right=Right(says=r"client_id", fix=r"--client-id", sent_code=None),
    ),
    Report(
        name="page-that-says-mismatch",
        source="Zverik/cli-oauth2#2",
        symptom="A page says that the redirect URI is malformed or not the client's.",
        play=Direct(
            authorize=page(
                400,
                "<body><h1>An error has occurred</h1><p>The requested redirect uri is malformed or doesn't match client "
                "redirect URI.</p></body>",
            )
        ),
        right=Right(says=r"redirect.URI", fix=r"--redirect-uri|redirect URI", sent_code=None),
    ),
)
