import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { parameterTable, randomSeed, settableWords } from "../../src/model/parameters.ts";
import type { Ground } from "../../src/model/presets.ts";
import { type Field, type PageDraft, pageDraftSchema, type Side } from "../../src/ui/panel/protocol.ts";
import { emptyDraft, firstFlawed, patched, withParameter } from "./draft.ts";
import { type Intent, IntentEvent, PanelElement } from "./element.ts";
import type { Outlook } from "./generate.ts";
import { Host, type HostEvent, RequestError, type VsCode } from "./host.ts";
import { icon } from "./icon.ts";
import { problemActions } from "./notice.ts";
import type { ParametersElement } from "./parameters.ts";
import { activePreset, withPreset } from "./presetDraft.ts";
import { comparedTakes, ReviewPart, takesOf } from "./reviewPart.ts";
import {
  fieldMessages,
  fittingResolution,
  imageOf,
  initialState,
  likenessOf,
  parametersOf,
  pathsOf,
  type State,
  withAllFlaws,
  withDraft,
  withGoodNews,
  withJobProblem,
  withJobs,
  withProblem,
} from "./state.ts";
import { swapped } from "./studio-draft.ts";
import { StudioPart } from "./studio-part.ts";
import type { Preview } from "./studio-result.ts";
import { sampleOf } from "./studio-sample.ts";
import { fill } from "./texts.ts";

