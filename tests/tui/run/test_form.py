"""The form: filled in, its mistakes named as they are typed, and never a traceback whatever is put into it."""

from __future__ import annotations

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
from airisk_tui.tui.run.palette import fault_commands
from airisk_tui.tui.run.request.drafting import draft_of, notes_of, port_note
from airisk_tui.tui.run.request.field import Choice, Field
from airisk_tui.tui.run.request.form import Form, FormValues
from airisk_tui.tui.run.request.preview import Preview, by_parameter
from airisk_tui.tui.shared.dialogs import ConfirmScreen
from airisk_tui.tui.shared.drawing.text import FittedText
from tests.tui.conftest import REGISTERED, SECRET, OpenTui, TuiOpener

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
        assert "in-the-same-frame" in tui.screen.query_one(Preview).query_one(FittedText).render().plain


async def test_a_keystroke_lays_nothing_out_anew(open_tui: TuiOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_tui() as tui:
        await tui.press("end", "a")
        laid_out: list[str] = []
        monkeypatch.setattr(tui.screen, "_refresh_layout", lambda *args, **more: laid_out.append("all"))
        await tui.press("b", "c", "backspace")
        assert tui.screen.request.draft().client_id == "demo-appab"
        assert laid_out == []


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


def masked(tui: OpenTui) -> bool:
    """Whether the client secret stands nowhere on the screen."""
    assert "Client secret" in tui.text
    return SECRET[:12] not in tui.text


async def test_S7_a_key_a_word_and_the_palette_show_the_secret_and_whatever_comes_next_masks_it(
    open_tui: TuiOpener,
) -> None:
    async with open_tui() as tui:
        assert masked(tui)
        await tui.press("f9")
        assert not masked(tui)
        await tui.press("f9")
        assert masked(tui)
        field = tui.screen.query_one("#client-secret", Field)
        await tui.pilot.click(field, offset=(field.outer_size.width - 4, 0))
        assert not masked(tui)
        for key in ("f1", "ctrl+p", "ctrl+o", "f5"):
            await tui.press(key)
            await tui.until(lambda: len(tui.app.screen_stack) == 2)
            assert field.password, key
            await tui.press("escape", "escape", "f9")
            await tui.until(lambda: len(tui.app.screen_stack) == 1 and not field.password)
        tui.screen.query_one("#environment", Choice).choose("staging")
        await tui.until(lambda: tui.screen.request.draft().environment == "staging")
        assert field.password
        assert not [*fault_commands(tui.screen.request, tui.session)], "only the sandbox has faults to choose"
        await tui.press("ctrl+p", *"client secret")
        await tui.until(lambda: "Reveal or mask" in tui.text)
        await tui.press("enter")
        await tui.until(lambda: not field.password)
        await tui.press("f8")
        await tui.until(lambda: len(tui.app.screen_stack) == 2)
        assert field.password


async def test_S7_a_run_masks_the_secret_again(open_tui: TuiOpener) -> None:
    async with open_tui() as tui:
        await tui.press("f9", "ctrl+r")
        assert tui.session.runs
        assert masked(tui)


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
    filled = FormValues({})
    base = Draft(environment="sandbox", base_url="http://127.0.0.1:9000", client_id="demo-app", redirect_uri=REGISTERED)
    assert draft_of(filled, base) == base


def test_of_several_mistakes_of_a_field_the_worst_is_shown() -> None:
    secret = Secret(" " + "x" * 100_000)
    draft = Draft(environment="x", base_url="https://h", client_id="abc", redirect_uri=REGISTERED, client_secret=secret)
    assert [one.severity for one in draft.mistakes if one.field == "client_secret"] == ["warning", "warning", "error"]
    assert notes_of(FormValues({}), draft)["client_secret"].severity == "error"


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
    assert Form.Edited().can_replace(Form.Edited())
    assert not Form.Edited().can_replace(Form.EnvironmentChosen("sandbox"))


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
