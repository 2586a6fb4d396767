import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { draft as draftRequest, type Form, type FormPatch } from "../shared/messages/form.ts";
import { command as commandRequest, ready } from "../shared/messages/panel.ts";
import type { EventHandlers, EventOf, HostEvent } from "../shared/messages/registry.ts";
import { RequestError } from "../shared/messages/rpc.ts";
import type { Field, ShownProblem } from "../shared/messages/shownProblem.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { unexpectedText } from "../shared/texts.ts";
import { FormActions } from "./form/actions.ts";
import type { ParametersElement } from "./form/parameters.ts";
import { asksToGenerate, Wishes } from "./form/wishes.ts";
import { Attention } from "./kit/attention.ts";
import { IntentEvent } from "./kit/element.ts";
import type { VsCode } from "./kit/host.ts";
import { Host } from "./kit/host.ts";
import type { IntentHandlers, IntentKind, IntentOf } from "./kit/intents.ts";
import { actOnRelease } from "./kit/keyPress.ts";
import { problemActions } from "./kit/notice.ts";
import { watchPresses } from "./kit/press.ts";
import { elementWith, own } from "./kit/properties.ts";
import { keepFocus } from "./kit/refuge.ts";
import { Turns } from "./kit/turns.ts";
import { pageView } from "./pageView.ts";
import { PairActions } from "./pair/actions.ts";
import { type PictureAccess, Pictures } from "./pair/pictures.ts";
import { readKept } from "./state/kept.ts";
import type { Page } from "./state/page.ts";
import {
  initialState,
  keptOf,
  type State,
  withAnnouncement,
  withDraft,
  withGoodNews,
  withJobs,
  withPatch,
  withProblem,
  withSettings,
} from "./state/state.ts";
import { VideoActions } from "./videos/actions.ts";

/** Time for which changes of the draft are gathered before the host is told, ms. */
const gathering = 200;
/** Time after which the host is asked again for what it could not tell, ms. */
const askAgain = 3000;

