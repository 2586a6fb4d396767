import type { Kind } from "./chaos.ts";
import type { ViolationKind } from "./world.ts";

/** Some text of the product, and the text that once stood there in its place or with it. */
interface Replaced {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/** A fault of an earlier version, as changes of this one. */
export interface Fault {
  readonly name: string;
  /** What the simulator finds by it. */
  readonly kinds: readonly ViolationKind[];
  /** What it takes to show it, if that is rare: then it happens often. */
  readonly often?: readonly Kind[];
  readonly replaced: readonly Replaced[];
}

/** Faults that once lost or doubled money, by number. Each changes no more than brings it back. */
export const faults: ReadonlyMap<number, Fault> = new Map([
  [
    1,
    {
      name: "fetch may repeat a paid request by itself",
      kinds: ["paidTwice"],
      replaced: [
        {
          file: "src/runcomfy/oneShot.ts",
          text: 'init: { body, duplex: "half", credentials: "omit" },',
          by: "init: { body: text },",
        },
        { file: "src/runcomfy/oneShot.ts", text: "return given < bytes.byteLength;", by: "return false;" },
      ],
    },
  ],
  [
    2,
    {
      name: "a code in an answer wins over its status and over a request id",
      often: ["weather"],
      kinds: ["paidTwice", "lost"],
      replaced: [
        {
          file: "src/runcomfy/submission.ts",
          text: "const { status, form, codes, requestId } = answer;",
          by: `const { status, form, codes, requestId } = answer;
  if (statusOf(answer) === 429) return { outcome: "throttled", retryAfter: answer.retryAfter };`,
        },
      ],
    },
  ],
  [
    3,
    {
      name: "a job that its user cancelled on its way is sent later",
      often: ["weather", "stand", "disagree"],
      kinds: ["cancelledSent"],
      replaced: [
        {
          file: "src/jobs/decisions.ts",
          text: 'if (current.cancel === "asked") {',
          by: "if (false) {",
        },
        { file: "src/jobs/steps/submit.ts", text: '      job.cancel !== "asked"\n', by: "      true\n" },
      ],
    },
  ],
  [
    4,
    {
      name: "a job is removed that has gone on meanwhile",
      kinds: ["lost"],
      often: ["disagree"],
      replaced: [
        {
          file: "src/jobs/service.ts",
          text: `const job = await committed(this.#ports, "removed", () => whenFree(() => this.#journal.remove(id)));`,
          by: `const job = await whenFree(() => this.#find(id));
    if (!isEnded(job.progress)) throw new ProblemError({ code: "notPossibleNow", state: job.progress.state });
    await clearUp(this.#journal, this.#ports, job);
    this.#journal.removeBlindly(id);`,
        },
        {
          file: "src/jobs/journal/journal.ts",
          text: "  /** Deletes the row of a job that was removed. */",
          by: `  removeBlindly(id) {
    this.#db.run("DELETE FROM jobs WHERE id = ?", id);
    this.#list.touch(id);
  }

  /** Deletes the row of a job that was removed. */`,
        },
      ],
    },
  ],
  [
    5,
    {
      name: "a log that throws stands between a paid answer and its commit",
      kinds: ["lost"],
      often: ["close"],
      replaced: [
        { file: "src/jobs/ports.ts", text: "    log: guarded(ports.log),\n", by: "" },
        {
          file: "src/jobs/steps/submit.ts",
          text: '    case "accepted":\n',
          by: '    case "accepted":\n      context.ports.log("accepted");\n',
        },
      ],
    },
  ],
  [
    6,
    {
      name: "an error of TLS counts as one of the handshake whenever it comes",
      kinds: ["lost"],
      replaced: [
        {
          file: "src/host/http.ts",
          text: "reject(established ? error : new Unsent(error))",
          by: 'reject(established && !String(error.code).startsWith("ERR_SSL_") ? error : new Unsent(error))',
        },
      ],
    },
  ],
  [
    7,
    {
      name: "a spoilt journal is renamed under the windows that have it open",
      kinds: ["lost"],
      replaced: [
        {
          file: "src/jobs/journal/file.ts",
          text: "  mend(file, { setAside, migrate: (db) => migrate(db, file), check: () => openDatabase(file).close() });",
          by: `  const aside = \`\${file}.unreadable-\${Date.now()}\`;
  process.getBuiltinModule("node:fs").renameSync(file, aside);
  setAside(aside);
  makePrivate(file);`,
        },
        {
          file: "src/jobs/journal/database.ts",
          text: "return identity !== undefined && identity !== this.#identity;",
          by: "return false;",
        },
      ],
    },
  ],
  [
    8,
    {
      name: "rows are leased that this version cannot read",
      kinds: ["foreign"],
      replaced: [
        {
          file: "src/jobs/journal/leaseBook.ts",
          text: "AND id IN (SELECT value FROM json_each(?))`;",
          by: "AND ? IS NOT NULL`;",
        },
      ],
    },
  ],
  [
    9,
    {
      name: "a secret storage that fails passes for an empty one",
      kinds: ["account"],
      replaced: [
        {
          file: "src/host/token.ts",
          text: `      .catch((error: unknown) => {
        this.#stored = undefined;
        throw error;
      });`,
          by: `      .catch(() => {
        this.#stored = undefined;
        return empty;
      });`,
        },
      ],
    },
  ],
]);

/**
 * A file's text with a fault put back.
 * @throws Error where the text is gone that it replaces
 */
export function putBack({ name, replaced }: Fault, file: string, text: string): string {
  return replaced
    .filter((each) => each.file === file)
    .reduce((changed, each) => {
      if (changed.split(each.text).length !== 2) {
        throw new Error(`${file} has no single place any more where "${name}" can be put back: ${each.text}`);
      }
      return changed.replace(each.text, () => each.by);
    }, text);
}
