import { parameterTable } from "../../src/shared/model/parameters.ts";
import { anyAnswer, type PostAnswer, taken } from "./answers.ts";
import type { Random } from "./random.ts";
import type { Process, Scheduler } from "./scheduler.ts";
import type { Post, Request, Service } from "./service.ts";
import type { Store } from "./store.ts";

/** What leaves a window. The body is taken only when a connection stands, as Node's clients do. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: () => Promise<Buffer>;
  readonly process: Process | undefined;
}

/** What comes back: a whole answer, or one that breaks off in the middle of its body. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Bytes after which the connection breaks. */
  readonly breaksAfter?: number;
  /** Called when the window has got all of it. */
  readonly arrived?: () => void;
}

/** One call of a client: it may have its request sent more than once. */
export interface Call {
  readonly startedAt: number;
  /** Of a paid POST, once it has come to the service. */
  post: Post | undefined;
}

/** An error as Node's clients reject with. */
export function networkError(code: string, facts: { syscall?: string; message?: string } = {}): Error {
  const { message = code, ...rest } = facts;
  return Object.assign(new Error(message), { code, ...rest });
}

const never = new Promise<never>(() => undefined);

/** Where the service is. */
export const service = "https://model-api.runcomfy.net";
const cdn = "cdn.runcomfy.net";
/** A server of the user's own that takes images by PUT. */
export const storage = "store.example.com";

/** How bad the network is, each from 0 to 1. */
export interface Weather {
  /** Exchanges that never get a connection. */
  offline: number;
  /** Answers to paid POSTs that are no plain success. */
  odd: number;
  /** Answers to anything that get lost or break off. */
  lost: number;
  /** Reads that tell nothing, or something wrong. */
  misread: number;
}

export const fair: Weather = { offline: 0, odd: 0, lost: 0, misread: 0 };

/** Between the windows and all servers: delays, losses and wrong answers. */
export class Network {
  weather: Weather = fair;
  readonly #random: Random;
  readonly #scheduler: Scheduler;
  readonly #service: Service;
  readonly #store: Store;
  readonly #trace: (text: string) => void;
  /** Called when a window has wholly got an answer to a POST. */
  onAnswered: (post: Post, answer: PostAnswer, request: Request | undefined) => void = () => undefined;

  constructor(parts: {
    random: Random;
    scheduler: Scheduler;
    service: Service;
    store: Store;
    trace: (text: string) => void;
  }) {
    this.#random = parts.random;
    this.#scheduler = parts.scheduler;
    this.#service = parts.service;
    this.#store = parts.store;
    this.#trace = parts.trace;
  }

  /** Begins a call. */
  call(): Call {
    return { startedAt: this.#scheduler.now, post: undefined };
  }

  #begin(sent: Sent, startedAt: number, body: Record<string, unknown>): Post {
    const post: Post = {
      number: this.#service.posts.length + 1,
      prompt: String(body[parameterTable.prompt.wireKey]),
      process: sent.process,
      startedAt,
      reached: 0,
      taken: [],
      meaning: undefined,
    };
    this.#service.posts.push(post);
    return post;
  }

  /** One exchange of a call, which may have several. Never ends where the answer never comes. */
  async exchange(sent: Sent, call: Call): Promise<Answered> {
    const random = this.#random;
    const { weather } = this;
    await this.#pause(1, 40);
    if (random.chance(weather.offline)) {
      throw await this.#noConnection();
    }
    await this.#pause(1, 60);
    if (sent.process?.isAlive === false) {
      // What is in the system's hands goes on its way; what is not, does not.
      await never;
    }
    const body = await sent.body();
    await this.#pause(1, 30);
    const { method, url } = sent;
    if (method === "POST" && url.origin === service && url.pathname.startsWith("/v1/models/")) {
      return this.#submit(sent, body, call);
    }
    const answered = this.#read(sent, body);
    await this.#pause(1, random.chance(0.1) ? 3000 : 80);
    return this.#carried(answered);
  }

