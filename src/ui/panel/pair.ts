import { access } from "node:fs/promises";
import type { Job } from "../../jobs/job.ts";
import { isVideoFile } from "../../jobs/openedVideos.ts";
import { owned } from "../../shared/bytes.ts";
import type { pairRequests, RecentPair } from "../../shared/messages/pair.ts";
import type { Handlers } from "../../shared/messages/registry.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import { lastSegment } from "../../shared/model/path.ts";
import { shortName } from "../../shared/shortName.ts";
import type { Desk } from "./desk.ts";
import { usedPairs } from "./usedPairs.ts";

/** Longest edge of the panel's thumbnails in pixels: sharp across half of a wide window on a high-density screen. */
const thumbnailEdge = 1024;
/** The most pairs that the page receives. */
const pairsTold = 8;

/** Handles the page's requests about the pair and its framing. */
export function pairHandlers({ deps, host }: Desk): Pick<Handlers, keyof typeof pairRequests> {
  return {
    async image({ path, edge = thumbnailEdge }) {
      const { bytes, ...facts } = await deps.images.thumbnail(path, Math.min(edge, thumbnailEdge));
      return { bytes: owned(bytes), ...facts, name: fileName(path) };
    },

    async pick({ side }) {
      return { path: await deps.pickImage(side) };
    },

    /** A video or a recipe goes to the stage. Fails only if none of the URIs can be used, with the reason for the first one. */
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
      const [video] = paths.filter(isVideoFile);
      if (video !== undefined) {
        await deps.openVideo(video);
      }
      return { paths: paths.filter((path) => !isVideoFile(path)), others: uris.length - paths.length };
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
