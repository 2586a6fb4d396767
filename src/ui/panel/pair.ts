import { access } from "node:fs/promises";
import type { Job } from "../../jobs/job.ts";
import { owned } from "../../shared/bytes.ts";
import type { pairRequests, RecentPair } from "../../shared/messages/pair.ts";
import type { Handlers } from "../../shared/messages/registry.ts";
import { sizeOf } from "../../shared/model/parameters.ts";
import { lastSegment } from "../../shared/model/path.ts";
import { shortName } from "../../shared/shortName.ts";
import type { Desk } from "./desk.ts";
import { usedPairs } from "./usedPairs.ts";

/** Edge in pixels of the pictures in the panel: sharp at half a wide window on a dense screen. */
const thumbnailEdge = 1024;
/** Most pairs that the page is told. */
const pairsTold = 8;

/** Answers what the page asks about the pair and its framing. */
export function pairHandlers({ deps, host }: Desk): Pick<Handlers, keyof typeof pairRequests> {
  return {
    async image({ path }) {
      const { bytes, ...facts } = await deps.images.thumbnail(path, thumbnailEdge);
      return { bytes: owned(bytes), ...facts, name: fileName(path) };
    },

    async pick({ side }) {
      return { path: await deps.pickImage(side) };
    },

    /** Fails only where none of the addresses can be used: says why the first one cannot. */
    drop({ uris }) {
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
      return { paths, others: uris.length - paths.length };
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

/** The newest pairs of the user's jobs, which come newest first, whose files are still there. */
export async function recentPairs(jobs: readonly Job[]): Promise<RecentPair[]> {
  const pairs: RecentPair[] = [];
  for (const pair of usedPairs(jobs)) {
    if (pairs.length < pairsTold && (await exists(pair.start)) && (await exists(pair.end))) {
      pairs.push({ ...pair, startName: fileName(pair.start), endName: fileName(pair.end) });
    }
  }
  return pairs;
}

/** The name of a file as a person reads it. */
export function fileName(path: string): string {
  return shortName(lastSegment(path));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
