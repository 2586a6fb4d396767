import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { createFetch } from "../../../src/host/http.ts";
import { createClient } from "../../../src/runcomfy/client.ts";
import type { SubmitOutcome } from "../../../src/runcomfy/submission.ts";
import { portOf } from "./server.ts";
import { selfSigned } from "./tls.ts";

// Whatever a server answers to a paid POST, and whichever way it went out, one POST reaches it, and the outcome is that of
// the table of docs/paid-once.md. The table here is written by hand and knows nothing of the code. Each way has a test file
// of its own, so that they run side by side.

const id = "0b7c9f4e-1111-4222-8333-abcdefabcdef";

/** A body, and what a reader of the table sees in it. */
interface Shape {
  readonly name: string;
  readonly text: (status: number) => string;
  /** It ends before its announced length. */
  readonly cut?: true;
  readonly form: "json" | "page" | "empty";
  readonly hasId: boolean;
  /** The status that each code in it stands for; 0 for one that stands for none. */
  readonly codes: (status: number) => readonly number[];
}

const none = () => [];
const json = (
  name: string,
  body: (status: number) => object,
  facts: { readonly hasId?: boolean; readonly codes?: Shape["codes"] } = {},
): Shape => ({
  name,
  text: (status) => JSON.stringify(body(status)),
  form: "json",
  hasId: false,
  codes: none,
  ...facts,
});
/** The code that a service would give for a status, and what it says. */
const own = (status: number) => ({ error_code: status * 1000 + 1 });
const ownSays = (status: number) => [status >= 400 ? status : 0];

const tooMany = { error_code: 429001 };
const noBalance = { error_code: 400002 };
const fault = { code: "500001" };
const withId = { request_id: id, status: "in_queue" };

/** Tried with every status. */
const shapes: readonly Shape[] = [
  json("an error without a code", () => ({ error_message: "no" })),
  json("an error with its own code", own, { codes: ownSays }),
  json("the code of too many requests", () => tooMany, { codes: () => [429] }),
  json("the code of a fault inside the service", () => fault, { codes: () => [500] }),
  json("an id", () => withId, { hasId: true }),
  json("an id and its own code", (status) => ({ ...withId, ...own(status) }), { hasId: true, codes: ownSays }),
  json("an id and too many requests", () => ({ ...withId, ...tooMany }), { hasId: true, codes: () => [429] }),
  { name: "a page", text: () => "<html>Sorry</html>", form: "page", hasId: false, codes: none },
  { name: "a page with an id", text: () => `<p>{"request_id":"${id}"}</p>`, form: "page", hasId: true, codes: none },
  { name: "nothing", text: () => "", form: "empty", hasId: false, codes: none },
  { name: "an id, cut off", text: () => `{"request_id":"${id}","s`, cut: true, form: "page", hasId: true, codes: none },
  { name: "half an id, cut off", text: () => '{"request_id":"0b7', cut: true, form: "page", hasId: false, codes: none },
];

/** Tried with a status of each row of the table. */
const moreShapes: readonly Shape[] = [
  json("the code of an empty balance", () => noBalance, { codes: () => [400] }),
  json("an id and a fault", () => ({ ...withId, ...fault }), { hasId: true, codes: () => [500] }),
  json("a short code of too many requests", () => ({ code: 429 }), { codes: () => [429] }),
  json("a code of another scheme", () => ({ code: 4290 }), { codes: () => [0] }),
  json("a longer code of another scheme", () => ({ error_code: 4290012 }), { codes: () => [0] }),
  json("a code of success", () => ({ code: 200 }), { codes: () => [0] }),
  json("two codes", () => ({ ...noBalance, ...fault }), { codes: () => [400, 500] }),
  json("two codes that agree", () => ({ ...tooMany, code: 429 }), { codes: () => [429, 429] }),
  json("a code of too many requests and another", () => ({ ...tooMany, code: 400 }), { codes: () => [429, 400] }),
  json("fields for codes that say nothing", () => ({ error_code: 0, code: "busy" })),
  json("a list", () => [1, 2]),
  json("an id that is none", () => ({ request_id: "../x" })),
  json("an id inside an echo", () => ({ input: withId, ...noBalance }), { codes: () => [400] }),
  { name: "blanks", text: () => " \n ", form: "empty", hasId: false, codes: none },
];
const rowStatuses = [200, 201, 302, 400, 404, 407, 429, 499, 500, 503];

interface Seen {
  readonly status: number;
  readonly form: Shape["form"];
  readonly hasId: boolean;
  readonly codes: readonly number[];
}
type Expected = SubmitOutcome["outcome"] | "unclear with the id";

const says = (wanted: (status: number) => boolean, codes: readonly number[]) => codes.every(wanted);
const is4xx = (status: number) => status >= 400 && status <= 499;
const is429 = (status: number) => status === 429;

/** The table of docs/paid-once.md: the first row that is about an answer decides. */
const table: readonly (readonly [about: (seen: Seen) => boolean, expected: Expected])[] = [
  [({ status, form, hasId }) => hasId && form === "json" && status >= 200 && status <= 299, "accepted"],
  [({ hasId }) => hasId, "unclear with the id"],
  [({ form }) => form === "page", "unclear"],
  [({ status }) => status === 407, "unclear"],
  [({ status, codes }) => status === 429 && says(is429, codes), "throttled"],
  [({ status, codes }) => status === 200 && codes.length > 0 && says(is429, codes), "throttled"],
  [({ status, codes }) => is4xx(status) && says(is4xx, codes), "refused"],
  [() => true, "unclear"],
];

/** Statuses whose answers have no body by HTTP, so that none is read. */
const bodiless = [204, 205, 304];

