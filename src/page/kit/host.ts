import type * as z from "zod";
import type { RecentPair } from "../../shared/messages/pair.ts";
import {
  type Answers,
  answerSchemas,
  type HostMessage,
  hostMessageSchema,
  type ImageView,
  type KeptDraft,
  type PageMessage,
  type PanelState,
  type Request,
  type ShownProblem,
} from "../../shared/messages/panel.ts";
import type { Measures } from "../../shared/messages/videos.ts";
import type { Seen } from "../../shared/model/draft.ts";
import type { Parameters, Resolution } from "../../shared/model/parameters.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import type { Side } from "../../shared/model/side.ts";

/** The panel's side of VS Code as its page sees it. */
export interface VsCode {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** A request that the host did not grant, in words for the user. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly problem: ShownProblem;

  constructor(problem: ShownProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}

/** What the host tells without being asked. */
export type HostEvent = Exclude<HostMessage, { kind: "answer" | "failure" }>;

/** The page's line to the host. Every method throws {@link RequestError} when the host says no. */
export class Host {
  readonly #vscode: VsCode;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  /** Begins anywhere: an answer that was meant for the page before this one must be no answer to any of its requests. */
  #lastId = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

  constructor(vscode: VsCode, onEvent: (event: HostEvent) => void) {
    this.#vscode = vscode;
    this.#onEvent = onEvent;
  }

  /** Takes a message of the host. */
  receive(raw: unknown): void {
    const message = hostMessageSchema.parse(raw);
    switch (message.kind) {
      case "answer":
        this.#take(message.id)?.resolve(message.value);
        return;
      case "failure":
        this.#take(message.id)?.reject(new RequestError(message.problem));
        return;
      case "jobs":
      case "draft":
      case "settings":
      case "problem":
        this.#onEvent(message);
    }
  }

  ready(): Promise<PanelState> {
    return this.#ask({ kind: "ready" }, answerSchemas.ready);
  }

  image(path: string): Promise<ImageView> {
    return this.#ask({ kind: "image", path }, answerSchemas.image);
  }

  async pick(side: Side): Promise<string | undefined> {
    return (await this.#ask({ kind: "pick", side }, answerSchemas.pick)).path;
  }

  /** The paths behind the addresses of dropped files, and how many are no file of this machine. */
  drop(uris: string[]): Promise<Answers["drop"]> {
    return this.#ask({ kind: "drop", uris }, answerSchemas.drop);
  }

  /** The path of a file made of a picture that came without one. */
  async keep(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
    return (await this.#ask({ kind: "keep", bytes, name }, answerSchemas.keep)).path;
  }

  /** A picture as it would be sent, as PNG. */
  async preview(path: string, resolution: Resolution, plan: CropPlan): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#ask({ kind: "preview", path, resolution, plan }, answerSchemas.preview)).bytes;
  }

  /** Pairs of the user's jobs, newest first. */
  async recentPairs(): Promise<readonly RecentPair[]> {
    return (await this.#ask({ kind: "recentPairs" }, answerSchemas.recentPairs)).pairs;
  }

  /** The job's id; undefined where the user was asked and thought better of it. */
  async generate(draft: Omit<Request & { kind: "generate" }, "kind">): Promise<string | undefined> {
    return (await this.#ask({ kind: "generate", ...draft }, answerSchemas.generate)).jobId;
  }

  /** Lets the host keep the draft. */
  async draft(kept: KeptDraft): Promise<void> {
    await this.#ask({ kind: "draft", kept }, answerSchemas.draft);
  }

  async act(jobId: string, action: string): Promise<void> {
    await this.#ask({ kind: "act", jobId, action }, answerSchemas.act);
  }

  async video(jobId: string): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#ask({ kind: "video", jobId }, answerSchemas.video)).bytes;
  }

  /** Prompts of the user's jobs, each once, newest first. */
  async prompts(): Promise<readonly string[]> {
    return (await this.#ask({ kind: "prompts" }, answerSchemas.prompts)).prompts;
  }

  /** What the user's own videos of the same work typically took, ms. */
  async runTime(parameters: Parameters): Promise<number | undefined> {
    return (await this.#ask({ kind: "runTime", parameters }, answerSchemas.runTime)).typical;
  }

  price(): Promise<Answers["price"]> {
    return this.#ask({ kind: "price" }, answerSchemas.price);
  }

  /** What the command has to say to its user, if anything. */
  async command(command: string, setting?: string): Promise<string | undefined> {
    return (await this.#ask({ kind: "command", command, setting }, answerSchemas.command)).said;
  }

  /** A job's own copy of an image as PNG; undefined where none is kept. */
  async input(jobId: string, side: Side): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.#ask({ kind: "input", jobId, side }, answerSchemas.input)).bytes;
  }

  async measured(jobId: string, measures: Measures): Promise<void> {
    await this.#ask({ kind: "measured", jobId, measures }, answerSchemas.measured);
  }

  /** Keeps a frame, counted from 1, as PNG beside its video. */
  async saveFrame(
    jobId: string,
    frame: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<{ path: string; shown: string }> {
    return await this.#ask({ kind: "saveFrame", jobId, frame, bytes }, answerSchemas.saveFrame);
  }

  /** Gives the new job's id; undefined where the user was asked and thought better of it. */
  async again(jobId: string): Promise<string | undefined> {
    return (await this.#ask({ kind: "again", jobId }, answerSchemas.again)).jobId;
  }

  /** Gives the picture files as the job was made of them. */
  async reuse(jobId: string): Promise<Seen> {
    return (await this.#ask({ kind: "reuse", jobId }, answerSchemas.reuse)).seen;
  }

  async #ask<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#vscode.postMessage({ id, request });
    return schema.parse(await answer.promise);
  }

  #take(id: number): PromiseWithResolvers<unknown> | undefined {
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    return answer;
  }
}
