import { createHash } from "node:crypto";
import { readBounded } from "../../images/read.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import { centerCrop } from "../../shared/model/plan.ts";
import { ProblemError, problemOf } from "../../shared/model/problem.ts";
import type { Side } from "../../shared/model/side.ts";
import { removeCopies, storeCopy } from "../copies.ts";
import { type FrozenImage, type Job, knownParameters } from "../job.ts";
import { patiently } from "../journal/sql.ts";
import { LeaseLost, move, type Next, type StepContext } from "./context.ts";

/**
 * Conforms both images and keeps the copies; then the job waits for its turn.
 * @throws {ProblemError} about an image; the job stays as it was.
 * @throws {LeaseLost} if somebody else has changed the job meanwhile.
 */
export async function prepare(
  context: StepContext,
  job: Job,
  bytes: { start?: Uint8Array; end?: Uint8Array },
): Promise<void> {
  const size = sizeOf(knownParameters(job.order));
  const conform = async (side: Side): Promise<FrozenImage> => {
    const image = job.order[side];
    const original = bytes[side];
    if (image.kind !== "file" || original === undefined) {
      return image;
    }
    const conformed = await context.ports.conform(
      { bytes: original, path: image.path },
      size,
      image.plan ?? centerCrop,
    );
    const copy = await storeCopy(context.ports, job.id, side, conformed.png);
    return { ...image, copy, sha256: conformed.sha256 };
  };
  const start = await conform("start");
  const end = await conform("end");
  try {
    await move(context, job, { order: { ...job.order, start, end }, progress: { state: "waiting", reason: "turn" } });
  } catch (error) {
    const current = await patiently(() => context.journal.get(job.id));
    if (error instanceof LeaseLost && (current === undefined || current.progress.state === "cancelled")) {
      // The user cancelled it meanwhile, and these copies were written after the cleanup.
      await removeCopies(context.ports, job.id);
    }
    throw error;
  }
}

/** Prepares a job again after a crash. It uses an original file only if its bytes are still the same. */
export async function prepareAgain(context: StepContext, job: Job): Promise<Next> {
  try {
    await prepare(context, job, { ...(await readAgain(job, "start")), ...(await readAgain(job, "end")) });
    return 0;
  } catch (error) {
    await move(context, job, {
      progress: { state: "failed", problem: problemOf(error) },
      endedAt: context.ports.now(),
    });
    return "rest";
  }
}

async function readAgain(job: Job, side: Side): Promise<{ start?: Uint8Array; end?: Uint8Array }> {
  const image = job.order[side];
  if (image.kind !== "file") {
    return {};
  }
  const bytes = await readBounded(image.path).catch(() => undefined);
  if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== image.sourceSha256) {
    throw new ProblemError({ code: "imageChanged", path: image.path });
  }
  return { [side]: bytes };
}
