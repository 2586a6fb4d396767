import type { Measures } from "../../shared/messages/videos.ts";
import type { Side } from "../../shared/model/side.ts";

/** What looking at finished videos asks the page to do. */
export type ReviewIntent =
  /** `frame` counts from 1; `next`: the picture becomes the start image of the draft. */
  | {
      readonly kind: "saveFrame";
      readonly jobId: string;
      readonly frame: number;
      readonly png: Uint8Array<ArrayBuffer>;
      readonly next: boolean;
    }
  | { readonly kind: "measured"; readonly jobId: string; readonly measures: Measures }
  | { readonly kind: "again"; readonly jobId: string }
  | { readonly kind: "reuse"; readonly jobId: string }
  /** Two takes side by side; undefined ends it. */
  | { readonly kind: "compareTakes"; readonly jobIds: readonly [string, string] | undefined };

/** Where a player gets the bytes of a job from. */
export interface ReviewSource {
  /** Rejects where the video is gone. */
  video(jobId: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The conformed image as PNG; undefined where no copy is kept. */
  input(jobId: string, side: Side): Promise<Uint8Array<ArrayBuffer> | undefined>;
}
