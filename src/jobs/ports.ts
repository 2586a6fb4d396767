import type { Inline } from "../hosting/inline.ts";
import type { Storage } from "../hosting/storage.ts";
import type { Fetch } from "../net/fetch.ts";
import type { VerifyVideo } from "../output/verifier.ts";
import type { Client } from "../runcomfy/client.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import type { Size } from "../shared/model/size.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Limits } from "./limits.ts";

/** A conformed image: exact output pixels as PNG bytes, with its SHA-256 (hex). */
export interface Conformed {
  readonly png: Uint8Array;
  readonly sha256: string;
}

/** What the engine needs of the world around it. Tests hand it the same things, with other clocks and folders. */
export interface Ports {
  /** Absolute folder for the journal and the jobs' own copies of their images. */
  readonly storage: string;
  /** A client for the service at this origin, for a request that was sent with the token of this name. */
  readonly client: (service: string, sentWith: string | undefined) => Client;
  /** For downloads: never adds a token. */
  readonly fetch: Fetch;
  /** ms without a byte before a download counts as broken; the default of `output/download.ts` where it is not given. */
  readonly stallTimeout?: number;
  /** Checks a downloaded video, in a thread of its own. */
  readonly verify: VerifyVideo;
  /** @throws {ProblemError} about the image, naming `path`. */
  readonly conform: (image: { bytes: Uint8Array; path: string }, size: Size, plan: CropPlan) => Promise<Conformed>;
  /** How image files get to the service: inside the request, or by the user's own storage. */
  readonly hosting: { readonly inline: Inline; readonly storage: Storage };
  /** Called where an uploaded image could not be deleted and is left to the user. */
  readonly leftBehind: (host: string) => void;
  /** Called once where the service took a request whose id cannot be written down for some seconds. */
  readonly answerUnsaved: (requestId: string) => void;
  /**
   * The name of the token that a request sent to this service now goes with, which tells nothing of it; undefined without any.
   * @throws {ProblemError} `tokenStoreFails`, `tokenMalformed` where that is not known: nothing may be sent then.
   */
  readonly tokenInUse: (service: string) => Promise<string | undefined>;
  /** Pauses before a cost that was not told is asked for, ms; the default of `costs.ts` where it is not given. */
  readonly costPauses?: readonly number[];
  /** Pause before a job that stands is looked at, ms; the default of `healing.ts` where it is not given. */
  readonly healingPause?: number;
  /** How long a POST is left to a window that shows no sign of life, ms; the default of `leases.ts` where it is not given. */
  readonly sendingTime?: number;
  readonly limits: () => Limits;
  readonly isFocused: () => boolean;
  /** Time of day, ms since 1970. It can jump. */
  readonly now: () => number;
  /** Elapsed time of this process, ms from any start. It never jumps. */
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly log: (message: string) => void;
  /** Called at every boundary of the journal and the file system, so that tests can stop the world there. */
  readonly checkpoint: (name: Checkpoint) => void;
}

/** What only tells somebody of something cannot stop what it tells of: a closing window's log and notifications throw. */
export function harmless(ports: Ports): Ports {
  const guarded =
    (tell: (text: string) => void) =>
    (text: string): void => {
      try {
        tell(text);
      } catch {
        // There is nobody left to be told.
      }
    };
  return {
    ...ports,
    log: guarded(ports.log),
    leftBehind: guarded(ports.leftBehind),
    answerUnsaved: guarded(ports.answerUnsaved),
  };
}
