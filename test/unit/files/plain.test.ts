import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { NotPlain, piecesOf, readPlain } from "../../../src/files/plain.ts";

// Anything can stand at a path that others can write at; no reader waits for it or takes it into memory without a bound.

const folder = await mkdtemp(join(tmpdir(), "wan-flf2v-plain-"));
after(() => rm(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const source = new URL("../../../src/", import.meta.url);

const because = (reason: NotPlain["reason"]) => (error: unknown) => {
  assert.ok(error instanceof NotPlain, String(error));
  return error.reason === reason;
};

async function drained(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.byteLength;
  }
  return length;
}

describe("a plain file", () => {
  it("is read whole, at once and in pieces, at every length around that of a piece", async () => {
    for (const length of [0, 1, 1048575, 1048576, 1048577, 2097152, 2097153]) {
      const bytes = Buffer.from(Uint8Array.from({ length }, (_, index) => index % 251));
      await writeFile(at("whole"), bytes);
      assert.equal(Buffer.compare(await readPlain(at("whole"), length), bytes), 0, `${length}`);
      const pieces: Buffer[] = [];
      for await (const piece of piecesOf(at("whole"), length)) {
        pieces.push(Buffer.from(piece));
      }
      assert.equal(Buffer.compare(Buffer.concat(pieces), bytes), 0, `${length} in pieces`);
    }
  });

  it("is not read where it is longer than it may be, however little of it is on the disk", async () => {
    await writeFile(at("long"), "");
    await truncate(at("long"), 2 ** 40);
    await assert.rejects(readPlain(at("long"), 2 ** 40 - 1), because("tooLarge"));
    await assert.rejects(drained(piecesOf(at("long"), 2 ** 40 - 1)), because("tooLarge"));
  });

  it("that grows or shrinks meanwhile is told from one that stands", async () => {
    for (const change of [() => appendFile(at("moving"), "x"), () => truncate(at("moving"), 1048577)]) {
      await writeFile(at("moving"), Buffer.alloc(3 * 1048576));
      const pieces = piecesOf(at("moving"), 2 ** 30);
      await pieces.next();
      await change();
      await assert.rejects(drained(pieces), because("changing"));
    }
  });
});

describe("what is no plain file", { skip: process.platform === "win32" && "Windows has no such files" }, () => {
  it("is refused at once: pipes, sockets, devices without an end, folders, and links to them", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    await mkdir(at("folder"));
    const server = createServer().listen(at("socket"));
    await once(server, "listening");
    for (const [name, target] of Object.entries({ zero: "/dev/zero", linked: at("pipe"), random: "/dev/urandom" })) {
      await symlink(target, at(name));
    }
    for (const name of ["pipe", "folder", "socket", "zero", "linked", "random"]) {
      await assert.rejects(readPlain(at(name), 2 ** 30), because("notAFile"), name);
      await assert.rejects(drained(piecesOf(at(name), 2 ** 30)), because("notAFile"), name);
    }
    server.close();
  });

  /** Runs a program over a folder of pipes and a link without an end; what blocks a thread for good blocks only that program. */
  async function inProgram(body: string): Promise<string> {
    const program = `
      const [folder, source] = process.argv.slice(1);
      const load = (path) => import(new URL(path, source).href);
      const { stat, writeFile } = await import("node:fs/promises");
      ${body}
      await stat(folder);
      process.stdout.write(JSON.stringify({ said, memory: process.memoryUsage().rss }), () => process.exit(0));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, folder, source.href], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 15_000,
      killSignal: "SIGKILL",
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
    });
    await once(child, "close");
    const { said, memory } = JSON.parse(text || '{"said":"it never ended","memory":0}');
    assert.ok(memory < 300_000_000, `${memory} bytes of memory`);
    return JSON.stringify(said);
  }

  for (const [what, body, said] of [
    [
      "a recipe that a late cost belongs into",
      `const { addCost } = await load("output/recipe.ts");
       const said = await Promise.all(names.map((name) => addCost("job", name, "r", 1, async (work) => work())));`,
      [null, null, null, null, null, null],
    ],
    [
      "a video whose saving goes on",
      `const { hashFile } = await load("output/moveExclusively.ts");
       const said = await Promise.all(names.map((name) => hashFile(name)));`,
      [null, null, null, null, null, null],
    ],
    [
      "a video that is checked",
      `const { readFacts } = await load("output/verify.ts");
       const said = names.map((name) => { try { return readFacts(name); } catch (error) { return error.reason; } });`,
      Array.from({ length: 6 }, () => "unknownFormat"),
    ],
    [
      "a frame's picture",
      `const { saveFrame } = await load("output/frames.ts");
       const video = folder + "/clip.mp4";
       const { symlink } = await import("node:fs/promises");
       for (const [index, name] of names.entries()) {
         await symlink(name, folder + "/clip-frame-0001" + (index === 0 ? "" : "-" + (index + 1)) + ".png");
       }
       const path = await saveFrame(video, 1, new Uint8Array(3));
       const said = path.slice(folder.length);`,
      "/clip-frame-0001-7.png",
    ],
    [
      "a job's copy of an image",
      `const { readCopy } = await load("jobs/copies.ts");
       const { mkdir, symlink } = await import("node:fs/promises");
       const image = (copy) => ({ kind: "file", path: "/a.png", sourceSha256: "aa", copy, sha256: "aa" });
       await mkdir(folder + "/images/job", { recursive: true });
       const said = await Promise.all(names.map(async (name, index) => {
         await symlink(name, folder + "/images/job/" + index + ".png");
         return readCopy({ storage: folder }, "job", image(index + ".png")).then(() => "read", (error) => error.problem.code);
       }));`,
      Array.from({ length: 6 }, () => "imageLost"),
    ],
  ] as const) {
    it(`stops nothing as ${what}`, async () => {
      const names = ["p1", "p2", "p3", "p4", "p5", "endless"].map(at);
      await rm(at("endless"), { force: true });
      await symlink("/dev/zero", at("endless"));
      for (const name of names.slice(0, 5)) {
        await rm(name, { force: true });
        execFileSync("mkfifo", [name]);
      }
      assert.equal(await inProgram(`const names = ${JSON.stringify(names)};\n${body}`), JSON.stringify(said));
    });
  }
});

it("no other module of the product opens a file for reading by its path", async () => {
  const openings = /\b(readFile|readFileSync|createReadStream|openAsBlob)\b|\bopen(Sync)?\([^)]*("r"|"r\+"|O_RDONLY)/;
  const root = source.pathname;
  const found: string[] = [];
  for (const name of await readdir(root, { recursive: true })) {
    if (name.endsWith(".ts") && (await stat(join(root, name))).isFile()) {
      const text = await readFile(join(root, name), "utf8");
      found.push(...text.split("\n").flatMap((line) => (openings.test(line) ? [`${name}: ${line.trim()}`] : [])));
    }
  }
  // What is left is the extension's own storage, the system's own files and folders, or a name and no call of the file system.
  const known = [
    /^jobs\/journal\/(mend|sendings)\.ts/,
    /^jobs\/owner\.ts/,
    /^files\/durable\.ts/,
    /^files\/plain\.ts: .*readFileSync( \}|\(handle\))/,
    /^host\/recipeFiles\.ts: .*readFile(,|\(memoryFile)/,
    // A video under the temporary name that this save gave it.
    /^output\/xmp\.ts: .*"r\+"/,
    /^ui\/panel\/\w+\.ts: (?!.*workspace).*readFile(:|\()/,
  ];
  assert.deepEqual(
    found.filter((line) => !known.some((pattern) => pattern.test(line))),
    [],
  );
});
