import {
  type AnswerOf,
  type FieldsOf,
  type HostEvent,
  hostMessageSchema,
  type Kind,
  type PageMessage,
  type RequestOf,
} from "../../shared/messages/registry.ts";
import { RequestError } from "../../shared/messages/rpc.ts";

/** VS Code's webview API, as the page uses it. */
export interface VsCode {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/**
 * Sends a request to the host.
 * @throws {RequestError} if the host refuses the request.
 */
export type Ask = <K extends Kind>(request: RequestOf<K>, fields: FieldsOf<K>) => Promise<AnswerOf<K>>;

/** The page's connection to the host. */
export class Host {
  readonly #vscode: VsCode;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  /** Starts at a random number, so that a late answer to an earlier page cannot match a request of this page. */
  #lastId = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

  constructor(vscode: VsCode, onEvent: (event: HostEvent) => void) {
    this.#vscode = vscode;
    this.#onEvent = onEvent;
  }

  readonly ask: Ask = async ({ kind, answer }, fields) => {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#vscode.postMessage({ id, request: { ...fields, kind } });
    return answer.parse(await waiting.promise);
  };

  /** Handles a message from the host. */
  receive(raw: unknown): void {
    const message = hostMessageSchema.parse(raw);
    switch (message.kind) {
      case "answer":
        this.#take(message.id)?.resolve(message.value);
        return;
      case "failure":
        this.#take(message.id)?.reject(new RequestError(message.problem));
        return;
      default:
        this.#onEvent(message);
    }
  }

  #take(id: number): PromiseWithResolvers<unknown> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