function expected(status: number, shape: Shape, way: Way): Expected {
  // An informational answer is none: the connection ends after it. `fetch` shows nothing of a 407.
  const shown = status >= 200 && !bodiless.includes(status) && !(way === "fetch" && status === 407);
  const seen: Seen = shown
    ? { status, form: shape.form, hasId: shape.hasId, codes: shape.codes(status) }
    : { status, form: "empty", hasId: false, codes: [] };
  return table.find(([about]) => about(seen))?.[1] ?? "unclear";
}

/** How a POST goes out: by `fetch`, or by what stands for it where any certificate is taken. */
export type Way = "fetch" | "any certificate";

/** Answers each POST by what stands in its body, and counts them. */
class Counter {
  readonly posts = new Map<string, number>();
  readonly #server: Server;

  constructor(secure: boolean) {
    const serve = (socket: Socket) => this.#serve(socket);
    // In TLS 1.2 a known client costs no new key exchange: the test is not about handshakes.
    this.#server = secure ? createTlsServer({ ...selfSigned(), maxVersion: "TLSv1.2" }, serve) : createServer(serve);
  }

  async listen(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return portOf(this.#server.address());
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }

  #serve(socket: Socket): void {
    let text = "";
    socket.on("error", () => undefined);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
      const head = text.indexOf("\r\n\r\n") + 4;
      const length = Number(/^content-length: (\d+)\r$/im.exec(text.slice(0, head))?.[1] ?? Number.NaN);
      if (head < 4 || text.length < head + length) {
        return;
      }
      const { "99_text": name = "" }: { "99_text"?: string } = JSON.parse(text.slice(head));
      this.posts.set(name, (this.posts.get(name) ?? 0) + 1);
      text = "";
      socket.end(answers.get(name) ?? "");
    });
  }
}

const answers = new Map<string, string>();

function written(status: number, shape: Shape): string {
  const body = shape.text(status);
  if (status < 200) {
    return `HTTP/1.1 ${status} Soon\r\n\r\n`;
  }
  const sent = status === 204 || status === 304 ? "" : body;
  const length = body.length + (shape.cut ? 100 : 0);
  return `HTTP/1.1 ${status} So\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${sent}`;
}

/** Works through a list with so many at once. */
async function each<T>(list: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = list.values();
  const lane = async () => {
    for (const item of left) {
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}

function told(submission: SubmitOutcome): Expected {
  if (submission.outcome === "accepted") {
    assert.equal(submission.requestId, id);
  }
  if (submission.outcome === "unclear" && submission.problem.code === "submitUnclear") {
    const { requestId } = submission.problem;
    assert.ok(requestId === undefined || requestId === id);
    return requestId === undefined ? "unclear" : "unclear with the id";
  }
  return submission.outcome;
}

const statuses = Array.from({ length: 500 }, (_, index) => 100 + index);

/** Declares the tests of one way. */
export function paidOnce(way: Way): void {
  const secure = way === "any certificate";
  const counter = new Counter(secure);
  let client: ReturnType<typeof createClient>;
  before(async () => {
    const base = `${secure ? "https" : "http"}://127.0.0.1:${await counter.listen()}`;
    // Around a proxy https keeps its agent, which knows the server.
    const fetch = createFetch(() => ({ dispatcherAvoidsProxy: secure, strictCertificates: !secure }));
    client = createClient({ base, fetch, token: async () => "token" });
  });
  after(() => counter.close());

  async function submit(name: string, answer: string): Promise<{ told: Expected; posts: number }> {
    answers.set(name, answer);
    const submission = await client.submit({ "99_text": name });
    return { told: told(submission), posts: counter.posts.get(name) ?? 0 };
  }

  describe(`a paid POST by ${way}`, () => {
    it("is sent once and means what the table says, for every status and every shape of answer", async () => {
      const cases = [
        ...statuses.flatMap((status) => shapes.map((shape) => ({ status, shape }))),
        ...rowStatuses.flatMap((status) => moreShapes.map((shape) => ({ status, shape }))),
      ];
      const wrong: string[] = [];
      await each(cases, 16, async ({ status, shape }) => {
        const found = await submit(`${status} ${shape.name}`, written(status, shape));
        const right = expected(status, shape, way);
        if (found.told !== right || found.posts !== 1) {
          wrong.push(`${status} with ${shape.name}: ${found.told} instead of ${right}, ${found.posts} POSTs`);
        }
      });
      const repeated = [...counter.posts].filter(([, posts]) => posts !== 1);
      assert.deepEqual(repeated, [], "nor later");
      assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${cases.length}`);
    });

    it("waits for what follows an informational answer", async () => {
      const body = `{"request_id":"${id}"}`;
      const final = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
      for (const status of [100, 101, 102, 103, 199]) {
        // `fetch` does not expect 100, and 101 ends HTTP.
        const right = status === 101 || (status === 100 && way === "fetch") ? "unclear" : "accepted";
        const found = await submit(`${status} goes on`, `HTTP/1.1 ${status} Soon\r\n\r\n${final}`);
        assert.deepEqual(found, { told: right, posts: 1 }, String(status));
      }
    });

    it("is unclear, sent once and no more, where the status is none of HTTP", async () => {
      for (const [index, line] of ["HTTP/1.1 600 X", "HTTP/1.1 999 X", "HTTP/1.1 099 X", "HTTP/1.1 20 X"].entries()) {
        const answer = `${line}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`;
        const found = await submit(`odd ${index}`, answer);
        assert.deepEqual(found, { told: "unclear", posts: 1 }, line);
      }
    });
  });
}
