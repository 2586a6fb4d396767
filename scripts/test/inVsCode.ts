import { basename } from "node:path";
import { PassThrough, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import pLimit from "p-limit";
import type { VsCodeVersion } from "../setup/vscode.ts";
import { productIn } from "./needs.ts";
import { matching, testFiles } from "./run.ts";
import { type Counts, sum } from "./suite.ts";

/** One VS Code keeps little more than a core busy. */
const lane = pLimit(2);

/** Which files are meant, by the part of their names before the first dot. */
type Which = (subject: string) => boolean;

/** Runs test files that start a VS Code of that version each, and prints all of a file in one piece. */
export const inVsCode = (version: VsCodeVersion, isMeant: Which) => async (out: Writable) => {
  const files = matching("test/e2e/*.test.ts").filter((file) => isMeant(basename(file, ".test.ts")));
  const counts = files.map((file) =>
    lane(async (): Promise<Counts> => {
      await productIn(version);
      const own = new PassThrough();
      const printed = text(own);
      const outcome = await testFiles(own, [file], { timeout: 300_000, argv: [version] });
      own.end();
      out.write(await printed);
      return outcome;
    }),
  );
  return sum(await Promise.all(counts));
};
