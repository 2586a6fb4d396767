import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Form, FormPatch } from "../shared/messages/form.ts";
import { command as commandRequest, inView as inViewRequest, ready } from "../shared/messages/panel.ts";
import { type EventHandlers, type EventOf, type HostEvent, requests } from "../shared/messages/registry.ts";
import { RequestError } from "../shared/messages/rpc.ts";
import type { Field, ShownProblem } from "../shared/messages/shownProblem.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { unexpectedText } from "../shared/texts.ts";
import { FormActions } from "./form/actions.ts";
import type { ParametersElement } from "./form/parameters.ts";
import { asksToGenerate, Presses } from "./form/presses.ts";
import { Attention } from "./kit/attention.ts";
import { IntentEvent } from "./kit/element.ts";
import { setPanelSeen } from "./kit/hidden.ts";
import type { VsCode } from "./kit/host.ts";
import { Host } from "./kit/host.ts";
import type { Intent, IntentHandlers, IntentOf, Intents, PlainIntent } from "./kit/intents.ts";
import { actOnRelease } from "./kit/keyPress.ts";
import { chooseByArrows } from "./kit/listKeys.ts";
import { problemActions } from "./kit/notice.ts";
import { watchPresses } from "./kit/press.ts";
import { elementWith, own } from "./kit/properties.ts";
import { keepFocus } from "./kit/refuge.ts";
import { selectAllAtOnce } from "./kit/selectAll.ts";
import { Turns } from "./kit/turns.ts";
import { pageView } from "./pageView.ts";
import { PairActions } from "./pair/actions.ts";
import { type PictureAccess, Pictures } from "./pair/pictures.ts";
import { VideoActions } from "./stage/actions.ts";
import { StageTurns } from "./stage/turns.ts";
import { Keeper } from "./state/keeper.ts";
import type { Page, ProblemPlace } from "./state/page.ts";
import { isComposing, lookOf } from "./state/stage.ts";
import {
  compose,
  initialState,
  isChange,
  type State,
  withAnnouncement,
  withDraft,
  withGoodNews,
  withJobProblem,
  withJobs,
  withPatch,
  withProblem,
  withSettings,
  withShown,
  withSilence,
} from "./state/state.ts";

/** Delay before the page asks the host for its state again after a failure, ms. */
const retryDelay = 3000;
/** How long an announcement stays in the page for screen readers, ms. */
const announcedFor = 10_000;
/** The actions on a job that send it at once, without a question. */
const payingActions: ReadonlySet<string> = new Set(["tryAgain", "sendWithUpload"]);