/** The whole page: holds the state, talks to the host, and hands each part what it shows. */
export class PageElement extends PanelElement {
  static override properties = { state: { state: true } };
  declare state: State | undefined;
  readonly #vscode: VsCode = acquireVsCodeApi();
  readonly #host = new Host(this.#vscode, (event) => this.#onEvent(event));
  readonly #review = new ReviewPart({
    host: this.#host,
    change: (change) => this.#change(change),
    changeDraft: (change) => this.#changeDraft(change),
    problemOf,
    focus: (field) => this.#focus(field),
  });
  readonly #studio = new StudioPart({
    host: this.#host,
    change: (change) => this.#change(change),
    changeDraft: (change) => this.#changeDraft(change),
    focus: (side) => this.#focus(side),
    pastedName: () => this.state?.texts.strings.pastedName ?? "",
  });
  readonly #preview: Preview = (path, resolution, plan) => this.#host.preview(path, resolution, plan);
  readonly #recentPairs = () => this.#host.recentPairs();
  readonly #loadPrompts = () => this.#host.prompts();
  readonly #outlook: Outlook = {
    runTime: (parameters) => this.#host.runTime(parameters),
    price: () => this.#host.price(),
  };

  constructor() {
    super();
    window.addEventListener("message", (event) => this.#host.receive(event.data));
    this.addEventListener(IntentEvent.type, (event) => {
      if (event instanceof IntentEvent) {
        void this.#do(event.intent);
      }
    });
    this.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.state !== undefined) {
      this.#vscode.setState(this.state.draft);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) {
      return nothing;
    }
    const { texts, draft, jobs } = state;
    const { strings } = texts;
    const messages = fieldMessages(state);
    const compared = comparedTakes(state);
    const parameters = parametersOf(state);
    const ground = groundOf(state);
    const likeness = likenessOf(state);
    const images = { start: imageOf(state, "start"), end: imageOf(state, "end") };
    return html`
      <main>
        <h1 class="unseen">${strings.title}</h1>
        ${this.#notice(state)}
        <flf-pair
          .texts=${texts}
          .images=${images}
          .draft=${draft}
          .likeness=${likeness}
          .preview=${this.#preview}
          .recent=${this.#recentPairs}
          .parameters=${parameters}
          .messages=${messages}
        ></flf-pair>
        <section class="form" aria-label=${strings.settings}>
          <flf-prompt
            .texts=${texts}
            .prompt=${draft.prompt}
            .problem=${messages.prompt}
            .likeness=${likeness}
            .loadPrompts=${this.#loadPrompts}
          ></flf-prompt>
          <flf-parameters
            .texts=${texts}
            .values=${draft.parameters}
            .defaults=${state.defaults}
            .problems=${messages}
            .fitting=${fittingResolution(state)}
            .preset=${activePreset(draft, ground)}
            .canLoop=${draft.start !== undefined && draft.start !== draft.end}
            .lastSeed=${jobs[0]?.parameters.seed}
            .hosting=${draft.hosting}
            .usualHosting=${state.hosting}
          ></flf-parameters>
          <flf-generate
            .texts=${texts}
            .parameters=${isComplete(messages) ? parameters : undefined}
            .generating=${state.generating}
            .saved=${jobs.filter((job) => job.state === "saved").length}
            .outlook=${this.#outlook}
          ></flf-generate>
        </section>
        <section class="videos" aria-labelledby="videos-title">
          <h2 id="videos-title">${strings.videos}</h2>
          ${jobs.length === 0 ? html`<p class="quiet">${strings.noVideos}</p>` : nothing}
          ${
            compared === undefined
              ? nothing
              : keyed(
                  compared.map(({ id }) => id).join(" "),
                  html`<flf-takes .texts=${texts} .jobs=${compared} .source=${this.#host}></flf-takes>`,
                )
          }
          <div class="cards">
            ${repeat(
              jobs,
              (job) => job.id,
              (job) =>
                html`<flf-job
                  .texts=${texts}
                  .job=${job}
                  .problem=${state.jobProblems[job.id]}
                  .note=${state.jobNotes[job.id]}
                  .fresh=${state.fresh.has(job.id)}
                  .takes=${takesOf(jobs, job)}
                  .source=${this.#host}
                ></flf-job>`,
            )}
          </div>
        </section>
        <div role="status" class="unseen">${state.announcement}</div>
      </main>
    `;
  }

  #notice({ notice, texts }: State): TemplateResult {
    return html`<div class="notice-place" role="alert">
      ${
        notice === undefined
          ? nothing
          : html`<div class=${notice.isGood === true ? "notice good" : "notice"}>
              ${icon(notice.isGood === true ? "pass" : "error")}
              <div>
                <p>${notice.message}</p>
                ${problemActions(notice)}
              </div>
              <vscode-toolbar-button
                icon="close"
                label=${texts.strings.dismiss}
                title=${texts.strings.dismiss}
                @click=${() => this.send({ kind: "dismiss" })}
              ></vscode-toolbar-button>
            </div>`
      }
    </div>`;
  }

  async #begin(): Promise<void> {
    const kept = pageDraftSchema.safeParse(this.#vscode.getState());
    this.state = initialState(await this.#host.ready(), kept.success ? kept.data : emptyDraft);
    this.#fetchImages();
  }

  #change(change: (state: State) => State): void {
    if (this.state !== undefined) {
      this.state = change(this.state);
    }
  }

  #changeDraft(change: (draft: PageDraft) => PageDraft): void {
    this.#change((state) => withDraft(state, change(state.draft)));
    this.#fetchImages();
  }

  #onEvent(event: HostEvent): void {
    switch (event.kind) {
      case "jobs":
        this.#change((state) => withJobs(state, event.jobs));
        return;
      case "draft":
        this.#changeDraft((draft) => patched(draft, event.patch));
        return;
      case "defaults":
        this.#change((state) => ({ ...state, defaults: event.defaults, hosting: event.hosting }));
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
        return this.#change((state) => withDraft(state, withPreset(state.draft, intent.id, groundOf(state))));
      case "loopEnd":
        return this.#changeDraft((draft) => ({ ...draft, end: draft.start }));
      case "tell":
        return this.#announce(() => intent.text);
      case "reuseSeed":
        this.#changeDraft((draft) => withParameter(draft, "seed", String(intent.seed)));
        return this.#announce((state) => fill(state.texts.strings.seedReused, intent.seed));
      case "swap":
        return this.#changeDraft(swapped);
      case "plans":
      case "separate":
      case "useTwice":
      case "restorePair":
        return this.#studio.run(intent);
      case "keep":
        return this.#guarded(() => this.#studio.run(intent), intent.side);
      case "clear":
        this.#changeDraft((draft) => patched(draft, { [intent.side]: undefined }));
        return this.#focus(intent.side);
      case "dismiss":
        return this.#change((state) => ({ ...state, notice: undefined }));
      case "pick":
        return this.#guarded(() => this.#pick(intent.side));
      case "drop":
        return this.#guarded(() => this.#drop(intent.side, intent.uris));
      case "command":
        return this.#guarded(() => this.#command(intent.command));
      case "act":
        return this.#act(intent.jobId, intent.action);
      case "generate":
        return this.#generate();
      case "compareTakes":
      case "measured":
      case "saveFrame":
      case "again":
      case "reuse":
        return this.#review.do(intent);
    }
  }

  /** Runs a request, and shows at its place why it was not granted. */
  async #guarded(work: () => Promise<void>, field?: Field): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#change((state) => withProblem(state, { field, ...problemOf(error, state) }));
    }
  }

  async #pick(side: Side): Promise<void> {
    const path = await this.#host.pick(side);
    if (path !== undefined) {
      this.#changeDraft((draft) => patched(draft, { [side]: path }));
    }
    await this.#focus(side);
  }

  async #drop(side: Side, uris: string[]): Promise<void> {
    this.#studio.put(side, await this.#host.drop(uris));
  }

  /** What the command has to say takes the place of the problem that offered it; the next thing to do is to try again. */
  async #command(command: string): Promise<void> {
    const said = await this.#host.command(command);
    if (said !== undefined) {
      this.#change((state) => withGoodNews(state, said));
      await this.#showNotice();
      this.querySelector<HTMLElement>("flf-generate vscode-button")?.focus({ preventScroll: true });
    }
  }

  async #act(jobId: string, action: string): Promise<void> {
    this.#change((state) => withJobProblem(state, jobId, undefined));
    try {
      await this.#host.act(jobId, action);
    } catch (error) {
      this.#change((state) => withJobProblem(state, jobId, problemOf(error, state)));
    }
  }

  async #generate(): Promise<void> {
    if (this.state === undefined || this.state.generating) {
      return;
    }
    this.#change((state) => withAllFlaws({ ...state, notice: undefined, problems: {} }));
    const flawed = firstFlawed(fieldMessages(this.state));
    const { start, end, prompt, plans, hosting } = this.state.draft;
    if (flawed !== undefined || start === undefined || end === undefined) {
      return await this.#focus(flawed ?? "start");
    }
    this.#change((state) => ({ ...state, generating: true }));
    try {
      await this.#host.generate({ start, end, prompt, plans, hosting, parameters: parametersOf(this.state) });
    } catch (error) {
      const problem = problemOf(error, this.state);
      this.#change((state) => withProblem(state, problem));
      await (problem.field === undefined ? this.#showNotice() : this.#focus(problem.field));
    } finally {
      this.#change((state) => ({ ...state, generating: false }));
    }
  }

  #announce(text: (state: State) => string): void {
    this.#change((state) => ({ ...state, announcement: text(state) }));
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

  /** Asks for the pictures that are not known yet, and lets go of those that nothing shows any more. */
  #fetchImages(): void {
    const paths = this.state === undefined ? [] : pathsOf(this.state.draft);
    for (const [path, image] of this.state?.images ?? []) {
      if (!paths.includes(path)) {
        if (image.state === "shown") {
          URL.revokeObjectURL(image.url);
        }
        this.#setImage(path, undefined);
      }
    }
    for (const path of paths) {
      if (this.state?.images.has(path) === false) {
        void this.#fetchImage(path);
      }
    }
  }

  async #fetchImage(path: string): Promise<void> {
    this.#setImage(path, { state: "loading" });
    try {
      const { bytes, mime, ...facts } = await this.#host.image(path);
      const picture = new Blob([bytes], { type: mime });
      // Without its small copy a picture is shown all the same.
      const sample = await sampleOf(picture).catch(() => undefined);
      if (this.state?.images.has(path) === true) {
        const url = URL.createObjectURL(picture);
        this.#setImage(path, { state: "shown", url, ...facts, sample });
      }
    } catch (error) {
      this.#change((state) => ({
        ...state,
        images: new Map(state.images).set(path, { state: "failed", problem: problemOf(error, state) }),
      }));
    }
  }

  #setImage(path: string, image: ReturnType<typeof imageOf>): void {
    this.#change((state) => {
      const images = new Map(state.images);
      images.delete(path);
      return { ...state, images: image === undefined ? images : images.set(path, image) };
    });
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) {
        this.send({ kind: "generate" });
      }
      return;
    }
    if ((event.key === "Enter" || event.key === " ") && event.target instanceof HTMLElement) {
      if (event.target.localName === "vscode-button") {
        // The button acts on every repetition of a held key, and lets the space bar scroll the page as well.
        event.preventDefault();
        if (event.repeat) {
          event.stopPropagation();
        }
      }
    }
  }
}

/** What presets are measured against now. */
function groundOf(state: State): Ground {
  return { defaults: state.defaults, resolution: parametersOf(state).resolution ?? parameterTable.resolution.default };
}

/** True when every setting of the form stands for a value, so that the next video can be foretold. */
function isComplete(messages: Partial<Record<Field, unknown>>): boolean {
  return settableWords.every((word) => messages[word] === undefined);
}

function problemOf(error: unknown, state: State): { message: string; field?: Field | undefined } {
  return error instanceof RequestError ? error.problem : { message: state.texts.strings.unexpected };
}

customElements.define("flf-panel", PageElement);
