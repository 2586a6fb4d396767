import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeScratch } from "../support/engine/scratch.ts";
import { makePair } from "./pictures.ts";
import { buildProgram } from "./window.ts";
import type { Ground } from "./world.ts";

/** Builds the engine process and the pair. All that was written is removed on disposal. */
export async function makeGround(): Promise<Ground & AsyncDisposable> {
  const scratch = await makeScratch("wan-flf2v-crash-");
  const [program, pair] = await Promise.all([buildProgram(), makePair(join(scratch, "pictures"))]);
  return {
    scratch,
    program: program.path,
    pair,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
