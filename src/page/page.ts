import * as l10n from "@vscode/l10n";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { DraftPatch, Field, KeptDraft, PageDraft, ShownProblem } from "../shared/messages/panel.ts";
import { randomSeed } from "../shared/model/parameters.ts";
import { type Preset, type PresetId, presets } from "../shared/model/presets.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { unexpectedText } from "../shared/texts.ts";
import { generate } from "./form/generating.ts";
import type { ParametersElement } from "./form/parameters.ts";
import { asksToGenerate, isModified, Wishes } from "./form/wishes.ts";
import { Attention } from "./kit/attention.ts";
import { type Intent, IntentEvent } from "./kit/element.ts";
import { Host, type HostEvent, RequestError, type VsCode } from "./kit/host.ts";
import { problemActions } from "./kit/notice.ts";
import { watchPresses } from "./kit/press.ts";
import { elementWith, own } from "./kit/properties.ts";
import { keepFocus } from "./kit/refuge.ts";
import { Turns } from "./kit/turns.ts";
import { pageView, type Sources } from "./pageView.ts";
import { StudioPart } from "./pair/actions.ts";
import { Pictures } from "./pair/pictures.ts";
import { patched, withParameter } from "./state/form.ts";
import { swapped } from "./state/framing.ts";
import { readKept } from "./state/kept.ts";
import { withPreset } from "./state/presets.ts";
import {
  baselineOf,
  initialState,
  isSettled,
  keptOf,
  type State,
  withAnnouncement,
  withDraft,
  withEarlier,
  withGoodNews,
  withJobProblem,
  withJobs,
  withNothing,
  withPatch,
  withProblem,
} from "./state/state.ts";
import type { Work } from "./state/work.ts";
import { ReviewPart } from "./videos/actions.ts";

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
  readonly #pictures = new Pictures({
    host: this.#host,
    state: () => this.state,
    change: (change) => this.#change(change),
    changeDraft: (change) => this.#changeDraft(change),
    arrived: () => this.#studio.arrived(),
    problemOf,
  });
  readonly #work: Work = {
    host: this.#host,
    pictures: this.#pictures,
    state: () => this.state,
    change: (change) => this.#change(change),
    changeDraft: (change) => this.#changeDraft(change),
    choose: (patch) => this.#choose(patch),
    turn: (...places) => this.#turns.take(...places),
    attend: () => this.#attention.begin(),
    focus: (field) => this.#focus(field),
    tell: (problem, may) => this.#tell(problem, may),
    problemOf,
  };
  readonly #review = new ReviewPart(this.#work);
  readonly #studio = new StudioPart(this.#work);
  readonly #sources: Sources = {
    preview: (path, resolution, plan) => this.#host.preview(path, resolution, plan),
    recentPairs: () => this.#host.recentPairs(),
    prompts: () => this.#host.prompts(),
    outlook: { runTime: (parameters) => this.#host.runTime(parameters), price: () => this.#host.price() },
    source: this.#host,
    dismiss: () => this.send({ kind: "dismiss" }),
  };
  /** The revision of the draft that the host knows. */
  #told = 0;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    window.addEventListener("message", (event) => this.#host.receive(event.data));
    this.addEventListener(IntentEvent.type, (event) => {
      if (event instanceof IntentEvent) {
        void this.#do(event.intent);
      }
    });
    this.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    document.addEventListener("visibilitychange", () => this.#tellDraft());
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
    return pageView(state, this.#sources);
  }

  async #begin(): Promise<void> {
    try {
      const host = await this.#host.ready();
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

  #changeDraft(change: (draft: PageDraft) => PageDraft): void {
    this.#changeWithDraft((state) => withDraft(state, change(state.draft)));
  }

  /** Every change of the draft comes through here: older answers for an image that has changed count no more. */
  #changeWithDraft(change: (state: State) => State): void {
    const before = this.state?.draft;
    this.#change(change);
    this.#turns.take(...sides.filter((side) => this.state?.draft[side] !== before?.[side]));
    this.#pictures.look();
  }

  #choose(patch: DraftPatch): void {
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
      const kept: KeptDraft = keptOf(this.state);
      this.#told = kept.revision;
      // A host that cannot keep it is no reason to disturb: the page keeps it as well.
      void this.#host.draft(kept).catch(() => undefined);
    }
  }

  #onEvent(event: HostEvent): void {
    switch (event.kind) {
      case "jobs":
        this.#change((state) => withJobs(state, event.jobs));
        return;
      case "draft":
        this.#choose(event.patch);
        return;
      case "settings":
        this.#change((state) => ({ ...state, settings: event.settings }));
        return;
      case "problem":
        this.#change((state) => withProblem(state, event.problem));
    }
  }

  async #do(intent: Intent): Promise<void> {
    switch (intent.kind) {
      case "prompt":
        return this.#changeDraft((draft) => ({ ...draft, prompt: intent.text }));
      case "parameter":
        return this.#changeDraft((draft) => withParameter(draft, intent.word, intent.text));
      case "hosting":
        return this.#changeDraft((draft) => patched(draft, { hosting: intent.choice }));
      case "drawSeed":
        return this.#changeDraft((draft) => withParameter(draft, "seed", String(randomSeed())));
      case "preset":
        return this.#preset(intent.id);
      case "loopEnd":
        return this.#changeDraft((draft) => patched(draft, { end: draft.start }));
      case "tell":
        return this.#change((state) => withAnnouncement(state, intent.text));
      case "reuseSeed":
        this.#changeDraft((draft) => withParameter(draft, "seed", String(intent.seed)));
        return this.#change((state) =>
          withAnnouncement(state, l10n.t("Seed {0} is set for the next video.", intent.seed)),
        );
      case "startAnew":
        this.#changeWithDraft((state) =>
          withAnnouncement(withNothing(state), l10n.t("The form is empty. “Restore My Draft” brings your draft back.")),
        );
        return this.#focus("start");
      case "backToDraft":
        this.#changeWithDraft((state) => withAnnouncement(withEarlier(state), l10n.t("Your draft is restored.")));
        return this.#focus("prompt");
      case "readAgain":
        return this.#readAgain(intent.side);
      case "swap":
        return this.#changeDraft(swapped);
      case "plans":
      case "separate":
      case "edges":
      case "useTwice":
      case "restorePair":
        return this.#studio.run(intent);
      case "pick":
      case "drop":
      case "keep":
        return this.#guarded(() => this.#studio.run(intent), intent.side);
      case "clear":
        this.#changeDraft((draft) => patched(draft, { [intent.side]: undefined }));
        return this.#focus(intent.side);
      case "dismiss":
        return this.#change((state) => ({ ...state, notice: undefined }));
      case "command":
        return this.#guarded(() => this.#command(intent.command, intent.setting));
      case "act":
        return this.#once(`act ${intent.jobId} ${intent.action}`, () => this.#act(intent.jobId, intent.action));
      case "generate":
        return this.state?.generating === true
          ? undefined
          : this.#once(`generate ${this.state?.revision}`, () => generate(this.#work));
      case "again":
        return this.#once(`again ${intent.jobId}`, () => this.#review.again(intent.jobId));
      case "compareTakes":
      case "measured":
      case "saveFrame":
      case "reuse":
        return this.#review.do(intent);
    }
  }

  /** Runs a request, and shows at its place why it was not granted. */
  async #guarded(work: () => Promise<void>, field?: Field): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#change((state) => withProblem(state, { field, ...problemOf(error) }));
    }
  }

  /** A preset whose size depends on the pictures waits for them. */
  async #preset(id: PresetId): Promise<void> {
    const isNewest = this.#turns.take("preset");
    const { size }: Preset = presets[id];
    if (size === "smallest" && this.state !== undefined && !isSettled(this.state)) {
      await this.#pictures.settle();
    }
    if (isNewest()) {
      this.#changeWithDraft((state) => withDraft(state, withPreset(state.draft, id, baselineOf(state))));
    }
  }

  async #readAgain(side: Side): Promise<void> {
    const path = this.state?.draft[side];
    const mayFocus = this.#attention.begin();
    if (path !== undefined) {
      await this.#pictures.readAnew(path);
      if (mayFocus()) {
        await this.#focus(side);
      }
    }
  }

  /** What the command has to say takes the place of the problem that offered it; the next thing to do is to try again. */
  async #command(command: string, setting?: string): Promise<void> {
    const mayFocus = this.#attention.begin();
    const said = await this.#host.command(command, setting);
    if (said !== undefined) {
      this.#change((state) => withGoodNews(state, said));
      await this.#showNotice();
      if (mayFocus()) {
        this.querySelector<HTMLElement>("flf-generate vscode-button")?.focus({ preventScroll: true });
      }
    }
  }

  async #act(jobId: string, action: string): Promise<boolean> {
    this.#change((state) => withJobProblem(state, jobId, undefined));
    try {
      await this.#host.act(jobId, action);
      return true;
    } catch (error) {
      this.#change((state) => withJobProblem(state, jobId, problemOf(error)));
      return false;
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
      return;
    }
    if ((event.key === "Enter" || event.key === " ") && event.target instanceof HTMLElement) {
      if (event.target.localName === "vscode-button") {
        // The button acts on every repetition of a held key and with any other key besides, and lets the space bar scroll
        // the page as well.
        event.preventDefault();
        if (event.repeat || isModified(event)) {
          event.stopPropagation();
        }
      }
    }
  }
}

function problemOf(error: unknown): ShownProblem {
  return error instanceof RequestError ? error.problem : { message: unexpectedText() };
}

customElements.define("flf-page", PageElement);
