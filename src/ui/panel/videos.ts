import { createHash } from "node:crypto";
import * as l10n from "@vscode/l10n";
import { isOpened } from "../../jobs/facts.ts";
import { type FrozenDraft, type FrozenImage, type Job, knownParameters } from "../../jobs/job.ts";
import { saveFrame } from "../../output/frames.ts";
import { owned } from "../../shared/bytes.ts";
import { codeOf } from "../../shared/errors.ts";
import { fieldTexts } from "../../shared/messages/form.ts";
import type { Handlers } from "../../shared/messages/registry.ts";
import { RequestError } from "../../shared/messages/rpc.ts";
import type { videoRequests } from "../../shared/messages/videos.ts";
import { checkParameters, type Draft, type ImageSource, isValid, type Seen } from "../../shared/model/draft.ts";
import type { HostingKind } from "../../shared/model/hosting.ts";
import { hostingKindOf } from "../../shared/model/hosting.ts";
import { type Parameters, parameterTable, settableNames, settableRow, sizeOf } from "../../shared/model/parameters.ts";
import { type CropPlan, centerCrop, type PairPlans } from "../../shared/model/plan.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import type { Side } from "../../shared/model/side.ts";
import { isolated } from "../../shared/texts.ts";
import type { PanelDeps } from "./deps.ts";
import type { Desk } from "./desk.ts";
import { fileName } from "./pair.ts";

/** Handles the page's requests about finished videos. Each throws {@link ProblemError} `jobUnknown` for an unknown job. */
export function videoHandlers(desk: Desk): Pick<Handlers, keyof typeof videoRequests> {
  const { deps, host } = desk;
  const find = (id: string) => jobOf(deps, id);
  return {
    async video({ jobId }) {
      const { progress } = find(jobId);
      if (progress.state !== "saved") {
        throw new ProblemError({ code: "jobUnknown", id: jobId });
      }
      try {
        return { bytes: owned(await host.readFile(progress.video)) };
      } catch (error) {
        throw codeOf(error) === "ENOENT" ? new ProblemError({ code: "videoMissing", path: progress.video }) : error;
      }
    },

    async input({ jobId, side }) {
      const job = find(jobId);
      const path = deps.copyOf(job, side);
      const bytes = await (path === undefined ? madeAnew(deps, job, side) : host.readFile(path)).catch(() => undefined);
      return bytes === undefined || !isAsSent(bytes, job.order[side]) ? {} : { bytes: owned(bytes) };
    },

    measured({ jobId, measures }) {
      desk.measures.set(find(jobId).id, measures);
      desk.tellJobs();
      return {};
    },

    async saveFrame({ jobId, frame, bytes }) {
      const { progress } = find(jobId);
      if (progress.state !== "saved") {
        throw new ProblemError({ code: "notPossibleNow", state: progress.state });
      }
      const path = await saveFrame(progress.video, frame, bytes);
      return { path, shown: host.relativePath(path) };
    },

    async again({ jobId }) {
      if (isOpened({ id: jobId })) {
        // Its recipe may be anybody's: what it names is shown before it is paid for.
        throw new RequestError({
          message: l10n.t({
            message:
              "This video was opened from a file, so nothing was sent. Choose “Edit and Re-render…” to see its images first.",
            comment: ["“Edit and Re-render…” is a button"],
          }),
        });
      }
      try {
        return { jobId: await desk.generate(`again ${jobId}`, draftOf(find(jobId))) };
      } catch (error) {
        if (error instanceof ProblemError && error.problem.code === "imageChanged") {
          const name = fileName(error.problem.path);
          const message = l10n.t({
            message:
              "{0} has changed since this video was made, so nothing was sent and nothing was charged. To see it first, choose “Edit and Re-render…”.",
            args: [isolated(name)],
            comment: ["{0} is a file name; “Edit and Re-render…” is a button"],
          });
          throw new RequestError({ message }, { cause: error });
        }
        throw error;
      }
    },

    /** An image that is no file, or is not known, stays empty in the form. */
    reuse({ jobId }) {
      const { order } = find(jobId);
      const { start, end } = order;
      const { prompt, parameters, plans, hosting, seen } = partsOf(order);
      const path = (image: FrozenImage) => (image.kind === "file" ? image.path : undefined);
      desk.patchDraft({
        start: path(start),
        end: path(end),
        plans,
        prompt,
        // Parameters that nobody knows are left to the form.
        parameters:
          order.parameters === undefined
            ? undefined
            : fieldTexts({ ...modelDefaults(desk.settings().defaults), ...parameters }),
        hosting: hosting === hostingKindOf(desk.settings().hosting) ? undefined : hosting,
      });
      return { seen };
    },
  };
}

