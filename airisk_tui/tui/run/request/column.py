"""The left column of the run screen: the form, the button that starts a run, and the request that the form makes.

The column has the draft that the form describes. It says what is wrong with it, asks what has to be asked before a run, and saves what
was typed until the next start. The first frame imports this module: its methods import what they need.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from airisk_tui.engine.machine.host import default_mode
from airisk_tui.flow.start.fields import EMBEDDED, OTHER, SANDBOX
from airisk_tui.tui.run.request.field import Choice, Field
from airisk_tui.tui.run.request.form import Form, input_of
from airisk_tui.tui.shared.screen import screen_of

if TYPE_CHECKING:
    from textual.timer import Timer

    from airisk_tui.engine.config.memory import Memory
    from airisk_tui.engine.draft import Draft
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.fix import Fix
    from airisk_tui.session.session import Session
    from airisk_tui.tui.options import AppOptions
    from airisk_tui.tui.run.request.drafting import Note
    from airisk_tui.tui.shared.screen import Host

MAX_DEPARTURES = 10
"""Departures that a question lists; `airisk-tui like FILE` lists all."""

REST = 0.4
"""Seconds without a keystroke after which it is checked whether the port is free, and what was typed is saved."""


class RequestColumn(Vertical):
    """options: from the command line; base: the draft of the chosen environment, from which the form was filled
    in, None until `open`. Posts Shown."""

    _session: Session
    """Set by `open`, right before `base`."""

    class Shown(Message):
        """The form shows another environment, or its server another fault. title: the environment for the title."""

        def __init__(self, title: str) -> None:
            self.title = title
            super().__init__()

    def __init__(self, options: AppOptions) -> None:
        super().__init__(id="request", classes="column")
        self.form = Form(options.environment or SANDBOX)
        self.base: Draft | None = None
        self.started_with = ""
        self._options = options
        self._run_state: FlowState | None = None
        self._used_state: str | None = None
        self._rest_timer: Timer | None = None
        self._note_free_port = False
        # The base URL that a person kept although it looks like that of another OAuth server.
        self._kept_base_url = ""
        # The client secret of the form, and the origins for which it was typed.
        self._typed_secret: tuple[str, frozenset[str] | None] = ("", None)

    def compose(self) -> ComposeResult:
        """The rows of the first frame; `complete` mounts the rest."""
        yield self.form

    async def complete(self) -> None:
        """Mount the whole form, the button and the preview."""
        from airisk_tui.tui.run.request.preview import Preview
        from airisk_tui.tui.run.request.start_button import StartButton

        mounting = self.mount(StartButton(), Preview())
        await self.form.complete()
        await mounting

    @property
    def _memory(self) -> Memory:
        return cast("Host", self.app).memory

    def open(self, session: Session) -> None:
        """Fill the form in from the environment of the options, else from the one that is the default."""
        self._session = session
        self.form.offer(tuple(session.environments))
        self.started_with = self._options.environment or session.configuration.default
        self.fill_in(self.started_with)
        for field in self.query(Field):
            self.watch(field, "value", self._preview_typing, init=False)

    def draft(self) -> Draft:
        """The draft that the form describes."""
        from airisk_tui.tui.run.request.drafting import draft_of

        if self.base is None:
            raise RuntimeError("The environment is not ready.")
        return draft_of(self.form.values, self.base, self._typed_secret[1])

    def mistake(self) -> Note | None:
        """Why no run can start with the form, or None; before it looks, it masks the secret and makes a fresh state where the last run
        used this one (RFC 6749 §10.12), unless a person typed it."""
        from airisk_tui.tui.run.request.drafting import notes_of

        self.form.show_secret(False)
        used = self._used_state is not None and self.draft().state == self._used_state
        if used and not self.form.field("state").touched:
            self.action_fresh_state()
        notes = notes_of(self.form.values, self.draft()).values()
        return next((note for note in notes if note.severity == "error"), None)

    def reach(self, mistake: Note) -> None:
        """Focus the row of a mistake; say it in a notice where the form has no such row now."""
        if not self.form.reach(mistake.field):
            screen_of(self).say(mistake.sentence.plain, "error")

    def used(self, draft: Draft) -> None:
        """Remember what a run starts with."""
        self._used_state = draft.state
        self.keep_rows(used=True)

    def confirm_draft(self, then: Callable[[Draft], None]) -> None:
        """Ask what has to be asked about the form, then call `then` with its draft.

        The questions are whether to use the issuer of a server whose base URL was typed, and whether the client secret may go to a
        server that it was not given for (threats.md F8).
        """
        from airisk_tui.oauth.metadata import likely_issuer

        draft = self.draft()
        issuer = "" if draft.standard or draft.environment in EMBEDDED else likely_issuer(draft.base_url)
        if not issuer or draft.base_url == self._kept_base_url:
            self._confirm_secret(then)
            return
        from airisk_tui.oauth.text.visible import visible
        from airisk_tui.tui.shared.dialogs import ConfirmScreen

        def decided(yes: bool | None) -> None:
            if yes:
                self._take_issuer(issuer)
            else:
                self._kept_base_url = draft.base_url
            self._confirm_secret(then)

        server = (
            f"The base URL looks like that of an OAuth server other than AIRisk, whose issuer is {visible(issuer)}."
        )
        question = f"{server}\nUse the issuer instead?"
        self.app.push_screen(ConfirmScreen(question), decided)

    def _confirm_secret(self, then: Callable[[Draft], None]) -> None:
        from airisk_tui.oauth.text.visible import visible

        self._bind_secret(anew=True)
        draft = self.draft()
        stranger = draft.stranger_to_its_secret
        if not stranger:
            then(draft)
            return
        from airisk_tui.tui.shared.dialogs import ConfirmScreen

        question = f"The client secret was given for another server, and would go to {visible(stranger)}.\nSend it there, this once?"
        self.app.push_screen(ConfirmScreen(question), lambda yes: then(draft.agreed()) if yes else None)

    def _bind_secret(self, *, anew: bool = False) -> None:
        """Bind the client secret to the server that is in the form when the secret is typed. anew: whether to bind one that was typed while
        there was no server."""
        if self.base is None:
            return
        text = self.form.values.values.get("client_secret", "")
        typed, origins = self._typed_secret
        if text != typed or (anew and origins is None):
            self._typed_secret = (text, None)
            secret = self.draft().bound().client_secret
            self._typed_secret = (text, secret.origins if secret is not None else None)

    async def use_environment(self, name: str) -> None:
        """Fill the form in from an environment, and start the server of one inside the program."""
        self.fill_in(name)
        await self.make_ready(name)

    def fill_in(self, name: str) -> None:
        """Fill the form in from an environment. The options of the command line belong to the first one."""
        session, form = self._session, self.form
        self.keep_rows()
        form.show_secret(False)
        session.prepare(name)
        overrides = self._overrides(name)
        self.base = session.draft(name, overrides)
        rows = {row: text for row, text in self._memory.rows(name).items() if input_of(row) not in overrides}
        form.fill(self.base, self._mode_in(name), rows)
        self.update_suggestions()
        self.draw_faults()
        self.draw_draft()

    def _overrides(self, name: str) -> dict[str, Any]:
        return dict(self._options.overrides) if name == self.started_with else {}

    def _mode_in(self, name: str) -> str:
        """The mode of an environment's runs before a person chooses one."""
        return self._overrides(name).get("mode") or default_mode()

    async def make_ready(self, name: str) -> None:
        """Start the server of an environment inside the program, and look for the secret in the keyring."""
        if (base := self.base) is None:
            return
        await self._session.ready(name)
        if base.client_secret is None and "client_secret" not in self._overrides(name):
            await self._add_kept_secret(base)

    async def _add_kept_secret(self, base: Draft) -> None:
        """Fill the secret of the keyring in once it comes: a keyring may ask the person first, or hang."""
        session = self._session
        kept = await session.keyring.kept(session.environments[base.environment], base.client_id)
        if session.keyring.problem:
            screen_of(self).say(session.keyring.problem, "warning")
        # Meanwhile another environment may have been chosen, or other values imitated: this secret is not for those.
        if kept is not None and base is self.base:
            self.base = base.to(client_secret=kept)
            self.form.fill(self.base)
            self.draw_draft()

    # What is saved until the next start

    def keep_rows(self, *, used: bool = False) -> None:
        """Save what was typed for this environment, as far as it is public. used: whether a run starts with it."""
        if self.base is None:
            return
        form, memory, draft, secret = self.form, self._memory, self.draft(), self.base.client_secret
        memory.keep_rows(draft.environment, self._session.public_rows(draft, form.typed, secret))
        if used:
            public = self._session.public_rows(draft, form.texts, secret)
            memory.used(draft.environment, [(input_of(row), text) for row, text in public.items()])
            self.update_suggestions()
        if problem := memory.save():
            screen_of(self).say(problem, "warning")

    def update_suggestions(self) -> None:
        """Give each row its earlier values and those that are known of the environment, for suggestions."""
        if self.base is None:
            return
        name, known = self.base.environment, self._session.known_values(self.base)
        for field in self.form.query(Field):
            row = input_of(field.name or "")
            field.known = tuple(dict.fromkeys((*self._memory.earlier(name, row), *known.get(row, ()))))

    @on(Field.SuggestionsAsked)
    def _list_suggestions(self, event: Field.SuggestionsAsked) -> None:
        from airisk_tui.tui.run.request.suggestions import Suggestions

        event.stop()
        self.screen.mount(Suggestions(event.field))

    def reset(self) -> None:
        """Forget what was typed for this environment, or imitated, except the secret."""
        if self.base is None:
            return
        name = self.base.environment
        self._memory.keep_rows(name, {})
        self.base = self._session.draft(name, self._overrides(name))
        self.form.reset(self.base, self._mode_in(name))
        self.draw_draft()
        self.run_worker(self.make_ready(name), exclusive=True, group="environment")

    def make_default(self) -> None:
        """Use the environment of the form wherever none is named from now on."""
        from airisk_tui.engine.config.environments import ConfigurationError, set_default

        if self.base is None:
            return
        name = self.base.environment
        try:
            set_default(self._session.home.config, name)
        except ConfigurationError as error:
            screen_of(self).say(str(error), "error")
        else:
            screen_of(self).say(f"{name} is the default environment now.")

    def carry_out(self, way: Fix, unseal: Callable[[str], str]) -> None:
        """Make the changes of a fix in the form. unseal: puts the secrets of the run into a value."""
        from airisk_tui.insight.fix import DropField, Rerun, SetField, UndoEdit, carried_out

        form = self.form
        for step in carried_out(way):
            match step:
                case SetField():
                    self.set_input(step.field, unseal(step.value or ""))
                case DropField():
                    form.drop(step.field)
                case Rerun(mode=mode):
                    form.put("mode", mode or "")
                case UndoEdit():
                    self._take_back(step.edit)

    async def action_run_with_other_scheme(self) -> None:
        """Write the redirect URI with the other scheme of http and https, and start a run in the browser."""
        scheme, separator, rest = self.draft().redirect_uri.partition("://")
        self.form.field("redirect_uri").value = f"{'http' if scheme == 'https' else 'https'}{separator}{rest}"
        await self.screen.run_action("run('browser')")

    def _take_issuer(self, issuer: str) -> None:
        """Put the issuer in the place of the base URL; its row is shown while there is no base URL."""
        form = self.form
        form.put("base_url", "")
        self.draw_draft()
        form.put("issuer", issuer)
        self.draw_draft()

    def set_input(self, name: str, value: str) -> None:
        """Set an input in its row, or where the form has none, in the draft. name: as fixes name inputs."""
        if self.base is not None and not self.form.put(name, value):
            self.base = self.base.with_changes({name: value})
            self.draw_draft()
            screen_of(self).say(f"The {name.replace('_', ' ')} is “{value}” for the next runs in this environment.")

    def _take_back(self, edit: str) -> None:
        """Undo a change of a request. edit: as fixes name it."""
        if self.base is not None:
            kept = tuple(one for one in self.base.edits if f"{one.action} {one.target}" != edit)
            self.base = self.base.to(edits=kept)
            self.draw_draft()
            screen_of(self).say("The change is undone; the next run goes without it.")

    def action_choose_fault(self) -> None:
        """Ask which fault the embedded server should play."""
        if self.base is None or not self.faults:
            return
        from airisk_tui.sandbox.menu import menu_of
        from airisk_tui.tui.shared.dialogs import ChooseScreen

        menu = menu_of(self.base.dialect.name)
        names = ("", *menu)
        lines = ["none: it answers correctly", *(f"{name}: {fault.sentence}" for name, fault in menu.items())]
        question = ChooseScreen("Fault of the sandbox", lines, "The sandbox plays it from now on.")
        self.app.push_screen(question, lambda at: None if at is None else self.play_fault(names[at]))

    @property
    def faults(self) -> str:
        """The faults that the embedded server plays, or "none"; "" for an environment outside the program."""
        if self.base is None or self.base.environment not in EMBEDDED:
            return ""
        return ", ".join(self._session.embedded.faults(self.base.environment)) or "none"

    def play_fault(self, name: str) -> None:
        """Let the embedded server play a fault from now on. name: of the fault, "" for none."""
        server = self._session.embedded.find(self.base.environment) if self.base is not None else None
        if server is not None:
            server.faults = (name,) if name else ()
            self.draw_faults()

    def draw_faults(self) -> None:
        """Show the fault of the embedded server in the environment's row, and post Shown."""
        faults, name = self.faults, self.base.environment if self.base is not None else ""
        self.query_one("#environment", Choice).beside = f"fault: {faults}" if faults else ""
        self.post_message(self.Shown(name + (f" · fault: {faults}" if faults not in ("", "none") else "")))

    @on(Field.RequestPasted)
    def _imitate(self, event: Field.RequestPasted) -> None:
        """Ask whether to send what another client sends, and show where that departs from what is documented."""
        event.stop()
        if self.base is None:
            return
        from airisk_tui.recording.written import Unreadable, requests_in
        from airisk_tui.session.likeness import likeness, row_of
        from airisk_tui.tui.shared.dialogs import ConfirmScreen

        try:
            found = likeness(requests_in(event.text.encode("utf-8", "surrogatepass")), self.draft())
        except Unreadable as error:
            screen_of(self).say(f"What was pasted cannot be imitated: {error}.", "error")
            return
        rows = [f"{where}: {meant} → {sent}" for where, meant, sent in map(row_of, found.departures)]
        rest = rows[MAX_DEPARTURES:]
        more = [f"… and {len(rest)} more"] if rest else []
        told = "\n".join((*rows[:MAX_DEPARTURES], *more, *found.notes))
        question = "Send what this client sends, with a fresh code and state? What is documented → what it sends:\n"
        same = "It sends what is documented."
        self.app.push_screen(
            ConfirmScreen(question + (told if rows else f"{same}\n{told}")),
            lambda yes: self._take(found.draft) if yes else None,
        )

    def _take(self, draft: Draft) -> None:
        """Fill the form in with another client's inputs. Where they go to another server, the environment becomes `OTHER`."""
        if self.base is None:
            return
        name = self.base.environment if draft.base_url == self.base.base_url else OTHER
        if name != self.base.environment:
            self.fill_in(name)
        self.base = draft.to(environment=name).bound()
        secret = self.base.client_secret
        self._typed_secret = (secret.reveal(), secret.origins) if secret is not None else ("", None)
        self.form.reset(self.base, self.draft().mode)
        self.draw_draft()
        count = len(draft.edits)
        screen_of(self).say(
            f"The form sends what that client sends{f', with {count} changes of the requests' if count else ''}."
        )

    def draw_draft(self) -> None:
        """Draw the notes, the preview and the start button for what the form holds."""
        from airisk_tui.tui.run.request.drafting import notes_of
        from airisk_tui.tui.run.request.start_button import StartButton

        if self.base is None:
            return
        draft, form = self.draft(), self.form
        form.fit(draft)
        notes = notes_of(form.values, draft)
        shown = form.show_notes({name: (note.sentence, note.severity) for name, note in notes.items()})
        self.draw_origins(draft)
        self.draw_preview(draft)
        button = self.query_one(StartButton)
        button.mode, button.wrong = draft.mode, any(notes[name].severity == "error" for name in shown)
        self._note_free_port = "redirect_uri" not in notes
        if self._rest_timer is not None:
            self._rest_timer.stop()
        self._rest_timer = self.set_timer(REST, self._at_rest)

    def draw_origins(self, draft: Draft) -> None:
        """Show where the values come from that the metadata may decide."""
        if not draft.standard:
            return
        from airisk_tui.tui.run.request.drafting import origins

        known = origins(self.form.typed, draft, self._overrides(draft.environment), self._run_state)
        self.form.show_origins(known)

    def follow(self, state: FlowState) -> None:
        """Draw what the newest run has learned of the server. state: of that run, in each of its phases."""
        from airisk_tui.tui.run.request.start_button import StartButton

        before, self._run_state = self._run_state, state
        self.query_one(StartButton).live = state.live
        if self.base is not None and (before is None or before.phase is not state.phase):
            draft = self.draft()
            self.draw_origins(draft)
            self.draw_preview(draft)

    def draw_preview(self, draft: Draft) -> None:
        """Show the request that the draft makes in the preview."""
        from airisk_tui.tui.run.request.drafting import previewed
        from airisk_tui.tui.run.request.preview import Preview

        self.query_one(Preview).draft = previewed(draft, self._run_state)

    def _at_rest(self) -> None:
        self.keep_rows()
        if self._note_free_port:
            self._note_port()

    def _preview_typing(self) -> None:
        """Draw the preview in the same frame as the keystroke: `Form.Edited` arrives only after that frame, and Textual draws the next
        one a sixtieth of a second later."""
        if self.base is not None and isinstance(self.screen.focused, Field):
            self.draw_preview(self.draft())

    def _note_port(self) -> None:
        from airisk_tui.tui.run.request.drafting import port_note

        live = self._run_state is not None and self._run_state.live
        note = None if live or self.base is None else port_note(self.draft())
        if note is not None:
            self.form.note(note.field, note.sentence, note.severity)

    @on(Form.Edited)
    def _edited(self, event: Form.Edited) -> None:
        event.stop()
        self._bind_secret()
        self.draw_draft()

    @on(Form.EnvironmentChosen)
    def _environment_chosen(self, event: Form.EnvironmentChosen) -> None:
        event.stop()
        self.action_use_environment(event.name)

    def action_use_environment(self, name: str) -> None:
        """Fill the form in from an environment."""
        self.run_worker(self.use_environment(name), exclusive=True, group="environment")

    def action_fresh_state(self) -> None:
        """Put a new state value into the form."""
        if self.base is not None:
            self.form.set_state(self._session.fresh_state())

    def action_toggle_secret(self) -> None:
        """Reveal or mask the client secret; the next run and the next screen mask it again (threats.md S7)."""
        form = self.form
        form.show_secret(form.field("client_secret").password)

    def action_toggle_state(self) -> None:
        """Send a state, or leave it out."""
        if self.base is not None:
            self.form.toggle_state()
