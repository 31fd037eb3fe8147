"""The form: filled in, its mistakes named as they are typed, and never a traceback whatever is put into it."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from airisk_tui.engine.draft import Draft
from airisk_tui.oauth.secret import Secret
from airisk_tui.tui.run.drafting import draft_of, notes_of, port_note
from airisk_tui.tui.run.field import Choice, Field
from airisk_tui.tui.run.form import Form, FormValues
from airisk_tui.tui.run.preview import Preview, by_parameter
from tests.tui.conftest import REGISTERED, SECRET, Stage, StageMaker

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


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def test_the_cursor_is_in_the_first_field_and_the_form_is_filled(staged: StageMaker) -> None:
    async with staged() as stage:
        assert stage.screen.focused is stage.screen.query_one(Form).field("client_id")
        draft = stage.screen.draft()
        assert (draft.client_id, draft.redirect_uri) == ("demo-app", REGISTERED)
        assert draft.client_secret == Secret(SECRET)
        assert SECRET not in stage.text
        assert "demo-app" in stage.text


async def test_a_keystroke_changes_the_preview(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("end", "&")
        assert "demo-app%26" in stage.text


async def test_a_mistake_is_named_below_its_field_and_goes_when_it_is_mended(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one(Form).field("redirect_uri").focus()
        await stage.press("end", "#", "x")
        assert "fragment" in stage.text
        await stage.press("backspace", "backspace")
        assert "fragment" not in stage.text


async def test_a_note_that_stays_the_same_is_not_drawn_again(
    staged: StageMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged() as stage:
        form, drawn = stage.screen.query_one(Form), list[str]()
        form.note("client_id", Content("Once."), "warning")
        monkeypatch.setattr(Static, "update", lambda self, content: drawn.append(str(content)))
        form.note("client_id", Content("Once."), "warning")
        form.note("client_id", None)
        form.note("client_id", Content("Once."), "warning")
        form.note("client_id", Content("Twice."), "warning")
        assert drawn == ["△ Twice."]


async def test_an_unregistered_redirect_uri_is_laid_beside_the_nearest(staged: StageMaker) -> None:
    async with staged() as stage:
        field = stage.screen.query_one(Form).field("redirect_uri")
        field.value = REGISTERED.replace("callback", "calback")
        await stage.pilot.pause()
        notes = notes_of(stage.screen.query_one(Form).values, stage.screen.draft())
        sentence = notes["redirect_uri"].sentence
        assert "Not registered in sandbox" in sentence.plain
        assert REGISTERED in sentence.plain
        at = REGISTERED.index("callback") + 3
        assert f"character {at + 1}" in sentence.plain
        marked = [sentence.plain[span.start : span.end] for span in sentence.spans if "reverse" in str(span.style)]
        assert marked == ["l"]


async def test_a_redirect_uri_that_is_like_none_is_answered_with_those_that_are_registered(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one(Form).field("redirect_uri").value = "https://app.example.com/oauth/cb"
        await stage.pilot.pause()
        notes = notes_of(stage.screen.query_one(Form).values, stage.screen.draft())
        sentence = notes["redirect_uri"].sentence.plain
        assert "nor like any that is" in sentence and REGISTERED in sentence and "nearest" not in sentence


async def test_an_https_loopback_redirect_uri_is_said_to_bring_a_warning_of_the_browser(staged: StageMaker) -> None:
    uri = f"https://127.0.0.1:{free_port()}/callback"
    async with staged() as stage:
        stage.session.environments["sandbox"] = replace(stage.session.environments["sandbox"], registered=(uri,))
        await stage.screen.use_environment("sandbox")
        stage.screen.query_one(Form).field("redirect_uri").value = uri
        stage.screen.query_one(Form).set_mode("browser")
        stage.screen.draw_draft()
        await stage.until(lambda: "warn once" in stage.text)
        draft = stage.screen.draft()
        assert port_note(draft.to(mode="direct")) is None
        assert port_note(draft.to(redirect_uri=uri.replace("https", "http"))) is None


async def test_a_run_with_a_mistake_does_not_start_and_leads_to_the_field(staged: StageMaker) -> None:
    async with staged(size=(80, 24)) as stage:
        stage.screen.query_one(Form).field("client_id").value = ""
        await stage.pilot.pause()
        await stage.press("f6")
        assert not stage.session.runs
        assert stage.screen.focused is stage.screen.query_one(Form).field("client_id")


async def test_extra_parameters_are_sent_in_their_order_and_make_room_for_more(staged: StageMaker) -> None:
    async with staged() as stage:
        form = stage.screen.query_one(Form)
        form.field("extra_0").value = "prompt=login"
        await stage.until(lambda: form.query("#extra-1"))
        form.field("extra_1").value = "a=b=c"
        await stage.pilot.pause()
        assert stage.screen.draft().params.items == (("prompt", "login"), ("a", "b=c"))
        await stage.until(lambda: "a%3D" not in stage.text and "b%3Dc" in stage.text)


async def test_a_nameless_extra_parameter_is_a_mistake(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one(Form).field("extra_0").value = "=x"
        await stage.pilot.pause()
        notes = notes_of(stage.screen.query_one(Form).values, stage.screen.draft())
        assert notes["extra_0"].severity == "error"


async def test_state_can_be_left_out_and_made_anew(staged: StageMaker) -> None:
    async with staged() as stage:
        first = stage.screen.draft().state
        await stage.press("ctrl+g")
        second = stage.screen.draft().state
        assert second and second != first
        await stage.press("ctrl+n")
        assert stage.screen.draft().state is None
        assert "state" not in dict(stage.screen.draft().authorization_params)


def masked(stage: Stage) -> bool:
    """Whether the client secret stands nowhere on the screen."""
    assert "Client secret" in stage.text
    return SECRET[:12] not in stage.text


async def test_S7_a_key_and_the_word_beside_the_field_show_the_secret_and_mask_it(staged: StageMaker) -> None:
    async with staged() as stage:
        assert masked(stage)
        await stage.press("f9")
        assert not masked(stage)
        await stage.press("f9")
        assert masked(stage)
        field = stage.screen.query_one("#client-secret", Field)
        await stage.pilot.click(field, offset=(field.outer_size.width - 4, 0))
        assert not masked(stage)


async def test_S7_the_palette_shows_the_secret(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("ctrl+p", *"client secret")
        await stage.until(lambda: "Show or mask" in stage.text)
        await stage.press("enter")
        await stage.until(lambda: not masked(stage))


async def test_S7_a_run_masks_the_secret_again(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("f9", "ctrl+r")
        assert stage.session.runs
        assert masked(stage)


@pytest.mark.parametrize("key", ["f1", "ctrl+p", "ctrl+o", "f5", "f8"])
async def test_S7_another_screen_masks_the_secret_again(staged: StageMaker, key: str) -> None:
    async with staged() as stage:
        await stage.press("f9", key)
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.pilot.pause()
        assert stage.screen.query_one("#client-secret", Field).password


async def test_S7_another_environment_masks_the_secret_again(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("f9")
        stage.screen.query_one("#environment", Choice).choose("staging")
        await stage.until(lambda: stage.screen.draft().environment == "staging")
        assert stage.screen.query_one("#client-secret", Field).password


async def test_what_was_typed_is_kept_for_each_environment(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one(Form).field("userid").value = "user_42"
        await stage.pilot.pause()
        choice = stage.screen.query_one("#environment", Choice)
        choice.choose("staging")
        await stage.until(lambda: stage.screen.draft().environment == "staging")
        assert stage.screen.draft().userid == ""
        assert stage.screen.draft().base_url == "https://airisk.example.com"
        choice.choose("sandbox")
        await stage.until(lambda: stage.screen.draft().environment == "sandbox")
        assert stage.screen.draft().userid == "user_42"


async def test_every_field_takes_rubbish(staged: StageMaker) -> None:
    async with staged() as stage:
        form = stage.screen.query_one(Form)
        for rubbish in RUBBISH:
            for name in ("client_id", "client_secret", "redirect_uri", "userid", "state", "timeout", "extra_0"):
                form.field(name).value = rubbish
            await stage.pilot.pause()
            assert [note for note in form.query(".note") if note.display], repr(rubbish)
            assert all(c.isprintable() for line in stage.text.split("\n") for c in line), repr(rubbish)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20), st.text(max_size=30), st.integers(1, 60))
def test_any_text_makes_a_draft_notes_and_a_preview(a: str, b: str, c: str, d: str, width: int) -> None:
    texts = {"client_id": a, "redirect_uri": b, "timeout": c, "userid": d, "state": a, "client_secret": b}
    choices = {"encoding": "json", "mode": "browser", "exchange": "code"}
    filled = FormValues(environment="x", values={**texts, **choices}, extras={"extra_0": a} if a else {})
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


async def test_the_whole_url_is_one_key_away(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("ctrl+l")
        url = stage.screen.draft().authorization_url
        assert url[:40] in stage.text.replace("\n", "")
        assert stage.screen.query_one(Preview)


async def test_a_long_value_scrolls_with_the_cursor(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.press("end")
        stage.screen.query_one("#client-id", Field).insert_text_at_cursor("x" * 60)
        await stage.press("y", "z")
        assert "xxxyz" in stage.text
        await stage.press("home")
        assert "demo-appxxx" in stage.text.splitlines()[3]


async def test_another_deployment_and_stopping_at_the_code_are_choices_of_the_form(staged: StageMaker) -> None:
    async with staged() as stage:
        assert "other" in stage.screen.query_one("#environment", Choice).options
        stage.screen.query_one("#exchange", Choice).value = "code"
        await stage.until(lambda: stage.screen.draft().exchange is False)


async def test_an_empty_form_blames_nobody_before_a_run_is_asked_for(staged: StageMaker) -> None:
    async with staged() as stage:
        await stage.screen.use_environment("staging")
        stage.screen.query_one("#client-id", Field).clear()
        await stage.pilot.pause()
        stage.session.environments["staging"] = replace(stage.session.environments["staging"], client_id="")
        await stage.screen.use_environment("sandbox")
        await stage.screen.use_environment("staging")
        assert "There is a mistake above" in stage.text  # it was typed in, and emptied
        for field in stage.screen.query(Field):
            field.touched = False
        stage.screen.draw_draft()
        await stage.pilot.pause()
        assert "client ID is empty" not in stage.text
        assert "There is a mistake above" not in stage.text
        await stage.press("f6")
        assert "client ID is empty" in stage.text
        assert stage.screen.focused is stage.screen.query_one("#client-id")


async def test_a_burst_of_edits_is_answered_once(staged: StageMaker) -> None:
    assert Form.Edited("client_id").can_replace(Form.Edited("redirect_uri"))
    assert not Form.Edited("client_id").can_replace(Form.Launched())


async def test_tab_goes_on_before_the_letters_that_follow_it(staged: StageMaker) -> None:
    async with staged() as stage:
        stage.screen.query_one("#client-id", Field).focus()
        for field in ("client_id", "client_secret", "userid"):
            stage.screen.query_one(Form).field(field).clear()
        await stage.pilot.pause()
        for key in ("a", "b", "tab", "s", "tab", "tab", "tab", "u"):
            stage.app.post_message(Key(key, key if len(key) == 1 else None))
        await stage.until(lambda: stage.screen.query_one("#userid", Field).value == "u")
        assert stage.screen.query_one("#client-id", Field).value == "ab"
        assert stage.screen.query_one("#client-secret", Field).value == "s"


async def test_the_rows_are_those_that_the_server_has_a_use_for(staged: StageMaker) -> None:
    async with staged() as stage:
        form = stage.screen.query_one(Form)

        def seen() -> set[str]:
            rows = {"userid", "issuer", "scope", "client_auth"}
            return {name for name in rows for row in form.query(f"#{name.replace('_', '-')}") if row.display}

        await stage.until(lambda: seen() == {"userid"})
        stage.screen.action_use_environment("other")
        await stage.until(lambda: seen() == {"userid", "issuer"})
        form.put("issuer", "https://login.example.com")
        await stage.until(lambda: seen() == {"issuer", "scope", "client_auth"})
        draft = stage.screen.draft()
        assert (draft.standard, draft.issuer) == (True, "https://login.example.com")
        assert "base_url" not in {mistake.field for mistake in draft.mistakes()}
        form.put("issuer", "")
        form.put("base_url", "https://airisk.example.com")
        await stage.until(lambda: seen() == {"userid"})
