import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { balance, cancel, catalogue, list, refusal, result, status, submit } from "./api.ts";
import type { Engine } from "./engine.ts";
import type { ActiveFault, Call, Effects } from "./faults.ts";
import type { Books, Download, Exchange } from "./ledger.ts";
import { download, outputOwner } from "./outputs.ts";
import { connectionClosed, errorReply, HTML_PAGE, jsonReply, plannedReply, type Reply, transmit } from "./reply.ts";
import { type Route, routeOf } from "./routes.ts";
import type { Run } from "./runs.ts";

const BODY_LIMIT = 64 * 1024 * 1024;

/** What an exchange needs from the service around it. */
export type Surroundings = {
  readonly engine: Engine;
  readonly books: Books;
  /** Origin of links in answers. */
  readonly origin: string;
  readonly strike: (call: Call, requestIndex: number | undefined) => ActiveFault | undefined;
  readonly control: (method: string, path: string, body: Buffer) => Promise<Reply>;
};

type Incoming = { readonly request: IncomingMessage; readonly url: URL; readonly body: Buffer };

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= BODY_LIMIT) chunks.push(chunk);
  }
  return length <= BODY_LIMIT ? Buffer.concat(chunks) : undefined;
}

/** The answer that a fault gives in place of the service, which then never sees the call. */
function answerInstead(effects: Effects): Reply | undefined {
  if (effects.respond) return plannedReply(effects.respond);
  if (effects.errorIn200) return jsonReply(200, effects.errorIn200);
  if (effects.redirect) {
    const { location, status: code = 302 } = effects.redirect;
    return { status: code, headers: { location }, body: Buffer.alloc(0) };
  }
  if (effects.html) return { status: 200, headers: { "content-type": "text/html" }, body: HTML_PAGE };
  return undefined;
}

/** Takes HTTP calls through faults, handlers and the books. */
export class Exchanges {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(`http://service${request.url ?? "/"}`);
      if (url.pathname.startsWith("/_test/")) {
        const reply = await this.#around.control(
          request.method ?? "",
          url.pathname,
          (await bodyOf(request)) ?? Buffer.alloc(0),
        );
        await transmit(response, reply, {}, () => {});
      } else {
        await this.#exchange(request, response, url);
      }
    } catch (error) {
      // A client that goes away while it is still sending is its own affair; anything else is a fault of ours.
      if (!request.destroyed) console.error(error);
      response.destroy();
    }
  }

  #runOf(route: Route, url: URL): Run | undefined {
    const { engine } = this.#around;
    switch (route.call) {
      case "status":
      case "result":
      case "cancel":
        return engine.find(route.requestId);
      case "download":
        return outputOwner(engine, url.pathname)?.run;
      default:
        return undefined;
    }
  }

  async #exchange(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { engine, books } = this.#around;
    const method = request.method ?? "";
    const path = url.pathname + url.search;
    const route = routeOf(method, url.pathname);
    const exchange = books.openExchange(method, path, route.call, engine.now());
    if ((route.call === null || route.call === "download") && request.headers.authorization !== undefined) {
      books.noteLeak(method, path, engine.now());
    }
    response.once("close", () => {
      exchange.endedAt = engine.now();
      if (exchange.outcome === "pending") exchange.outcome = "abandoned";
    });
    const run = this.#runOf(route, url);
    const taken =
      route.call === "download"
        ? books.openDownload(path, run?.id ?? null, request.headers.range ?? null, engine.now())
        : undefined;
    const body = await bodyOf(request);
    const fault =
      route.call === null
        ? undefined
        : this.#around.strike(route.call, route.call === "submit" ? engine.runs.length : run?.index);
    exchange.faultId = fault?.id ?? null;
    const effects = fault?.effects ?? {};

    if (effects.delayMs) await Promise.race([sleep(effects.delayMs), connectionClosed(response)]);
    if (response.destroyed) return;
    if (effects.resetBeforeAccept) return this.#reset(response, exchange);
    if (effects.hangBefore) return connectionClosed(response);
    if (run && effects.expire) this.#expire(route, run);
    const own =
      answerInstead(effects) ??
      (body ? await this.#answer(route, { request, url, body }, effects) : errorReply(413, 413000, "Body too large."));
    if (effects.resetAfterAccept) return this.#reset(response, exchange);
    if (effects.hangAfter) return connectionClosed(response);
    await this.#send(
      response,
      effects.acceptThenRespond ? plannedReply(effects.acceptThenRespond) : own,
      effects,
      exchange,
      taken,
    );
  }

  #reset(response: ServerResponse, exchange: Exchange): void {
    exchange.outcome = "reset";
    response.socket?.resetAndDestroy();
  }

  #expire(route: Route, run: Run): void {
    if (route.call === "download") run.fileGone = true;
    else run.expired = true;
  }

  async #send(
    response: ServerResponse,
    reply: Reply,
    effects: Effects,
    exchange: Exchange,
    taken: Download | undefined,
  ): Promise<void> {
    exchange.status = reply.status;
    if (taken) taken.status = reply.status;
    const whole = await transmit(response, reply, effects, (count) => {
      if (taken) taken.bytes += count;
    });
    if (whole) exchange.outcome = "answered";
    if (taken) taken.completed = whole && (reply.status === 200 || reply.status === 206);
  }

  async #answer(route: Route, { request, url, body }: Incoming, effects: Effects): Promise<Reply> {
    const { engine, origin } = this.#around;
    const api = { engine, origin };
    if (route.call === "download") {
      return download(engine, outputOwner(engine, url.pathname), request.headers, effects);
    }
    if (route.call === null) return errorReply(404, 404001, "ResourceNotFound: no such address.");
    const refused = refusal(engine, request.headers.authorization);
    if (refused) return refused;
    switch (route.call) {
      case "submit":
        return submit(api, route.modelId, body, effects);
      case "catalogue":
        return catalogue(engine, route.modelId);
      case "list":
        return list(engine, url.searchParams);
      case "balance":
        return balance(engine);
      case "status":
      case "result":
      case "cancel":
        return this.#aboutRun(route.call, route.requestId, url, effects);
    }
  }

  #aboutRun(call: "status" | "result" | "cancel", requestId: string, url: URL, effects: Effects): Reply {
    const { engine, origin } = this.#around;
    const api = { engine, origin };
    const run = engine.find(requestId);
    if (!run || run.expired) return errorReply(404, 404001, "ResourceNotFound: no such request, or it has expired.");
    switch (call) {
      case "status":
        return status(api, run, effects);
      case "result":
        return result(api, run, url.searchParams, effects);
      case "cancel":
        return cancel(api, run, effects);
    }
  }
}
