import type { Hosting } from "../hosting/hosting.ts";
import type { Size } from "../model/parameters.ts";
import type { CropPlan } from "../model/plan.ts";
import type { VerifyVideo } from "../output/verifier.ts";
import type { Client, Fetch } from "../runcomfy/client.ts";

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
  readonly hosting: Hosting;
  /** Called where an uploaded image could not be deleted and is left to the user. */
  readonly leftBehind: (host: string) => void;
  /** The name of the token that a request sent now goes with, which tells nothing of it; undefined without any. */
  readonly tokenInUse: () => Promise<string | undefined>;
  /** Pauses before a cost that was not told is asked for, ms; the default of `costs.ts` where it is not given. */
  readonly costPauses?: readonly number[];
  readonly limits: () => Limits;
  readonly isFocused: () => boolean;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: (message: string) => void;
  /** Called at every boundary of the journal and the file system, so that tests can stop the world there. */
  readonly checkpoint: (name: string) => void;
}

export interface Limits {
  /** Jobs at the service at once; the others wait. */
  readonly jobsAtOnce: number;
  /** Bytes of one video at most. */
  readonly videoBytes: number;
  /** Download hosts that the user always trusts, lower case. */
  readonly trustedHosts: readonly string[];
  /** Uploaded images are deleted when their job ends; else they stay. */
  readonly deleteUploads: boolean;
  /** How long ended jobs and their copies of the images are kept, ms. */
  readonly keepEnded: number;
}