/** The whole page: holds the state, talks to the host, and hands each part what it shows. */
class PageElement extends elementWith({
  state: own<State | undefined>(undefined),
  /** Why there is no state yet. */
  trouble: own<ShownProblem | undefined>(undefined),
}) {
  readonly #vscode: VsCode = acquireVsCodeApi();
  readonly #host = new Host(this.#vscode, (event) => this.#onEvent(event));
  readonly #attention = new Attention(window);
  readonly #turns = new Turns<Side | "preset">();
  readonly #wishes = new Wishes();
  readonly #access: PictureAccess = {
    ask: this.#host.ask,
    state: () => this.state,
    change: (change) => this.#change(change),
    changeDraft: (change) => this.#changeDraft(change),
    problemOf,
  };
  readonly #pictures = new Pictures(this.#access, () => this.#pair.arrived());
  readonly #page: Page = {
    ...this.#access,
    pictures: this.#pictures,
    changeWithDraft: (change) => this.#changeWithDraft(change),
    choose: (patch) => this.#choose(patch),
    turn: (...places) => this.#turns.take(...places),
    attend: () => this.#attention.begin(),
    focus: (field) => this.#focus(field),
    tell: (problem, may) => this.#tell(problem, may),
    guarded: (work, field) => this.#guarded(work, field),
    once: (what, work) => this.#once(what, work),
  };
  readonly #pair = new PairActions(this.#page);
  readonly #handlers: IntentHandlers = {
    ...this.#pair.handlers,
    ...new FormActions(this.#page).handlers,
    ...new VideoActions(this.#page).handlers,
    tell: ({ text }) => this.#change((state) => withAnnouncement(state, text)),
    dismiss: () => this.#change((state) => ({ ...state, notice: undefined })),
    command: (intent) => this.#guarded(() => this.#command(intent.command, intent.setting)),
  };
  readonly #events: EventHandlers = {
    jobs: ({ jobs }) => this.#change((state) => withJobs(state, jobs)),
    draft: ({ patch }) => this.#choose(patch),
    settings: ({ settings }) => this.#change((state) => withSettings(state, settings)),
  };
  readonly #dismiss = () => this.send({ kind: "dismiss" });
  /** The revision of the draft that the host knows. */
  #told = 0;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    window.addEventListener("message", (event) => this.#host.receive(event.data));
    this.addEventListener(IntentEvent.type, (event) => {
      if (event instanceof IntentEvent) {
        this.#do(event.intent);
      }
    });
    this.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    document.addEventListener("visibilitychange", () => this.#tellDraft());
    actOnRelease(this);
    watchPresses(window);
    keepFocus(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.state !== undefined) {
      this.#vscode.setState(keptOf(this.state));
      if (this.state.revision !== this.#told) {
        this.#telling ??= setTimeout(() => this.#tellDraft(), gathering);
      }
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state, trouble } = this;
    if (state === undefined) {
      return trouble === undefined
        ? nothing
        : html`<main>
            <div class="notice-place" role="alert">
              <div class="notice"><div><p>${trouble.message}</p>${problemActions(trouble)}</div></div>
            </div>
          </main>`;
    }
    return pageView(state, this.#host.ask, this.#dismiss);
  }

  async #begin(): Promise<void> {
    try {
      const host = await this.#host.ask(ready, {});
      const own = readKept(this.#vscode.getState());
      this.state = initialState(host, own);
      this.#told = readKept(host.kept)?.revision ?? 0;
      this.trouble = undefined;
      this.#pictures.look();
    } catch (error) {
      this.trouble = error instanceof RequestError ? error.problem : { message: unexpectedText() };
      setTimeout(() => void this.#begin(), askAgain);
    }
  }

  #change(change: (state: State) => State): void {
    if (this.state !== undefined) {
      this.state = change(this.state);
    }
  }

  #changeDraft(change: (draft: Form) => Form): void {
    this.#changeWithDraft((state) => withDraft(state, change(state.draft)));
  }

  /** Every change of the draft comes through here: older answers for an image that has changed count no more. */
  #changeWithDraft(change: (state: State) => State): void {
    const before = this.state?.draft;
    this.#change(change);
    this.#turns.take(...sides.filter((side) => this.state?.draft[side] !== before?.[side]));
    this.#pictures.look();
  }

  #choose(patch: FormPatch): void {
    const known = this.state?.images;
    this.#changeWithDraft((state) => withPatch(state, patch));
    for (const path of new Set([patch.start, patch.end])) {
      if (path !== undefined && known?.has(path) === true) {
        void this.#pictures.readAnew(path);
      }
    }
  }

  #tellDraft(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    if (this.state !== undefined && this.state.revision !== this.#told) {
      const kept = keptOf(this.state);
      this.#told = kept.revision;
      // A host that cannot keep it is no reason to disturb: the page keeps it as well.
      void this.#host.ask(draftRequest, { kept }).catch(() => undefined);
    }
  }

  #onEvent<K extends HostEvent["kind"]>(event: EventOf<K>): void {
    this.#events[event.kind](event);
  }

  #do<K extends IntentKind>(intent: IntentOf<K>): void {
    void this.#handlers[intent.kind](intent);
  }

  /** Runs a request, and shows at its place why it was not granted. */
  async #guarded(work: () => Promise<void>, field?: Field): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#change((state) => withProblem(state, { field, ...problemOf(error) }));
    }
  }

  /** What the command has to say takes the place of the problem that offered it; the next thing to do is to try again. */
  async #command(command: string, setting?: string): Promise<void> {
    const mayFocus = this.#attention.begin();
    const { said } = await this.#host.ask(commandRequest, { command, setting });
    if (said !== undefined) {
      this.#change((state) => withGoodNews(state, said));
      await this.#showNotice();
      if (mayFocus()) {
        this.querySelector<HTMLElement>("flf-generate vscode-button")?.focus({ preventScroll: true });
      }
    }
  }

  /** Does what a press asks for, but not a second time for the second half of it. `work` tells whether anything came of it. */
  async #once(what: string, work: () => Promise<boolean>): Promise<void> {
    if (this.#wishes.isNew(what, performance.now()) && !(await work())) {
      this.#wishes.forget(what);
    }
  }

  async #tell(problem: ShownProblem, may: () => boolean): Promise<void> {
    this.#change((state) => withAnnouncement(withProblem(state, problem), problem.message));
    if (problem.field === undefined) {
      await this.#showNotice();
    } else if (may()) {
      await this.#focus(problem.field);
    }
  }

  /** The button stands at the end of a long form, what is wrong at its top. */
  async #showNotice(): Promise<void> {
    await this.updateComplete;
    this.querySelector(".notice-place")?.scrollIntoView({ block: "nearest" });
  }

  async #focus(field: Field): Promise<void> {
    await this.querySelector<ParametersElement>("flf-parameters")?.unfold(field);
    await this.updateComplete;
    const element = this.querySelector<HTMLElement>(`#${field}`);
    element?.focus();
    element?.scrollIntoView({ block: "nearest" });
  }

  #onKey(event: KeyboardEvent): void {
    if (asksToGenerate(event)) {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) {
        this.send({ kind: "generate" });
      }
    }
  }
}

function problemOf(error: unknown): ShownProblem {
  return error instanceof RequestError ? error.problem : { message: unexpectedText() };
}

customElements.define("flf-page", PageElement);
