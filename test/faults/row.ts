import type { ActionId } from "../../src/shared/jobs/actions.ts";
import type { State } from "../../src/shared/jobs/states.ts";
import type { Payment } from "../../src/shared/model/budget.ts";
import type { Problem } from "../../src/shared/model/problem.ts";
import type { FaultPlan, Timing } from "../support/service/service.ts";
import type { Refusal } from "../support/storage/storage.ts";

/** Something that happens to the engine's surroundings, or that the user does. Times in ms. */
export type Deed =
  | { readonly user: "sendAgain" | "sendWithUpload" | "retry" | "drop" | "cancel" | "deleteAgain" }
  /** The user enters a request id: that of the first accepted request, or one that belongs to nobody. */
  | { readonly user: "adopt"; readonly id: "accepted" | "unknown" }
  /** Another folder, or a file that is taken for one and refused. */
  | { readonly user: "chooseFolder"; readonly folder: "fresh" | "file" }
  | { readonly token: "right" | "wrong" | "none" }
  | { readonly clock: number }
  | { readonly folder: "gone" | "back" | "file" | "full" | "roomy" | "readOnly" | "writable" }
  /** A file of that kind stands under the name that the video is about to get. */
  | { readonly taken: "video" | "recipe" | "folder" }
  | { readonly storage: "full" | "roomy" }
  /** The user's image storage, or how it refuses. */
  | { readonly uploads: "reachable" | "unreachable" | readonly Refusal[] }
  | { readonly journalLockedFor: number }
  | { readonly service: "reachable" | "unreachable" | "ends all runs" | "is being asked" }
  | { readonly faults: FaultPlan }
  | { readonly window: "reloads" };

/**
 * Something happens when the engine passes a checkpoint, got the answer to a call, or wrote a line into the log (without
 * the job's id), for the `nth` time.
 */
export interface Event {
  readonly at: string;
  readonly nth?: number;
  readonly deeds: readonly Deed[];
}

/** A stage that the job must come to, what the user then reads, and what happens next. */
export interface Sight {
  readonly state: State;
  readonly problem?: Problem["code"];
  /** Text that is part of what the user reads. */
  readonly says?: string;
  /** What the user is offered, in order. */
  readonly offers?: readonly ActionId[];
  readonly cancel?: "asked" | "tooLate";
  readonly then?: readonly Deed[];
}

/** What the service's books must say in the end. */
export interface Books {
  /** POSTs of a submit that reached the service. */
  readonly posts: number;
  readonly accepted: number;
  readonly paid: number;
  readonly cancels: number;
  readonly downloads: number;
}

/** What must stand in the folders that were chosen for the video; a recipe stands next to each video. */
export interface Files {
  readonly videos: number;
  /** End of the video's name. */
  readonly ending?: string;
  /** The video is another one than the service makes without faults. */
  readonly other?: true;
}

/** What the user's image storage must have seen in the end; what lies there then is `left`. */
export interface UploadBooks {
  readonly puts: number;
  readonly deletes: number;
  readonly left: number;
  /** Objects that the user is told could not be deleted. */
  readonly told?: number;
}

/** One fault case. Whatever is not said is as in an ordinary run that ends with one paid, downloaded, saved video. */
export interface Row {
  readonly name: string;
  readonly faults?: FaultPlan;
  readonly timing?: Partial<Timing>;
  readonly before?: readonly Deed[];
  readonly during?: readonly Event[];
  /** How the service is addressed: itself, through a gate that can be closed, by TLS that it lacks, by an unknown name. */
  readonly address?: "gate" | "tls" | "unknownHost";
  /** What is in trouble goes on by itself once the trouble is over, without the user. */
  readonly heals?: true;
  /** Time limits of a second, for whatever hangs or stalls. */
  readonly impatient?: true;
  /** The engine keeps its own pace; otherwise everything is made due at once, again and again. */
  readonly ownPace?: true;
  /** These calls lie at least that far apart, ms. */
  readonly apart?: { readonly call: "submit" | "status"; readonly ms: number };
  /** The output folder, or the journal's, is a volume of its own of so many bytes. */
  readonly volume?: { readonly of: "output" | "storage"; readonly bytes: number };
  /** The folder for the video does not exist yet, in an existing one. */
  readonly newFolder?: true;
  /** Bytes of a video at most. */
  readonly videoBytes?: number;
  /** Blocks the process for seconds, so no other row runs beside it. */
  readonly alone?: true;
  /** Generate itself is refused: nothing is made, nothing sent. */
  readonly refused?: { readonly problem: Problem["code"]; readonly says?: string };
  /** In order; others may lie between. The last one is where the job rests. */
  readonly sees?: readonly Sight[];
  /** States that must not be passed. */
  readonly never?: readonly State[];
  readonly books?: Partial<Books>;
  readonly files?: Files;
  /** Image upload is set up; images are sent by it from the beginning, or only when the user says so. */
  readonly uploads?: { readonly from: "start" | "userSays"; readonly books: UploadBooks };
  /** What the video is to be paid with; without it, there is no cap. */
  readonly payment?: Payment;
  /** USD that the job, and the recipe of a saved one, name; `null` for none. */
  readonly cost?: number | null;
}
