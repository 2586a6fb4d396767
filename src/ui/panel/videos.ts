import { createHash } from "node:crypto";
import * as l10n from "@vscode/l10n";
import type { FrozenImage, Job } from "../../jobs/job.ts";
import { saveFrame } from "../../output/frames.ts";
import { owned } from "../../shared/bytes.ts";
import { fieldTexts } from "../../shared/messages/form.ts";
import type { Handlers } from "../../shared/messages/registry.ts";
import { RequestError } from "../../shared/messages/rpc.ts";
import type { videoRequests } from "../../shared/messages/videos.ts";
import type { Draft, ImageSource, Seen } from "../../shared/model/draft.ts";
import type { HostingKind } from "../../shared/model/hosting.ts";
import { hostingKindOf } from "../../shared/model/hosting.ts";
import { parameterTable } from "../../shared/model/parameters.ts";
import type { CropPlan, PairPlans } from "../../shared/model/plan.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { isolated } from "../../shared/texts.ts";
import type { Desk } from "./desk.ts";
import { fileName } from "./pair.ts";

/** Answers what the page asks about finished videos. Each throws a {@link ProblemError} `jobUnknown` where there is no such job. */
export function videoHandlers(desk: Desk): Pick<Handlers, keyof typeof videoRequests> {
  const { deps, host } = desk;
  const find = (id: string): Job => {
    const job = deps.jobs.get(id);
    if (job === undefined) {
      throw new ProblemError({ code: "jobUnknown", id });
    }
    return job;
  };
  return {
    async video({ jobId }) {
      const { progress } = find(jobId);
      if (progress.state !== "saved") {
        throw new ProblemError({ code: "jobUnknown", id: jobId });
      }
      return { bytes: owned(await host.readFile(progress.video)) };
    },

    async input({ jobId, side }) {
      const job = find(jobId);
      const path = deps.copyOf(job, side);
      const bytes = path === undefined ? undefined : await host.readFile(path).catch(() => undefined);
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
      try {
        return { jobId: await desk.order(`again ${jobId}`, draftOf(find(jobId))) };
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

    /** An image that came by its address stays empty in the form, which holds files. */
    reuse({ jobId }) {
      const { start, end, prompt, parameters, plans, hosting, seen } = draftOf(find(jobId));
      const path = (image: ImageSource) => (image.kind === "file" ? image.path : undefined);
      desk.patchDraft({
        start: path(start),
        end: path(end),
        plans,
        prompt,
        parameters: fieldTexts(parameters),
        hosting: hosting === hostingKindOf(desk.settings().hosting) ? undefined : hosting,
      });
      return { seen };
    },
  };
}

/** The same for all jobs made from the same two images; undefined where they are not known. */
export function pairIdOf({ order }: Job): string | undefined {
  const [start, end] = [identityOf(order.start), identityOf(order.end)];
  // Hashed, since an address can be private and need not reach the page.
  return start === undefined || end === undefined
    ? undefined
    : createHash("sha256")
        .update(JSON.stringify([start, end]))
        .digest("base64url");
}

interface RepeatedDraft extends Draft {
  readonly plans: PairPlans;
  readonly hosting: HostingKind;
  readonly seen: Seen;
}

/**
 * The draft that made a job, without its seed, so that a new one is drawn. Its size is always said, so that another default
 * does not change it.
 * @throws {ProblemError} `notPossibleNow` where the images are not known.
 */
function draftOf({ order, progress }: Job): RepeatedDraft {
  const [start, end] = [sourceOf(order.start), sourceOf(order.end)];
  if (start === undefined || end === undefined) {
    throw new ProblemError({ code: "notPossibleNow", state: progress.state });
  }
  const { seed: _, resolution = parameterTable.resolution.default, ...parameters } = order.parameters;
  const [startPlan, endPlan] = [planOf(order.start), planOf(order.end)];
  return {
    start,
    end,
    prompt: order.prompt,
    parameters: { ...parameters, resolution },
    plans: { ...(startPlan && { start: startPlan }), ...(endPlan && { end: endPlan }) },
    hosting: order.hosting ?? "dataUri",
    seen: { ...shaOf("start", order.start), ...shaOf("end", order.end) },
  };
}

/** False for a copy that something has changed since it was sent: a video is not held against another picture. */
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
  return image.kind === "file" ? { [side]: image.sourceSha256 } : {};
}

function planOf(image: FrozenImage): CropPlan | undefined {
  return image.kind === "file" ? image.plan : undefined;
}

function identityOf(image: FrozenImage): string | undefined {
  switch (image.kind) {
    case "file":
      return image.sourceSha256;
    case "url":
      return image.url;
    case "unknown":
      return undefined;
  }
}
