"""What is pasted and is no answer is refused with a reason; what may be one is taken (threats.md L12)."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.dialect import AIRISK, STANDARD, Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import Redirect, authorization_params, authorization_request, read_redirect
from airisk_tui.oauth.redirect.paste import PasteFault, read_paste
from airisk_tui.oauth.redirect.repairs import Repair, joined_lines, on_one_line

BASE = "https://airisk.example.com"
URI = "http://127.0.0.1:8765/callback"
OURS = authorization_request(
    BASE, AIRISK, authorization_params(AIRISK, client_id="a", redirect_uri=URI, state="s")
).address
URLISH = st.text("abcode=&?#/:.%[]@\x00\ud800 é+127") | st.text(st.characters())
ANY_DIALECT = st.sampled_from([AIRISK, STANDARD, Dialect(code="auth_code")])


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        f"  <{OURS}>\n",
        OURS[:30] + "\n" + OURS[30:],
        OURS.partition("?")[2],
        "https://other.example.com/API/oauth2/?x=y",
        f"{BASE}/api/oauth2",
        "https://other.example.com/authorize?client_id=a&redirect_uri=b",
    ],
)
def test_L12_the_address_to_open_is_not_the_one_that_the_browser_ended_on(text: str) -> None:
    assert read_paste(text, BASE, AIRISK).fault == "authorization-request"


@pytest.mark.parametrize("text", [f"{BASE}/Account/Login?ReturnUrl=%2F", f"{URI}?x=y", "a=b", f"{URI}#x=y"])
def test_L12_an_address_without_code_error_and_state_is_no_answer(text: str) -> None:
    assert read_paste(text, BASE, AIRISK).fault == "no-answer"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("https://idp.example.com/u/login?state=hKFo2SBIaGVsbG8", "no-answer"),
        (f"{URI}?state=st4teOfThisRun", None),
        (f"{URI}?code=abc7&sta", "state-cut"),
        (f"{URI}?code=abc7&", "state-cut"),
        ("st4teOfThisRun", "own-value"),
        ("demo-app", "own-value"),
        ("www.example.com", "no-address"),
        ("ERR_CONNECTION_REFUSED", "no-address"),
        ("YOUR_CODE_HERE", "no-address"),
    ],
)
def test_L12_what_is_near_an_answer_is_told_from_one(text: str, fault: PasteFault | None) -> None:
    assert read_paste(text, BASE, AIRISK, "st4teOfThisRun", ("demo-app", None)).fault == fault


@pytest.mark.parametrize(
    "text",
    [
        f"https://app.example.com/login?returnUrl={quote('/callback?code=abc7&state=s', safe='')}",
        f"{URI}#/callback?code=abc7&state=s",
    ],
)
def test_L12_an_answer_in_another_address_or_behind_a_route_is_taken(text: str) -> None:
    paste = read_paste(text, BASE, AIRISK, "s")
    assert (paste.fault, Params.parse(paste.query).get("code")) == (None, "abc7")


@pytest.mark.parametrize("text", ["", "  ", "two words", "https://127.0.0.1/", "http://[::1"])
def test_L12_what_is_neither_an_address_with_a_query_nor_a_code_is_no_answer(text: str) -> None:
    assert read_paste(text, BASE, AIRISK).fault == "no-address"


@pytest.mark.parametrize(
    "text",
    [
        "abc7",
        "abc==",
        f"{URI}?code=x&state=s",
        "?code=x",
        "code=x",
        f"{URI}?error=access_denied",
        f"{URI}?state=s",
        f"{URI}?auth_code=x",
        f"{URI}#code=x",
        f"{URI}#access_token=x",
        f"{BASE}/api/oauth2?code=x",
        f"{BASE}/api/oauth2?error=no",
    ],
)
def test_L12_what_may_be_the_answer_is_taken(text: str) -> None:
    assert read_paste(text, BASE, AIRISK).fault is None


CODE, STATE = "SplxlOBeZQQYbYS6WxSbIA", "caseSTATE1234567890"
ANSWER = f"{URI}?code={CODE}&state={STATE}"
ENCODED = "http%3A%2F%2F127.0.0.1%3A8765%2Fcallback%3Fcode%3D" + CODE + "%26state%3D" + STATE


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        (f"\x1b[200~{ANSWER}\x1b[201~", "paste-markers"),
        (f"^[[200~{ANSWER}^[[201~", "paste-markers"),
        (f"[200~{ANSWER}", "paste-markers"),
        (f"\ufeff{ANSWER}", "invisible-characters"),
        (ANSWER.replace("&", "\u200b&"), "invisible-characters"),
        (ANSWER[:44] + "\n" + ANSWER[44:], "line-breaks"),
        (ANSWER[:44] + "\r" + ANSWER[44:], "line-breaks"),
        (ANSWER[:44] + "   \r\n    " + ANSWER[44:], "line-breaks"),
        (ANSWER[:44] + "\n> " + ANSWER[44:], "line-breaks"),
        (ANSWER[:44] + "    " + ANSWER[44:], "line-breaks"),
        (f"“{ANSWER}”", "quotation"),
        (f"‘{ANSWER}’,", "quotation"),
        (f"„{ANSWER}“", "quotation"),
        (f"`{ANSWER}`", "quotation"),
        (f"<{ANSWER}>.", "quotation"),
        (f"({ANSWER})", "quotation"),
        (f'{{"code": "{CODE}", "state": "{STATE}"}}', "json"),
        (f'[{{"data": {{"redirectUrl": "{ANSWER}"}}}}]', "json"),
        (f"[Log in]({ANSWER})", "markdown-link"),
        (f"[{ANSWER}]({ANSWER})", "markdown-link"),
        (f"GET /callback?code={CODE}&state={STATE} HTTP/1.1", "http-message"),
        (f"GET /callback?code={CODE}&state={STATE} HTTP/1.1\r\nHost: 127.0.0.1\r\n", "http-message"),
        (f"HTTP/1.1 302 Found\r\nLocation: {ANSWER}\r\n\r\n", "http-message"),
        (f"< location: {ANSWER}", "http-message"),
        (f"https://eur01.safelinks.protection.outlook.com/?url={ENCODED}&data=05%7C02", "link-protector"),
        (f"https://www.google.com/url?q={ENCODED}&sa=D", "link-protector"),
        (f"https://urldefense.com/v3/__{ANSWER}__;!!xyz$", "link-protector"),
        (ANSWER.replace("code=", "code=3D").replace("state=", "=\nstate=3D"), "quoted-printable"),
        (ENCODED, "percent-encoding"),
        (ANSWER.replace("&", "&amp;"), "html-escape"),
        (ANSWER.replace("&", "&#38;"), "html-escape"),
        (ANSWER.replace("&", r"\u0026"), "json-escape"),
        (ANSWER.replace("?", r"\?").replace("&", r"\&").replace("=", r"\="), "shell-escape"),
        (f"{ANSWER}.", "punctuation"),
        (f"{ANSWER}),", "punctuation"),
        (f"│ {URI}?code={CODE}& │\n│ state={STATE} │", "line-breaks"),
        (f"{BASE}/approval?auto=true&response=code%3D{CODE}%26state%3D{STATE}", "percent-encoding"),
        (f"{CODE}%23{STATE}", "percent-encoding"),
        (f"{CODE}#{STATE}", "code-and-state"),
        (f"{URI}#code={CODE}&state={STATE}", "fragment"),
        (f"#code={CODE}&state={STATE}", "fragment"),
    ],
)
def test_L12_what_a_program_on_the_way_did_is_taken_back_and_named(text: str, repair: Repair) -> None:
    paste = read_paste(text, BASE, AIRISK, STATE)
    assert (dict(Params.parse(paste.query)), paste.fault) == ({"code": CODE, "state": STATE}, None)
    assert repair in paste.repairs


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{CODE}#another-state", "no-code"),
        (f'{CODE}"}}', "no-code"),
        (f"code-is-{CODE}%3A%2F%2F", "no-address"),
        ("help", "no-address"),
        ("Location:", "no-address"),
        ("Authorization code:", "no-address"),
        ("q", "no-address"),
        ("^C", "no-address"),
        ('{"token": "abc"}', "no-code"),
        ("{", "no-code"),
        ("chrome-error://chromewebdata/", "error-page"),
        ("about:blank", "error-page"),
        (f"{URI}?code={CODE}&state=case…", "cut-short"),
        (f"{CODE[:8]}...", "cut-short"),
        (f"Your code is {CODE}", "no-address"),
    ],
)
def test_L12_what_can_be_no_code_is_never_sent_as_one(text: str, fault: PasteFault) -> None:
    assert read_paste(text, BASE, AIRISK, STATE).fault == fault


@pytest.mark.parametrize("text", [ANSWER, f"?code={CODE}&state={STATE}", CODE, "abc==", "4/0Adeu5BW/x~-_."])
def test_L12_what_came_whole_is_taken_as_it_is(text: str) -> None:
    assert read_paste(text, BASE, AIRISK, STATE).repairs == ()


def test_L12_a_code_that_was_copied_out_of_an_address_is_decoded() -> None:
    paste = read_paste("4%2F0AdLIrYdKzyw2", BASE, AIRISK, STATE)
    assert (paste.kind, paste.query, paste.repairs) == ("code", "code=4%2F0AdLIrYdKzyw2", ("percent-encoding",))


def test_a_full_stop_that_may_belong_to_the_answer_stays() -> None:
    ends = f"{URI}?state={STATE}&code={CODE}."
    assert read_paste(ends, BASE, AIRISK, STATE).query.endswith(f"{CODE}.")


@given(st.text(), st.text(), st.none() | st.text())
def test_any_text_is_read_without_an_exception(text: str, base_url: str, state: str | None) -> None:
    paste = read_paste(text, base_url, STANDARD, state)
    assert paste.fault is not None or paste.query


@given(st.text(alphabet="ab#{}\"'<>\\%3A2F/:=?& \n"))
def test_L12_no_bare_code_holds_what_shows_that_it_is_none(text: str) -> None:
    paste = read_paste(text, BASE, AIRISK)
    if paste.kind == "code" and paste.fault is None:
        code = Params.parse(paste.query).get("code") or ""
        assert not set(code) & set("#{}\"'<>\\ \n") and "://" not in code


@pytest.mark.parametrize("cut", [5, 24, 30, 44, len(ANSWER) - 3])
def test_L12_an_address_that_a_terminal_broke_over_lines_is_one_paste(cut: int) -> None:
    lines = (ANSWER[:cut], ANSWER[cut:])
    assert joined_lines(lines, STATE) == (("\n".join(lines),) if cut > 8 else lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["not an address", ANSWER],
        [ANSWER, ANSWER],
        [ANSWER, "and now?"],
        [CODE, CODE],
        [f"{URI}?error=access_denied&state={STATE}", ANSWER],
    ],
)
def test_L12_lines_that_stand_for_themselves_stay_apart(lines: list[str]) -> None:
    assert joined_lines(lines, STATE) == tuple(lines)


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        (f"https://localhost/callback?code={CODE}&state=xyz", ("url", f"code={CODE}&state=xyz")),
        (f"  <https://localhost/callback?code={CODE}>\r\n", ("url", f"code={CODE}")),
        (f"https://localhost/callb\n   ack?code={CODE[:5]}\n{CODE[5:]}", ("url", f"code={CODE}")),
        (f"localhost:8765/callback?code={CODE}", ("url", f"code={CODE}")),
        (f"/callback?code={CODE}", ("url", f"code={CODE}")),
        (f"https://localhost/callback#code={CODE}", ("url", f"code={CODE}")),
        (f"?code={CODE}&state=xyz", ("query", f"code={CODE}&state=xyz")),
        (f"code={CODE}&state=xyz", ("query", f"code={CODE}&state=xyz")),
        (f"code={CODE}&iss=https://as.example/", ("query", f"code={CODE}&iss=https://as.example/")),
        (f"#code={CODE}", ("query", f"code={CODE}")),
        (f"'{CODE}'", ("code", f"code={CODE}")),
        ("4/0AX4_/+b==", ("code", "code=4%2F0AX4_%2F%2Bb%3D%3D")),
        ("/AbC==", ("code", "code=%2FAbC%3D%3D")),
        ("https://localhost/callback", ("url", "")),
        ("", ("nothing", "")),
        (" \n\t''", ("nothing", "")),
        ("wrapped-\n   code", ("code", "code=wrapped-code")),
        ("not a code", ("nothing", "")),
    ],
)
def test_l12_a_paste_is_a_url_a_query_or_a_bare_code(pasted: str, read: tuple[str, str]) -> None:
    paste = read_paste(pasted, BASE, AIRISK)
    assert (paste.kind, paste.query) == read


@given(URLISH, ANY_DIALECT)
def test_l12_any_paste_is_taken(text: str, dialect: Dialect) -> None:
    paste = read_paste(text, BASE, dialect)
    assert paste.kind in ("url", "query", "code", "nothing")
    assert isinstance(read_redirect(f"?{paste.query}", dialect), Redirect)
    assert not any(character.isspace() for character in paste.query)


@given(st.text("ABCabc019-._~/+", min_size=1))
def test_l12_a_bare_code_goes_through_unchanged(code: str) -> None:
    paste = read_paste(code, BASE, AIRISK)
    if "://" not in code:
        assert (paste.kind, read_redirect(f"?{paste.query}", AIRISK).code) == ("code", code)


ENCODED = quote(ANSWER, safe="")


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        (
            f'127.0.0.1 - - [28/Nov/2026 10:00:00] "GET /callback?code={CODE}&state={STATE} HTTP/1.1" 404 -',
            "surroundings",
        ),
        (f'<a href="{URI}?code={CODE}&amp;state={STATE}">here</a>', "surroundings"),
        (f'<meta http-equiv="refresh" content="0;url={URI}?code={CODE}&amp;state={STATE}">', "surroundings"),
        (f"<title>Success code={CODE}&amp;state={STATE}</title>", "surroundings"),
        (f"it ended on {ANSWER} and no page shows", "surroundings"),
        (f"<{ANSWER}|callback>", "surroundings"),
        (f"curl '{ANSWER}' \\", "surroundings"),
        (f"\x1b]8;;{ANSWER}\x1b\\link\x1b]8;;\x1b\\", "surroundings"),
        (f"https://secure-web.mail.example/1Ab/{ENCODED}", "surroundings"),
        (f"https://clicktime.mail.example/v1/query?url={ENCODED}&umid=1", "percent-encoding"),
        (f'signedIn({{"code": "{CODE}", "state": "{STATE}"}});', "surroundings"),
        (f"<answer>\n  <code>{CODE}</code>\n  <state>{STATE}</state>\n</answer>", "surroundings"),
        (f"[{ANSWER}]", "quotation"),
        (f"「{ANSWER}」", "quotation"),
        (ANSWER.replace("?", "？").replace("&", "＆").replace("=", "＝"), "full-width"),
        (ANSWER.replace("&", "^&"), "shell-escape"),
        (f"{CODE},{STATE}", "code-and-state"),
        (f'"{CODE}","{STATE}"', "code-and-state"),
        (f"{CODE}\t{STATE}", "code-and-state"),
        (f"{CODE} # {STATE}", "code-and-state"),
        (f"Code: {CODE}\nState: {STATE}", "labels"),
        (f"state: {STATE}\ncode: {CODE}", "labels"),
        (f"code\t{CODE}\nstate\t{STATE}", "labels"),
        (f"Success code={CODE}&state={STATE}", "labels"),
        (f"{{code: '{CODE}', state: '{STATE}'}}", "labels"),
        (f"> {URI}?code={CODE}\n> &state={STATE}", "line-breaks"),
    ],
)
def test_L12_an_answer_is_found_in_what_stands_around_it(text: str, repair: Repair) -> None:
    paste = read_paste(text, BASE, AIRISK, STATE)
    answer = Params.parse(paste.query)
    assert (answer.get("code"), answer.get("state"), paste.fault) == (CODE, STATE, None)
    assert repair in paste.repairs


@pytest.mark.parametrize("text", [f"code={CODE}", f"code: {CODE}", f"Your authorization code: {CODE}", f"({CODE})"])
def test_L12_a_code_with_its_name_is_a_code_alone(text: str) -> None:
    paste = read_paste(text, BASE, AIRISK, STATE)
    assert (paste.kind, paste.query) == ("code", f"code={CODE}")


def test_L12_text_around_another_state_is_no_answer_of_this_run() -> None:
    paste = read_paste(f'"GET /callback?code={CODE}&state=another HTTP/1.1" 404', BASE, AIRISK, STATE)
    assert "surroundings" not in paste.repairs


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{URI}?code={CODE[:5]}...&state={STATE}", "cut-short"),
        (f"{URI}?code={CODE}&state={STATE[:9]}", "state-cut"),
        ("Your code is invalid", "no-address"),
        ("error code: 404", "no-address"),
    ],
)
def test_L12_what_was_cut_is_never_sent(text: str, fault: PasteFault) -> None:
    assert read_paste(text, BASE, AIRISK, STATE).fault == fault


def test_L12_a_break_behind_an_equals_sign_is_no_mails() -> None:
    assert read_paste(f"{URI}?code=\n{CODE}&state={STATE}", BASE, AIRISK, STATE).query == f"code={CODE}&state={STATE}"
    assert read_paste(f"{URI}?code=3D{CODE}&state={STATE}", BASE, AIRISK, STATE).query == f"code=3D{CODE}&state={STATE}"


@pytest.mark.parametrize(
    "lines",
    [
        ["{", f'"code": "{CODE}",', f'"state": "{STATE}"', "}"],
        [f"{URI}?state={STATE}", f"&code={CODE}"],
        [f"code: {CODE}", f"state: {STATE}"],
        [f"state: {STATE}", f"code: {CODE}"],
        ["> " + ANSWER[:40], "> " + ANSWER[40:]],
        [CODE * 2, CODE],
    ],
)
def test_L12_lines_that_belong_together_are_one_paste(lines: list[str]) -> None:
    (joined,) = joined_lines(lines, STATE)
    assert CODE in read_paste(joined, BASE, AIRISK, STATE).query


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        f"here you go:\n{ANSWER}\nthanks",
        f"{ANSWER}\nthanks",
        f"> {URI}?code={CODE}\n> &state={STATE}",
        f"{URI}?code={CODE[:9]}\r\n    {CODE[9:]}&state={STATE}",
        f"{URI}?code=3D{CODE}&stat=\ne=3D{STATE}",
        f'{{\n  "code": "{CODE}",\n  "state": "{STATE}"\n}}',
        f"Code: {CODE}\nState: {STATE}",
        f"│ {URI}?code={CODE} │\n│ &state={STATE}    │",
    ],
)
def test_L12_a_box_of_one_line_takes_the_answer_out_of_several(text: str) -> None:
    answer = Params.parse(read_paste(on_one_line(text.splitlines()), BASE, AIRISK, STATE).query)
    assert (answer.get("code"), answer.get("state")) == (CODE, STATE)


def test_L12_a_code_that_a_terminal_broke_is_whole_in_a_box_of_one_line() -> None:
    assert on_one_line([CODE[:9], CODE[9:]]) == CODE
