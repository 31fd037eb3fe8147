"""A token came, and the question is whose it is."""

from __future__ import annotations

import json
from typing import Any

from tests.reports.answers import as_json, issues, jwt, of_a_user, only_if, problem, protected, written
from tests.reports.entries import AUTHORIZATION, TOKEN_URL, authorization, back, entry, form, har, token
from tests.reports.report import CLIENT, TOKEN, Compare, Direct, Har, Report, Right

FOR_USER = ("--userid", "user_42")
END = {"expiration": written("%Y-%m-%dT%H:%M:%SZ")}
CONVERSATIONS = [{"id": "c1", "title": "Plans", "userId": "user_7"}]
"""Another user's."""

LIST = json.dumps(CONVERSATIONS)
ANOTHER = r"token-for-another-user|acts for another"


def for_subject(subject: str, **more: Any) -> Any:
    """A token that names somebody."""
    return issues(access_token=jwt(sub=subject, **more), **END)


REPORTS = (
    Report(
        name="the-person-who-is-logged-in",
        source="fkooman/php-remote-storage#39, Null-Signal-Games/netrunnerdb#377, opencloud-eu/desktop#523",
        symptom="Somebody is still logged in as another person, and the application gets a token for that one.",
        play=Direct(options=FOR_USER, token=for_subject("user_7")),
        right=Right(says=r"user_7", fix=r"log out|private window|ListUsers|user's id"),
    ),
    Report(
        name="the-requester-in-place-of-the-user",
        source="owncloud/ocis#11063",
        symptom="A token is asked for on behalf of a user, and what it opens is the requester's own.",
        play=Compare(resource=protected(only_if(of_a_user, as_json(200, CONVERSATIONS), problem(403)))),
        right=Right(says=r"user_7", exit=10),
    ),
    Report(
        name="conversations-of-another-user-in-a-file",
        source="owncloud/client#9772, owncloud/oauth2#347",
        symptom="The login was another person's; the calls after it show whose data came.",
        play=Har(
            archive=har(
                authorization(url=AUTHORIZATION + "&userid=user_42"),
                back(),
                token(post=form(userid="user_42")),
                entry(
                    3,
                    "GET",
                    TOKEN_URL.replace("oauth2/Token", "Chat/GetConversations?results=50"),
                    200,
                    sent={"Authorization": f"Bearer {TOKEN}"},
                    content={"size": len(LIST), "mimeType": "application/json", "text": LIST},
                ),
            )
        ),
        right=Right(tells=r"user_7"),
    ),
    Report(
        name="another-user-beside-the-token",
        source="IdentityServer/IdentityServer3#1826",
        symptom="The token of another user came, and the answer said so.",
        play=Direct(options=FOR_USER, token=issues(user={"id": "user_7", "name": "Grace"}, **END)),
        right=Right(tells=r"user_7"),
    ),
    Report(
        name="everybody-gets-the-first-one-s-token",
        source="pysnippet/fastapi-oauth2#47",
        symptom="A cache at the server gives everybody the token of whoever came first.",
        play=Compare(token=issues(**END)),
        right=Right(first=("tokens-alike",), exit=10),
    ),
    Report(
        name="the-application-in-place-of-the-user",
        source="zf-fr/zfr-oauth2-server#23, laravel/passport#1901, oauthjs/node-oauth2-server#729",
        symptom="A token that belongs to nobody names the application as its owner.",
        play=Direct(options=FOR_USER, token=for_subject(CLIENT)),
        right=Right(first=("userid-ignored",), says=CLIENT, exit=10),
    ),
    Report(
        name="the-same-user-under-an-inner-id",
        source="owncloud/client#9158",
        symptom="The token names the user by an inner id, and the client takes that for another person.",
        play=Direct(options=FOR_USER, token=for_subject("4c5100aa-c86b-4815-8820-42cdf82c3d51")),
        right=Right(
            says=r"another name|another id|same user", fix=r"ListUsers|compare", never=ANOTHER + r"|userid-ignored"
        ),
    ),
    Report(
        name="the-same-user-in-other-letters",
        source="owncloud/oauth2#130, owncloud/oauth2#109",
        symptom="Logged in as one account, and asked for the very same one, differently written.",
        play=Direct(options=("--userid", "USER_42"), token=for_subject("user_42")),
        right=Right(outcome=("token",), never=ANOTHER + r"|userid-ignored"),
    ),
    Report(
        name="user-beside-the-token",
        source="thephpleague/oauth2-client#387",
        symptom="The answer of the token endpoint names the user beside the token, and it is another one.",
        play=Direct(
            options=FOR_USER,
            token=issues(user={"id": "user_7", "username": "grace", "full_name": "Grace"}, **END),
        ),
        right=Right(says=r"user_7", exit=10),
    ),
    Report(
        name="claims-of-the-other-account",
        source="zquestz/omniauth-google-oauth2#95",
        symptom="One account is hinted at, somebody logs in with another, and the claims are those of that one.",
        play=Direct(
            options=FOR_USER, token=for_subject("108-another-subject", email="grace@example.com", userid="user_7")
        ),
        right=Right(says=r"user_7|108-another-subject", exit=10),
    ),
)
