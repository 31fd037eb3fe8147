"""The form: filled in, its mistakes named as they are typed, and never a traceback whatever is put into it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.secret import Secret
from airisk_tui.tui.run.request.drafting import draft_of, notes_of, port_note
from airisk_tui.tui.run.request.field import Choice, Field
from airisk_tui.tui.run.request.form import Form, FormValues
from airisk_tui.tui.run.request.preview import Preview, RequestText, by_parameter
from airisk_tui.tui.shared.dialogs import ConfirmScreen
from tests.tui.conftest import REGISTERED, SECRET, OpenTui, TuiOpener, at_sizes

RUBBISH = [
    "x" * 10_000,
    "🦀" * 50,
    "a\x1b[31mb\x07\x9b0m",
    "javascript:alert(1)",
    "  ",
    "[red]x[/]",
    "a\u202eb\u200b",
    "\ud800",
    "http://[::1",
]


async def test_the_cursor_is_in_the_first_field_and_the_form_is_filled(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        assert tui.screen.focused is tui.screen.query_one(Form).field("client_id")
        draft = tui.screen.request.draft()
        assert (draft.client_id, draft.redirect_uri) == ("demo-app", REGISTERED)
        assert draft.client_secret == Secret(SECRET)
        assert SECRET not in tui.text
        assert "demo-app" in tui.text


async def test_a_keystroke_changes_the_preview(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("end", "&")
        assert "demo-app%26" in tui.text
        tui.screen.query_one(Form).field("client_id").value = "in-the-same-frame"
        assert "in-the-same-frame" in tui.screen.query_one(RequestText).render().plain


async def test_a_keystroke_lays_nothing_out_anew(open_tui: TuiOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_tui() as tui:
        await tui.press("end", "a")
        laid_out: list[str] = []
        monkeypatch.setattr(tui.screen, "_refresh_layout", lambda *args, **more: laid_out.append("all"))
        await tui.press("b", "c", "backspace")
        assert tui.screen.request.draft().client_id == "demo-appab"
        assert laid_out == []


async def test_a_mistake_is_named_below_its_field_and_goes_when_it_is_mended(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.query_one(Form).field("redirect_uri").focus()
        await tui.press("end", "#", "x")
        assert "fragment" in tui.text
        await tui.press("backspace", "backspace")
        assert "fragment" not in tui.text


async def test_a_note_that_stays_the_same_is_not_drawn_again(
    open_tui: TuiOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_tui() as tui:
        form, drawn = tui.screen.query_one(Form), list[str]()
        form.note("client_id", Content("Once."), "warning")
        monkeypatch.setattr(Static, "update", lambda self, content: drawn.append(str(content)))
        form.note("client_id", Content("Once."), "warning")
        form.note("client_id", None)
        form.note("client_id", Content("Once."), "warning")
        form.note("client_id", Content("Twice."), "warning")
        assert drawn == ["△ Twice."]


async def test_an_unregistered_redirect_uri_is_laid_beside_the_nearest(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        field = tui.screen.query_one(Form).field("redirect_uri")
        field.value = REGISTERED.replace("callback", "calback")
        await tui.pilot.pause()
        notes = notes_of(tui.screen.query_one(Form).values, tui.screen.request.draft())
        sentence = notes["redirect_uri"].sentence
        assert "Not registered in sandbox" in sentence.plain
        assert REGISTERED in sentence.plain
        at = REGISTERED.index("callback") + 3
        assert f"character {at + 1}" in sentence.plain
        marked = [sentence.plain[span.start : span.end] for span in sentence.spans if "reverse" in str(span.style)]
        assert marked == ["l"]


async def test_a_redirect_uri_that_is_like_none_is_answered_with_those_that_are_registered(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.query_one(Form).field("redirect_uri").value = "https://app.example.com/oauth/cb"
        await tui.pilot.pause()
        notes = notes_of(tui.screen.query_one(Form).values, tui.screen.request.draft())
        sentence = notes["redirect_uri"].sentence.plain
        assert "nor like any that is" in sentence and REGISTERED in sentence and "nearest" not in sentence


async def test_an_https_loopback_redirect_uri_is_said_to_bring_a_warning_of_the_browser(open_tui: TuiOpener) -> None:
    uri = f"https://127.0.0.1:{free_port()}/callback"
    async with open_tui() as tui:
        tui.session.environments["sandbox"] = replace(tui.session.environments["sandbox"], registered=(uri,))
        await tui.screen.request.use_environment("sandbox")
        tui.screen.query_one(Form).field("redirect_uri").value = uri
        tui.screen.query_one(Form).set_mode("browser")
        tui.screen.request.draw_draft()
        await tui.until(lambda: "will warn" in tui.text)
        draft = tui.screen.request.draft()
        assert port_note(draft.to(mode="direct")) is None
        assert port_note(draft.to(redirect_uri=uri.replace("https", "http"))) is None


async def test_a_run_with_a_mistake_does_not_start_and_leads_to_the_field(open_tui: TuiOpener) -> None:
    async with open_tui(size=(80, 24)) as tui:
        tui.screen.query_one(Form).field("client_id").value = ""
        await tui.pilot.pause()
        await tui.press("f6")
        assert not tui.session.runs
        assert tui.screen.focused is tui.screen.query_one(Form).field("client_id")


async def test_extra_parameters_are_sent_in_their_order_and_make_room_for_more(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        form = tui.screen.query_one(Form)
        form.field("extra_0").value = "prompt=login"
        await tui.until(lambda: form.query("#extra-1"))
        form.field("extra_1").value = "a=b=c"
        await tui.pilot.pause()
        assert tui.screen.request.draft().params.items == (("prompt", "login"), ("a", "b=c"))
        await tui.until(lambda: "a%3D" not in tui.text and "b%3Dc" in tui.text)


async def test_a_nameless_extra_parameter_is_a_mistake(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.query_one(Form).field("extra_0").value = "=x"
        await tui.pilot.pause()
        notes = notes_of(tui.screen.query_one(Form).values, tui.screen.request.draft())
        assert notes["extra_0"].severity == "error"


async def test_state_can_be_left_out_and_made_anew(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        first = tui.screen.request.draft().state
        await tui.press("ctrl+g")
        second = tui.screen.request.draft().state
        assert second and second != first
        await tui.press("ctrl+n")
        assert tui.screen.request.draft().state is None
        assert "state" not in dict(tui.screen.request.draft().authorization_params)


def masked(tui: OpenTui) -> bool:
    """Whether the client secret stands nowhere on the screen."""
    assert "Client secret" in tui.text
    return SECRET[:12] not in tui.text


async def test_S7_a_key_and_the_word_beside_the_field_show_the_secret_and_mask_it(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        assert masked(tui)
        await tui.press("f9")
        assert not masked(tui)
        await tui.press("f9")
        assert masked(tui)
        field = tui.screen.query_one("#client-secret", Field)
        await tui.pilot.click(field, offset=(field.outer_size.width - 4, 0))
        assert not masked(tui)


async def test_S7_the_palette_shows_the_secret(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("ctrl+p", *"client secret")
        await tui.until(lambda: "Reveal or mask" in tui.text)
        await tui.press("enter")
        await tui.until(lambda: not masked(tui))


async def test_S7_a_run_masks_the_secret_again(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("f9", "ctrl+r")
        assert tui.session.runs
        assert masked(tui)


@pytest.mark.parametrize("key", ["f1", "ctrl+p", "ctrl+o", "f5", "f8"])
async def test_S7_another_screen_masks_the_secret_again(open_tui: TuiOpener, key: str) -> None:
    async with open_tui() as tui:
        await tui.press("f9", key)
        await tui.until(lambda: len(tui.app.screen_stack) == 2)
        await tui.pilot.pause()
        assert tui.screen.query_one("#client-secret", Field).password


async def test_S7_another_environment_masks_the_secret_again(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("f9")
        tui.screen.query_one("#environment", Choice).choose("staging")
        await tui.until(lambda: tui.screen.request.draft().environment == "staging")
        assert tui.screen.query_one("#client-secret", Field).password


async def test_what_was_typed_is_kept_for_each_environment(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.query_one(Form).field("userid").value = "user_42"
        await tui.pilot.pause()
        choice = tui.screen.query_one("#environment", Choice)
        choice.choose("staging")
        await tui.until(lambda: tui.screen.request.draft().environment == "staging")
        assert tui.screen.request.draft().userid == ""
        assert tui.screen.request.draft().base_url == "https://airisk.example.com"
        choice.choose("sandbox")
        await tui.until(lambda: tui.screen.request.draft().environment == "sandbox")
        assert tui.screen.request.draft().userid == "user_42"


async def test_every_field_takes_rubbish(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        form = tui.screen.query_one(Form)
        for rubbish in RUBBISH:
            for name in ("client_id", "client_secret", "redirect_uri", "userid", "state", "timeout", "extra_0"):
                form.field(name).value = rubbish
            await tui.pilot.pause()
            assert [note for note in form.query(".note") if note.display], repr(rubbish)
            assert all(c.isprintable() for line in tui.text.split("\n") for c in line), repr(rubbish)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20), st.text(max_size=30), st.integers(1, 60))
def test_any_text_makes_a_draft_notes_and_a_preview(a: str, b: str, c: str, d: str, width: int) -> None:
    texts = {"client_id": a, "redirect_uri": b, "timeout": c, "userid": d, "state": a, "client_secret": b}
    choices = {"encoding": "json", "mode": "browser", "exchange": "code"}
    filled = FormValues(
        environment="x",
        values={**texts, **choices},
        pairs=dict.fromkeys(("extra_0", "also_0", "named_0"), a) if a else {},
    )
    base = Draft(
        environment="x", base_url="https://h", client_id="", redirect_uri="", registered=(b + "y", "http://z/")
    )
    draft = draft_of(filled, base)
    assert all(note.sentence.plain.isprintable() for note in notes_of(filled, draft).values())
    assert by_parameter(draft, width).plain.replace("\n", "").isprintable()


def test_a_form_without_a_base_url_makes_a_draft_for_the_sandbox() -> None:
    filled = FormValues(environment="sandbox", values={})
    base = Draft(environment="sandbox", base_url="http://127.0.0.1:9000", client_id="demo-app", redirect_uri=REGISTERED)
    assert draft_of(filled, base) == base


async def test_the_whole_url_is_one_key_away(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("ctrl+l")
        url = tui.screen.request.draft().authorization_url
        assert url[:40] in tui.text.replace("\n", "")
        assert tui.screen.query_one(Preview)


async def test_a_long_value_scrolls_with_the_cursor(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("end")
        tui.screen.query_one("#client-id", Field).insert_text_at_cursor("x" * 60)
        await tui.press("y", "z")
        assert "xxxyz" in tui.text
        await tui.press("home")
        assert "demo-appxxx" in tui.text.splitlines()[3]


async def test_another_deployment_and_stopping_at_the_code_are_choices_of_the_form(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        assert "other" in tui.screen.query_one("#environment", Choice).options
        tui.screen.query_one("#exchange", Choice).value = "code"
        await tui.until(lambda: tui.screen.request.draft().exchange is False)


async def test_an_empty_form_blames_nobody_before_a_run_is_asked_for(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.screen.request.use_environment("staging")
        tui.screen.query_one("#client-id", Field).clear()
        await tui.pilot.pause()
        tui.session.environments["staging"] = replace(tui.session.environments["staging"], client_id="")
        await tui.screen.request.use_environment("sandbox")
        await tui.screen.request.use_environment("staging")
        assert "There is a mistake above" in tui.text  # it was typed in, and emptied
        for field in tui.screen.query(Field):
            field.touched = False
        tui.screen.request.draw_draft()
        await tui.pilot.pause()
        assert "client ID is empty" not in tui.text
        assert "There is a mistake above" not in tui.text
        await tui.press("f6")
        assert "client ID is empty" in tui.text
        assert tui.screen.focused is tui.screen.query_one("#client-id")


async def test_a_burst_of_edits_is_answered_once(open_tui: TuiOpener) -> None:
    assert Form.Edited("client_id").can_replace(Form.Edited("redirect_uri"))
    assert not Form.Edited("client_id").can_replace(Form.Launched())


async def test_tab_goes_on_before_the_letters_that_follow_it(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        tui.screen.query_one("#client-id", Field).focus()
        for field in ("client_id", "client_secret", "userid"):
            tui.screen.query_one(Form).field(field).clear()
        await tui.pilot.pause()
        for key in ("a", "b", "tab", "s", "tab", "tab", "tab", "u"):
            tui.app.post_message(Key(key, key if len(key) == 1 else None))
        await tui.until(lambda: tui.screen.query_one("#userid", Field).value == "u")
        assert tui.screen.query_one("#client-id", Field).value == "ab"
        assert tui.screen.query_one("#client-secret", Field).value == "s"


async def test_the_rows_are_those_that_the_server_has_a_use_for(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        form = tui.screen.query_one(Form)

        def seen() -> set[str]:
            rows = {"userid", "issuer", "scope", "client_auth"}
            return {name for name in rows for row in form.query(f"#{name.replace('_', '-')}") if row.display}

        await tui.until(lambda: seen() == {"userid"})
        tui.screen.request.action_use_environment("other")
        await tui.until(lambda: seen() == {"userid", "issuer"})
        form.put("issuer", "https://login.example.com")
        await tui.until(lambda: seen() == {"issuer", "scope", "client_auth"})
        draft = tui.screen.request.draft()
        assert (draft.standard, draft.issuer, draft.scope) == (True, "https://login.example.com", "")
        assert "base_url" not in {mistake.field for mistake in draft.mistakes}
        form.put("issuer", "")
        form.put("base_url", "https://airisk.example.com")
        await tui.until(lambda: seen() == {"userid"})


async def test_a_pasted_request_of_another_client_fills_the_form_in_after_a_question(open_tui: TuiOpener) -> None:
    curl = (
        "curl https://api.example.com/api/oauth2/Token \\\n -F client_id=abc123 -F client_secret=hush-4711 -F code=Splxl "
        "-H 'X-Api: 2'"
    )
    async with open_tui() as tui:
        await tui.paste(curl)
        await tui.until(lambda: isinstance(tui.app.screen, ConfirmScreen))
        assert "token.header.X-Api: — → 2" in tui.text and "hush" not in tui.text
        await tui.press("y")
        await tui.until(lambda: tui.screen.request.draft().client_id == "abc123")
        draft = tui.screen.request.draft()
        assert (draft.environment, draft.base_url, draft.encoding) == ("other", "https://api.example.com", "multipart")
        assert draft.client_secret is not None and draft.client_secret.reveal() == "hush-4711"
        assert draft.client_secret.origins == frozenset({"https://api.example.com:443"})
        assert Edit("token", "header", "X-Api", "add", "2") in draft.edits
        await tui.paste("curl --mystery http://h/")
        await tui.until(lambda: any("cannot be imitated" in one.message for one in tui.app._notifications))


@at_sizes((60, 20), (140, 45))
async def test_the_sandboxs_fault_stands_on_its_row_and_is_chosen_there(
    open_tui: TuiOpener, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    class Playing:
        faults: tuple[str, ...] = ()

    async with open_tui(size=size) as tui:
        monkeypatch.setitem(tui.session.embedded._servers, "sandbox", Playing())
        tui.screen.request.draw_faults()
        await tui.pilot.pause()
        row = tui.screen.query_one("#environment", Choice)
        assert "‹ sandbox ›" in tui.text and "fault: none ▾" in tui.text
        await tui.pilot.click("#environment", offset=(row.size.width - 3, 0))
        await tui.press(*"renamed code", "enter")
        assert tui.screen.request.faults == "code-renamed" and re.search("fault: code-re.* ▾", tui.text)
        tui.session.embedded._servers.clear()