  async #noConnection(): Promise<Error> {
    const random = this.#random;
    const kind = random.pick(["refused", "unknown", "slow", "proxy", "call"]);
    await this.#pause(1, kind === "slow" ? 10_000 : 2000);
    switch (kind) {
      case "refused":
        return networkError("ECONNREFUSED", { syscall: "connect" });
      case "unknown":
        return networkError("ENOTFOUND", { syscall: "getaddrinfo" });
      case "slow":
        return networkError("UND_ERR_CONNECT_TIMEOUT");
      case "proxy":
        return networkError("UND_ERR_ABORTED", { message: "Proxy response (502) !== 200 when HTTP Tunneling" });
      default:
        return networkError("ENETUNREACH", { syscall: "connect" });
    }
  }

  /** A connection that broke after the request had left: its error tells nothing of what became of it. */
  async #broken(): Promise<Error> {
    const random = this.#random;
    const kind = random.pick(["reset", "closed", "silent", "tls", "tls", "pipe"]);
    switch (kind) {
      case "silent":
        return never;
      case "reset":
        return networkError("ECONNRESET", { syscall: "read" });
      case "tls":
        // Clear text that something on the way has written into the connection.
        return networkError("ERR_SSL_WRONG_VERSION_NUMBER");
      case "pipe":
        return networkError("EPIPE", { syscall: "write" });
      default:
        return networkError("UND_ERR_SOCKET", { message: "other side closed" });
    }
  }

  async #submit(sent: Sent, body: Buffer, call: Call): Promise<Answered> {
    const random = this.#random;
    const json: Record<string, unknown> = JSON.parse(body.toString());
    call.post ??= this.#begin(sent, call.startedAt, json);
    const { post } = call;
    const { weather } = this;
    if (random.chance(weather.lost * 0.3)) {
      this.#trace(`post ${post.number} is lost on its way`);
      await this.#pause(1, 2000);
      throw await this.#broken();
    }
    const answer = random.chance(weather.odd) ? anyAnswer(random) : taken;
    const token = (sent.headers.get("authorization") ?? "").replace("Bearer ", "");
    const id = this.#service.receive(post, json, token, answer);
    const request = this.#service.requests.get(id);
    this.#trace(`post ${post.number} ${post.prompt}: ${answer.name}, ${answer.takes ? `taken as ${id}` : "not taken"}`);
    await this.#pause(1, random.chance(0.3) ? 6000 : 300);
    const isLost = random.chance(weather.lost);
    if (isLost && random.chance(0.6)) {
      throw await this.#broken();
    }
    return {
      ...this.#answered(answer.status, answer.headers, answer.body(id), isLost),
      arrived: () => {
        post.meaning = answer.meaning;
        if (request !== undefined && answer.namesId) {
          request.told = answer.meaning;
        }
        this.onAnswered(post, answer, request);
      },
    };
  }

  #answered(
    status: number,
    headers: Readonly<Record<string, string>>,
    text: string | Buffer,
    breaks: boolean,
  ): Answered {
    const body = Buffer.from(text);
    return breaks && body.byteLength > 1
      ? { status, headers, body, breaksAfter: this.#random.between(1, body.byteLength - 1) }
      : { status, headers, body };
  }

  /** An answer to a read, as the network lets it through. */
  async #carried(answered: Answered): Promise<Answered> {
    if (!this.#random.chance(this.weather.lost)) {
      return answered;
    }
    if (this.#random.chance(0.5)) {
      throw await this.#broken();
    }
    return this.#answered(answered.status, answered.headers, answered.body, true);
  }

  #read(sent: Sent, body: Buffer): Answered {
    const { url, method } = sent;
    const random = this.#random;
    const isMisread = random.chance(this.weather.misread);
    const json = (status: number, value: object): Answered =>
      this.#answered(status, { "content-type": "application/json" }, JSON.stringify(value), false);
    if (url.hostname === storage) {
      return isMisread
        ? this.#answered(random.pick([500, 503, 403, 429]), {}, "<Error><Code>Simulated</Code></Error>", false)
        : this.#store.answer(method, url.pathname, body);
    }
    if (url.hostname === cdn) {
      const request = this.#service.requests.get(url.pathname.slice(1).replace(".mp4", ""));
      return isMisread ? this.#oddDownload(request) : this.#download(request, sent.headers);
    }
    const [, id = "", call] = /^\/v1\/requests\/([\w-]+)\/(\w+)/.exec(url.pathname) ?? [];
    if (isMisread && call !== "cancel") {
      return this.#misread();
    }
    const request = this.#service.requests.get(id);
    if (request === undefined) {
      return json(404, { error_code: 404001, error_message: "no such request" });
    }
    const word =
      call === "status"
        ? this.#service.status(request)
        : call === "result"
          ? this.#service.result(request)
          : this.#service.cancel(request);
    return json(word.status, word.body);
  }

  #misread(): Answered {
    const random = this.#random;
    const page = "<html><body>default backend - 404</body></html>";
    const [status, body, headers = {}] = random.pick<[number, string, Record<string, string>?]>([
      [404, page],
      [403, page],
      [200, page],
      [502, page],
      [503, ""],
      [429, "{}", { "retry-after": String(random.between(1, 600)) }],
      [401, JSON.stringify({ error_code: 401001 })],
      [403, JSON.stringify({ error_code: 403001 })],
      [404, JSON.stringify({ error_code: 404001 })],
      [200, JSON.stringify({ status: "pondering" })],
      [200, JSON.stringify({ status: "completed" })],
      [200, "{"],
      [500, JSON.stringify({ error_code: 500001 })],
    ]);
    return this.#answered(status, headers, body, false);
  }

  #download(request: Request | undefined, headers: Headers): Answered {
    if (request === undefined) {
      return this.#answered(404, {}, "", false);
    }
    const video = this.#service.video(request);
    const etag = `"${request.id}"`;
    const [, from] = /^bytes=(\d+)-$/.exec(headers.get("range") ?? "") ?? [];
    if (from !== undefined && headers.get("if-range") === etag && Number(from) < video.byteLength) {
      const rest = video.subarray(Number(from));
      const range = `bytes ${from}-${video.byteLength - 1}/${video.byteLength}`;
      return this.#answered(
        206,
        { etag, "content-range": range, "content-length": String(rest.byteLength) },
        rest,
        false,
      );
    }
    return this.#answered(200, { etag, "content-length": String(video.byteLength) }, video, false);
  }

  #oddDownload(request: Request | undefined): Answered {
    const random = this.#random;
    const video = request === undefined ? Buffer.alloc(0) : this.#service.video(request);
    return random.pick([
      this.#answered(403, {}, "", false),
      this.#answered(404, {}, "<html></html>", false),
      this.#answered(500, {}, "", false),
      this.#answered(200, {}, "<html>sign in</html>", false),
      this.#answered(200, {}, video.subarray(0, video.byteLength >> 1), false),
      this.#answered(302, { location: `https://elsewhere.example.com/${request?.id}.mp4` }, "", false),
      this.#answered(302, { location: `https://${cdn}/${request?.id}.mp4` }, "", false),
    ]);
  }

  #pause(low: number, high: number): Promise<void> {
    return this.#scheduler.wait(this.#random.between(low, high), undefined);
  }
}
