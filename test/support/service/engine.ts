import { createHash } from "node:crypto";
import { costOf, type Price } from "./catalogue.ts";
import type { Effects } from "./faults.ts";
import { receiveImage } from "./images.ts";
import { laxInputs } from "./inputs.ts";
import { Renderer } from "./render.ts";
import { advanceRun, isCharged, newRun, type Run, stateAt, type Timing } from "./runs.ts";

/** What can be changed while the service runs. Money in USD. */
export type Settings = {
  readonly timing: Timing;
  readonly validation: "lax" | "strict";
  /** A body with a data URI is accepted (default), or refused with 422 (`docs/service.md`, "Images"). */
  readonly dataUris: "accepted" | "refused";
  readonly price: Price;
  readonly balance: number;
  /** How a wrong token is answered: HTTP 401 + 401001, or HTTP 400 + 400004 (`docs/service.md`, "Errors"). */
  readonly authError: "401001" | "400004";
  /** The tokens that are valid now, all of one account. */
  readonly tokens: readonly string[];
  /** What the catalogue says of the model's inputs; the document's own schema is what runs go by. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
};

/** The runs of one service: accepts them, makes their videos, moves them on. */
export class Engine {
  settings: Settings;
  readonly renderer: Renderer;
  /** Epoch ms. */
  readonly now: () => number;
  readonly #signal: AbortSignal;
  #runs: Run[] = [];
  readonly #making = new Map<Run, Promise<void>>();

  constructor(settings: Settings, now: () => number, signal: AbortSignal) {
    this.settings = settings;
    this.now = now;
    this.#signal = signal;
    this.renderer = new Renderer(signal);
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  find(requestId: string): Run | undefined {
    return this.#runs.find((run) => run.id === requestId);
  }

  /** The balance as the balance call shows it: what was there at the start less what was charged. */
  balance(): number {
    const charged = this.#runs.filter((run) => isCharged(run, this.now())).reduce((sum, run) => sum + run.cost, 0);
    return Math.round((this.settings.balance - charged) * 1e6) / 1e6;
  }

  /** Cost of runs that are neither ended nor cancelled: spoken for, not yet charged. */
  #reserved(): number {
    const open = this.#runs.filter((run) => ["in_queue", "in_progress"].includes(stateAt(run, this.now())));
    return open.reduce((sum, run) => sum + run.cost, 0);
  }

  /** Accepts a submit and starts to make its video; undefined when the balance does not cover it. */
  accept(
    modelId: string,
    body: Readonly<Record<string, unknown>>,
    raw: Buffer,
    effects: Pick<Effects, "timing" | "failRun">,
  ): Run | undefined {
    const inputs = laxInputs(body);
    const cost = costOf(this.settings.price, inputs.frames, inputs.fps);
    if (this.balance() - this.#reserved() < cost) return undefined;
    const { timing } = this.settings;
    const run = newRun(
      {
        index: this.#runs.length,
        modelId,
        body,
        bodySha256: createHash("sha256").update(raw).digest("hex"),
        bodyBytes: raw.length,
        inputs,
        cost,
        chargedOnFailure: effects.failRun?.charged ?? false,
      },
      {
        queueMs: effects.timing?.queueMs === undefined ? timing.queueMs : effects.timing.queueMs,
        runMs: effects.timing?.runMs === undefined ? timing.runMs : effects.timing.runMs,
      },
      this.now(),
    );
    this.#runs.push(run);
    this.#making.set(run, this.#make(run, effects.failRun));
    return run;
  }

  async #make(run: Run, failure: Effects["failRun"]): Promise<void> {
    try {
      const [start, end] = await Promise.all([
        receiveImage(run.inputs.start, this.#signal),
        receiveImage(run.inputs.end, this.#signal),
      ]);
      run.images = { start, end };
      if (failure) {
        run.making = { kind: "failed", at: this.now(), error: failure.error, field: failure.field ?? "error" };
        return;
      }
      const { size, frames, fps } = run.inputs;
      const video = await this.renderer.video({ start, end, size, frames, fps, motion: "fade", container: "mp4" });
      run.making = { kind: "made", at: this.now(), video };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      run.making = { kind: "failed", at: this.now(), error: `Failed to run workflow: ${message}`, field: "error" };
    }
  }

  /**
   * Moves one run (or all) out of the queue or to its end without waiting for the clock.
   * @returns when the state is reached; for "completed" that includes the making of the file
   */
  async advance(to: "in_progress" | "completed", requestId?: string): Promise<void> {
    const chosen = this.#runs.filter((run) => requestId === undefined || run.id === requestId);
    for (const run of chosen) advanceRun(run, to, this.now());
    if (to === "completed") await Promise.all(chosen.map((run) => this.#making.get(run)));
  }

  /** Resolves when no video is being made any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#making.values());
  }

  forget(): void {
    this.#runs = [];
    this.#making.clear();
  }
}