/** The whole page. It holds the state, talks to the host, and passes each part what it shows. */
class PageElement extends elementWith({
  state: own<State | undefined>(undefined),
  /** Why there is no state yet. */
  trouble: own<ShownProblem | undefined>(undefined),
}) {
  readonly #vscode: VsCode = acquireVsCodeApi();
  readonly #host = new Host(this.#vscode, (event) => this.#onEvent(event));
  readonly #attention = new Attention(window);
  readonly #turns = new Turns<Side | "preset">();
  readonly #presses = new Presses();
  readonly #access: PictureAccess = {
    ask: this.#host.ask,
    state: () => this.state,
    change: (change) => this.#change(change),
    changeDraft: (change) => this.#changeDraft(change),
    shownProblemOf,
  };
  readonly #pictures = new Pictures(this.#access, () => this.#pair.arrived());
  readonly #page: Page = {
    ...this.#access,
    pictures: this.#pictures,
    changeWithDraft: (change) => this.#changeWithDraft(change),
    choose: (patch) => this.#choose(patch),
    turn: (...places) => this.#turns.take(...places),
    isAsShown: () => (this.#pressedChanges ?? this.#drawnChanges) === this.#hostChanges,
    attend: () => this.#attention.begin(),
    focus: (field) => this.#focus(field),
    tell: (problem, may) => this.#tell(problem, may),
    guarded: (work, place) => this.#guarded(work, place),
    once: (what, work, place) => this.#once(what, work, place),
  };
  readonly #pair = new PairActions(this.#page);
  readonly #handlers: IntentHandlers = {
    ...this.#pair.handlers,
    ...new FormActions(this.#page).handlers,
    ...new VideoActions(this.#page).handlers,
    show: ({ what }) => this.#change((state) => withShown(state, what)),
    inView: ({ jobId }) => this.#tellInView(jobId),
    tell: ({ text }) => this.#change((state) => withAnnouncement(state, text)),
    dismiss: () => this.#change((state) => ({ ...state, notice: undefined })),
    command: (intent) => this.#guarded(() => this.#command(intent)),
  };
  readonly #events: EventHandlers = {
    jobs: (changes) => this.#change((state) => withJobs(state, changes)),
    seen: ({ isSeen }) => setPanelSeen(isSeen),
    show: ({ jobId }) => this.#change((state) => withShown(state, jobId)),
    draft: ({ patch }) => {
      if (isChange(patch)) {
        this.#hostChanges += 1;
        this.#choose(patch);
        this.#change((state) => withShown(state, compose));
      }
    },
    settings: ({ settings }) => {
      this.#hostChanges += 1;
      this.#change((state) => withSettings(state, settings));
    },
  };
  readonly #stageTurns = new StageTurns(this);
  readonly #keeper = new Keeper(
    this.#vscode,
    this.#host.ask,
    () => this.state && { state: this.state, scroll: this.#stageTurns.scroll },
  );
  readonly #acts = {
    dismiss: () => this.send({ kind: "dismiss" }),
    generate: () => this.send({ kind: "generate" }),
  };
  /** The job in view on the stage, as the host knows it. */
  #inView: string | undefined;
  /** How many announcements there were when the page was last drawn. */
  #announced = 0;
  /** How often the host changed the form or the settings: in all, as drawn, and as drawn when the press began. */
  #hostChanges = 0;
  #drawnChanges = 0;
  #pressedChanges: number | undefined;

  constructor() {
    super();
    window.addEventListener("message", (event) => this.#host.receive(event.data));
    this.addEventListener(IntentEvent.type, (event) => {
      if (event instanceof IntentEvent) {
        this.#do(event.intent);
      }
    });
    this.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    actOnRelease(this);
    selectAllAtOnce(this);
    chooseByArrows(this);
    watchPresses(window);
    for (const type of ["pointerdown", "keydown"]) {
      window.addEventListener(type, () => (this.#pressedChanges ??= this.#drawnChanges), { capture: true });
    }
    // What a press asks for comes in the same turn as its end.
    const pressOver = () => setTimeout(() => (this.#pressedChanges = undefined));
    for (const type of ["pointerup", "pointercancel", "keyup"]) {
      window.addEventListener(type, pressOver, { capture: true });
    }
    window.addEventListener("blur", pressOver);
    keepFocus(this);
    window.addEventListener("scroll", () => this.#keeper.keep());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (this.state !== undefined) {
      const { starting, shown, revision } = this.state;
      this.#stageTurns.before(isComposing(this.state), starting === undefined ? shown : "", revision);
    }
  }

  protected override updated(_changed: PropertyValues): void {
    this.#drawnChanges = this.#hostChanges;
    this.#stageTurns.after();
    if (this.querySelector("flf-stage") === null) {
      this.#tellInView(undefined);
    }
    if (this.state !== undefined) {
      this.#silenceLater(this.state);
      this.#presses.drawn(lookOf(this.state), performance.now());
    }
    this.#keeper.keep();
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
    return pageView(state, this.#host.ask, this.#acts);
  }

  #silenceLater({ announced }: State): void {
    if (announced !== this.#announced) {
      this.#announced = announced;
      setTimeout(() => this.#change((state) => withSilence(state, announced)), announcedFor);
    }
  }

  async #begin(): Promise<void> {
    try {
      const host = await this.#host.ask(ready, {});
      this.state = initialState(host, this.#keeper.own());
      const place = this.#keeper.resume(host.kept);
      const isAsLeft = host.shown === undefined && !host.patches.some(isChange);
      this.#stageTurns.restore(isAsLeft ? (place?.scroll ?? 0) : 0);
      this.trouble = undefined;
      this.#pictures.look();
    } catch (error) {
      this.trouble = error instanceof RequestError ? error.problem : { message: unexpectedText() };
      setTimeout(() => void this.#begin(), retryDelay);
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

  /** Every change of the draft goes through here. Older answers for an image that has changed become invalid. */
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

  #tellInView(jobId: string | undefined): void {
    if (jobId !== this.#inView) {
      this.#inView = jobId;
      // Only notifications depend on it.
      void this.#host.ask(inViewRequest, { jobId }).catch(() => undefined);
    }
  }

  #onEvent<K extends HostEvent["kind"]>(event: EventOf<K>): void {
    this.#events[event.kind](event);
  }

  #do(intent: Intent): void {
    void (this.#isPlain(intent) ? this.#request(intent) : this.#handle(intent));
  }

  #isPlain(intent: Intent): intent is PlainIntent {
    return !Object.hasOwn(this.#handlers, intent.kind);
  }

  #handle<K extends keyof Intents>(intent: IntentOf<K>): unknown {
    return this.#handlers[intent.kind](intent);
  }

  #request(intent: PlainIntent): Promise<void> {
    const place = "jobId" in intent ? intent : undefined;
    return this.#once(
      JSON.stringify(intent),
      () => this.#guarded(() => this.#host.ask(requests[intent.kind], intent), place),
      intent.kind === "act" && payingActions.has(intent.action) ? "stage" : undefined,
    );
  }

  async #guarded(work: () => Promise<unknown>, place?: ProblemPlace): Promise<boolean> {
    const [field, job] = typeof place === "object" ? [undefined, place] : [place];
    this.#change((state) => (job === undefined ? state : withJobProblem(state, job.jobId, undefined)));
    try {
      await work();
      return true;
    } catch (error) {
      const problem = shownProblemOf(error);
      this.#change((state) =>
        job === undefined ? withProblem(state, { field, ...problem }) : withJobProblem(state, job.jobId, problem),
      );
      return false;
    }
  }

  /**
   * Runs a command that a problem offered. The command's message replaces the problem, and the focus moves to the
   * Generate button, since trying again is the next step.
   */
  async #command(fields: Intents["command"]): Promise<void> {
    const mayFocus = this.#attention.begin();
    const { said } = await this.#host.ask(commandRequest, fields);
    if (said !== undefined) {
      this.#change((state) => withGoodNews(state, said));
      await this.#showNotice();
      if (mayFocus()) {
        this.querySelector<HTMLElement>("flf-generate vscode-button")?.focus({ preventScroll: true });
      }
    }
  }

  /** As in {@link Page}. */
  async #once(what: string, work: () => Promise<boolean>, place?: "stage"): Promise<void> {
    const now = performance.now();
    if (place === "stage" && !this.#presses.isMeant(now)) {
      return;
    }
    if (this.#presses.isNew(what, now) && !(await work())) {
      this.#presses.forget(what);
    }
  }

  async #tell(problem: ShownProblem, may: () => boolean): Promise<void> {
    this.#change((state) => {
      const told = withAnnouncement(withProblem(state, problem), problem.message);
      // A field's own message is out of sight while a video is on the stage.
      return isComposing(state) ? told : withProblem(told, { ...problem, field: undefined });
    });
    if (problem.field === undefined) {
      await this.#showNotice();
    } else if (may()) {
      await this.#focus(problem.field);
    }
  }

  /** The notice is beside what the user pressed, but they may have scrolled on. */
  async #showNotice(): Promise<void> {
    await this.updateComplete;
    this.querySelector(".notice-place")?.scrollIntoView({ block: "nearest" });
  }

  async #focus(field: Field): Promise<void> {
    this.#change((state) => withShown(state, compose));
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
      // What is out of sight is not paid for: the key acts where a button shows the price.
      const isOffered = this.querySelector("main.composing, flf-fold .generate") !== null;
      if (!event.repeat && isOffered) {
        this.#acts.generate();
      }
    }
  }
}

function shownProblemOf(error: unknown): ShownProblem {
  return error instanceof RequestError ? error.problem : { message: unexpectedText() };
}

customElements.define("flf-page", PageElement);