/**
 * The picture that was sent, made from its original once more, where no copy is kept: in a clone, or of a video that was opened
 * from its file. Without a hash to hold it against it would be a guess.
 */
async function madeAnew({ images }: PanelDeps, { order }: Job, side: Side): Promise<Uint8Array | undefined> {
  const image = order[side];
  return image.kind !== "file" || image.sha256 === undefined || order.parameters === undefined
    ? undefined
    : await images.preview(image.path, sizeOf(order.parameters), image.plan ?? centerCrop);
}

/** @throws {ProblemError} `jobUnknown` */
export function jobOf({ jobs }: Pick<PanelDeps, "jobs">, id: string): Job {
  const job = jobs.get(id);
  if (job === undefined) {
    throw new ProblemError({ code: "jobUnknown", id });
  }
  return job;
}

type RepeatedParts = Pick<Draft, "prompt" | "parameters" | "isComplete"> & {
  readonly plans: PairPlans;
  readonly hosting: HostingKind;
  readonly seen: Seen;
};

/**
 * The draft from which a job was made, without its seed, so that a new one is drawn.
 * @throws {ProblemError} `notPossibleNow` if the images or the parameters are unknown.
 */
function draftOf({ order, progress }: Job): Draft & RepeatedParts {
  const [start, end] = [sourceOf(order.start), sourceOf(order.end)];
  if (start === undefined || end === undefined || order.parameters === undefined) {
    throw new ProblemError({ code: "notPossibleNow", state: progress.state });
  }
  return { start, end, ...partsOf(order) };
}

/** All of that but the images. It always specifies the size, because a missing one is fitted to the images. */
function partsOf(order: FrozenDraft): RepeatedParts {
  const { seed: _, resolution = parameterTable.resolution.default, ...parameters } = order.parameters ?? {};
  const [startPlan, endPlan] = [planOf(order.start), planOf(order.end)];
  return {
    prompt: order.prompt,
    parameters: { ...parameters, resolution },
    isComplete: true,
    plans: { ...(startPlan && { start: startPlan }), ...(endPlan && { end: endPlan }) },
    hosting: order.hosting ?? "dataUri",
    seen: { ...shaOf("start", order.start), ...shaOf("end", order.end) },
  };
}

/**
 * The draft from which a job was made, with its seed.
 * @throws {ProblemError} `notPossibleNow` if the images are unknown.
 */
export function sameDraft(job: Job): Draft {
  const draft = draftOf(job);
  return { ...draft, parameters: { ...draft.parameters, seed: knownParameters(job.order).seed } };
}

/**
 * The model's own values of what the user's settings replace: left empty, the form would take the settings'. Steps have none
 * that can be stated, so the settings' stay.
 */
function modelDefaults(replaced: Parameters): Parameters {
  const values = Object.fromEntries(settableNames.map((name) => [name, settableRow(name).default]));
  const stated = settableNames.filter((name) => replaced[name] !== undefined && isValid(name, values[name]));
  return checkParameters(Object.fromEntries(stated.map((name) => [name, values[name]])));
}

/** False for a copy that has changed since it was sent: a video must not be compared with a different picture. */
function isAsSent(bytes: Uint8Array, image: FrozenImage): boolean {
  const sent = image.kind === "file" ? image.sha256 : undefined;
  return sent === undefined || createHash("sha256").update(bytes).digest("hex") === sent;
}

function sourceOf(image: FrozenImage): ImageSource | undefined {
  switch (image.kind) {
    case "file":
      return { kind: "file", path: image.path };
    case "url":
      return image;
    case "unknown":
      return undefined;
  }
}

function shaOf(side: keyof Seen, image: FrozenImage): Seen {
  // A recipe that was written by hand tells no hash.
  return image.kind === "file" && image.sourceSha256 !== "" ? { [side]: image.sourceSha256 } : {};
}

function planOf(image: FrozenImage): CropPlan | undefined {
  return image.kind === "file" ? image.plan : undefined;
}
