import { checkReadable } from "../hosting/readable.ts";
import { newName } from "../hosting/storedObject.ts";
import { safeName, videoNameFor } from "../output/naming.ts";
import { checkWritable, videoNamesIn } from "../output/target.ts";
import type { Payment } from "../shared/model/budget.ts";
import { checkDraft, type Draft, type ImageSource } from "../shared/model/draft.ts";
import type { HostingKind } from "../shared/model/hosting.ts";
import { type Parameters, randomSeed } from "../shared/model/parameters.ts";
import type { PairPlans } from "../shared/model/plan.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { estimateField } from "./decisions.ts";
import { type FrozenDraft, isEnded, type Job } from "./job.ts";
import type { Ports } from "./ports.ts";
import { readSource, type SourceBytes } from "./readSources.ts";
import { findRendered, type RenderedRecipe } from "./rendered.ts";

/** What Generate hands over: the draft as the screen shows it, and where its video goes. */
export type Submission = Omit<Draft, "parameters" | "hosting"> & {
  readonly parameters: unknown;
  /** How each image file is brought to the video's frame; without a plan, its middle is kept. */
  readonly plans?: PairPlans | undefined;
  /**
   * SHA-256 (hex) of each image file's bytes as the user saw it. A file that differs is not sent (`imageChanged`). Without a
   * hash, the file counts as it is now.
   */
  readonly seen?: { readonly start?: string | undefined; readonly end?: string | undefined } | undefined;
  /** How image files get to the service; without it, inside the request. */
  readonly hosting?: HostingKind | undefined;
  /** Origin of the service. */
  readonly service: string;
  /** Absolute folder. */
  readonly folder: string;
  /** Absolute folder of the project, where there is one. */
  readonly workspace?: string | undefined;
  /** File name template (`output/naming.ts`). */
  readonly fileName: string;
  /** True if a video is wanted also where one of the very same request, seed included, is there already. */
  readonly anyway?: true | undefined;
  /** The recipe that it renders, if it is of one. */
  readonly recipe?: RenderedRecipe | undefined;
  /** Asks what it is paid with, once the draft and the token are found to be in order. */
  readonly payment: (parameters: Parameters) => Promise<Payment>;
};

/**
 * Freezes a draft. The result no longer depends on the settings or on the original files.
 * @param jobs all others: their videos need names, too, and may be the very same.
 * @returns the frozen draft, what it is paid with, the bytes of its image files, and the moment (ms since 1970) that both are of.
 * @throws {ProblemError} about the draft, an image, the token, the storage or the folder; `alreadyRendered`.
 */
export async function freezeDraft(
  submission: Submission,
  ports: Ports,
  jobs: readonly Job[],
): Promise<{
  readonly order: FrozenDraft;
  readonly payment: Payment;
  readonly bytes: SourceBytes;
  readonly now: number;
}> {
  const draft = checkDraft(submission);
  const { problem } = ports.limits();
  if (problem !== undefined) {
    throw new ProblemError(problem);
  }
  if ((await ports.tokenInUse(submission.service)) === undefined) {
    throw new ProblemError({ code: "tokenMissing" });
  }
  const { hosting = "dataUri" } = submission;
  const readSources = async () => ({
    start: await readSource(draft.start, submission.plans?.start, submission.seen?.start),
    end: await readSource(draft.end, submission.plans?.end, submission.seen?.end),
  });
  const { seed } = draft.parameters;
  if (seed !== undefined && submission.anyway !== true) {
    const { start, end } = await readSources();
    const made = { ...draft, start: start.image, end: end.image, parameters: { ...draft.parameters, seed } };
    const earlier = await findRendered({ ...made, service: submission.service }, jobs);
    if (earlier?.progress.state === "saved") {
      throw new ProblemError({ code: "alreadyRendered", video: earlier.progress.video, job: earlier.id });
    }
  }
  const payment = await submission.payment(draft.parameters);
  if (hosting !== "dataUri" && [draft.start, draft.end].some(({ kind }) => kind === "file")) {
    await ports.hosting.storage.locate(hosting, newName());
  }
  const { start, end } = await readSources();
  const root = await checkWritable(submission.folder);
  await checkReadable(draft);
  const given = jobs.flatMap(({ order, progress }) =>
    order.folder === submission.folder && !isEnded(progress) ? [order.name] : [],
  );
  const listed = (submission.recipe?.takes ?? []).map((file) => file.replace(/\.[^.]+$/, ""));
  const taken = new Set(
    [...(await videoNamesIn(submission.folder)), ...given, ...listed].map((name) => name.toLowerCase()),
  );
  const now = ports.now();
  const parameters = { ...draft.parameters, seed: seed ?? randomSeed() };
  const order: FrozenDraft = {
    start: start.image,
    end: end.image,
    prompt: draft.prompt,
    parameters,
    hosting,
    service: submission.service,
    folder: submission.folder,
    root,
    ...(submission.workspace !== undefined && { workspace: submission.workspace }),
    ...(submission.recipe !== undefined && { recipe: submission.recipe.path }),
    ...estimateField(payment),
    ...videoNameFor(
      submission.fileName,
      { start: nameOf(draft.start), end: nameOf(draft.end), prompt: draft.prompt, parameters, now: new Date(now) },
      (name) => taken.has(name.toLowerCase()),
    ),
  };
  const bytes = { ...(start.bytes && { start: start.bytes }), ...(end.bytes && { end: end.bytes }) };
  return { order, payment, bytes, now };
}

/**
 * All that is known of a request when its id alone is: where it was sent, and where its video goes.
 * @param root the nearest folder above `folder` that exists.
 */
export function frozenRequest(
  requestId: string,
  target: { readonly service: string; readonly folder: string },
  root: string,
): FrozenDraft {
  return {
    start: { kind: "unknown" },
    end: { kind: "unknown" },
    prompt: "",
    ...target,
    root,
    name: safeName(`recovered-${requestId}`),
  };
}

function nameOf(source: ImageSource): string {
  return source.kind === "file" ? source.path : source.url;
}
