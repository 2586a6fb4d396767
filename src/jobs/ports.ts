import type { Hosting } from "../hosting/hosting.ts";
import type { VerifyVideo } from "../output/verifier.ts";
import type { Client, Fetch } from "../runcomfy/client.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import type { Size } from "../shared/model/size.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Limits } from "./limits.ts";

/** A conformed image: exact output pixels as PNG bytes, with its SHA-256 (hex). */
export interface Conformed {
  readonly png: Uint8Array;
  readonly sha256: string;
}

/** What the engine needs from the world around it. Tests pass the same things, with other clocks and folders. */
export interface Ports {
  /** Absolute folder for the journal and the jobs' own copies of their images. */
  readonly storage: string;
  /** A client for the service at this origin. `sentWith` names the token that the request was sent with. */
  readonly client: (service: string, sentWith: string | undefined) => Client;
  /** For downloads: never adds a token. */
  readonly fetch: Fetch;
  /** ms without a byte after which a download counts as broken. Default: see `output/download.ts`. */
  readonly stallTimeout?: number;
  /** Checks a downloaded video, in a thread of its own. */
  readonly verify: VerifyVideo;
  /** @throws {ProblemError} about the image, naming `path`. */
  readonly conform: (image: { bytes: Uint8Array; path: string }, size: Size, plan: CropPlan) => Promise<Conformed>;
  readonly hosting: Hosting;
  /** Called when an uploaded image could not be deleted, and the user has to do it. */
  readonly leftBehind: (host: string) => void;
  /** Called once when the service took a request whose id we could not record for some seconds. */
  readonly answerUnsaved: (requestId: string) => void;
  /**
   * The name of the token that this service would get now. It reveals nothing of the token. Undefined if there is none.
   * @throws {ProblemError} `tokenStoreFails`, `tokenMalformed` if that is not known. Nothing may be sent then.
   */
  readonly tokenInUse: (service: string) => Promise<string | undefined>;
  /** Pauses before we ask for a cost that was not reported, ms. Default: see `costs.ts`. */
  readonly costPauses?: readonly number[];
  /** Pause before we look at a stopped job, ms. Default: see `healing.ts`. */
  readonly healingPause?: number;
  /** How long we wait for the answer to a POST of a window that shows no sign of life, ms. Default: see `leases.ts`. */
  readonly sendingTime?: number;
  readonly limits: () => Limits;
  readonly isFocused: () => boolean;
  /** Time of day, ms since 1970. It can jump. */
  readonly now: () => number;
  /** Elapsed time of this process, ms from any start. It never jumps. */
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly log: (message: string) => void;
  /** Called at every boundary of the journal and the file system. Tests stop the world there. */
  readonly checkpoint: (name: Checkpoint) => void;
}

/** Ports whose log and notifications never throw. Those of a closing window do, and a message must not stop its cause. */
export function harmless(ports: Ports): Ports {
  const guarded =
    (tell: (text: string) => void) =>
    (text: string): void => {
      try {
        tell(text);
      } catch {
        // Nobody is left to hear it.
      }
    };
  return {
    ...ports,
    log: guarded(ports.log),
    leftBehind: guarded(ports.leftBehind),
    answerUnsaved: guarded(ports.answerUnsaved),
  };
}
