import { access } from "node:fs/promises";
import * as l10n from "@vscode/l10n";
import type { Job } from "../../jobs/job.ts";
import { isVideoFile } from "../../jobs/openedVideos.ts";
import { owned } from "../../shared/bytes.ts";
import type { pairRequests, RecentPair } from "../../shared/messages/pair.ts";
import type { Handlers } from "../../shared/messages/registry.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import { lastSegment } from "../../shared/model/path.ts";
import { type Problem, ProblemError } from "../../shared/model/problem.ts";
import { shortName } from "../../shared/shortName.ts";
import { namesText } from "../../shared/texts.ts";
import type { Desk } from "./desk.ts";
import { usedPairs } from "./usedPairs.ts";

/** Longest edge of the panel's thumbnails in pixels: sharp across half of a wide window on a high-density screen. */
const thumbnailEdge = 1024;
/** The most pairs that the page receives. */
const pairsTold = 8;

/** Handles the page's requests about the pair and its framing. */
export function pairHandlers(desk: Desk): Pick<Handlers, keyof typeof pairRequests> {
  const { deps, host } = desk;
  return {
    async image({ path, edge = thumbnailEdge }) {
      const { bytes, ...facts } = await deps.images.thumbnail(path, Math.min(edge, thumbnailEdge));
      return { bytes: owned(bytes), ...facts, name: fileName(path) };
    },

    async pick({ side }) {
      return { path: await deps.pickImage(side) };
    },

    /** Videos and recipes are opened. Fails only if none of the URIs can be used, with the reason for the first one. */
    async drop({ uris }) {
      const paths: string[] = [];
      let refusal: unknown;
      for (const uri of uris) {
        try {
          paths.push(host.pathOf(uri));
        } catch (error) {
          refusal ??= error;
        }
      }
      if (paths.length === 0 && refusal !== undefined) {
        throw refusal;
      }
      const unopened = await openVideos(desk, paths.filter(isVideoFile));
      return {
        paths: paths.filter((path) => !isVideoFile(path)),
        others: uris.length - paths.length,
        ...(unopened === undefined ? {} : { unopened }),
      };
    },

    async keep({ bytes, name }) {
      return { path: await deps.images.keep(bytes, name) };
    },

    async preview({ path, resolution, plan }) {
      return { bytes: owned(await deps.images.preview(path, sizeOf({ resolution }), plan)) };
    },

    async recentPairs() {
      return { pairs: await recentPairs(deps.jobs.list()) };
    },
  };
}

/** Opens videos and recipes, and puts the last one on the stage. Returns what there is to say of those that can't be opened. */
async function openVideos({ deps, showJob, inWords }: Desk, paths: readonly string[]): Promise<string | undefined> {
  const refused: { readonly path: string; readonly problem: Problem }[] = [];
  let last: string | undefined;
  for (const path of paths) {
    try {
      last = await deps.openVideo(path);
    } catch (error) {
      if (!(error instanceof ProblemError)) {
        throw error;
      }
      refused.push({ path, problem: error.problem });
    }
  }
  if (last !== undefined) {
    showJob(last);
  }
  const [first, ...others] = refused;
  return first === undefined || others.length === 0
    ? first && inWords(first.problem).message
    : l10n.t({
        message: "Can’t open {0} ({1} of {2} files).",
        args: [namesText(refused.map(({ path }) => fileName(path))), refused.length, paths.length],
        comment: ["{0} is a list of file names"],
      });
}

/** The latest pairs whose files still exist, from jobs sorted newest first. */
export async function recentPairs(jobs: readonly Job[]): Promise<RecentPair[]> {
  const pairs: RecentPair[] = [];
  for (const pair of usedPairs(jobs)) {
    if (pairs.length < pairsTold && (await exists(pair.start)) && (await exists(pair.end))) {
      pairs.push({ ...pair, startName: fileName(pair.start), endName: fileName(pair.end) });
    }
  }
  return pairs;
}

/** The display name of a file. */
export function fileName(path: string): string {
  return shortName(lastSegment(path));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
