import type { Look } from "../../shared/messages/form.ts";
import type { RecentPair } from "../../shared/messages/pair.ts";
import type { Measures } from "../../shared/messages/videos.ts";
import type { HostingChoice } from "../../shared/model/hosting.ts";
import type { SettableName } from "../../shared/model/parameters.ts";
import type { PairPlans } from "../../shared/model/plan.ts";
import type { PresetId } from "../../shared/model/presets.ts";
import type { Side } from "../../shared/model/side.ts";

/** An intent that needs nothing but its kind. */
type Bare = Readonly<Record<never, never>>;

/** What the pair and its framing ask of the page. */
export interface PairIntents {
  readonly swap: Bare;
  readonly clear: { readonly side: Side };
  readonly readAgain: { readonly side: Side };
  readonly plans: { readonly plans: PairPlans };
  readonly separate: { readonly separate: boolean };
  /** Frames these images whole, each on the color of its own edge. */
  readonly edges: { readonly sides: readonly Side[] };
  /** Uses the other side's image on this side as well. */
  readonly useTwice: { readonly side: Side };
  readonly pick: { readonly side: Side };
  /** URIs of what was dropped. */
  readonly drop: { readonly side: Side; readonly uris: readonly string[] };
  /** Pictures without a file that the host can read: pasted, or dropped from outside the editor. */
  readonly keep: { readonly side: Side; readonly files: readonly File[] };
  readonly restorePair: { readonly pair: RecentPair };
}

/** What the form asks of the page. */
export interface FormIntents {
  readonly prompt: { readonly text: string };
  readonly parameter: { readonly name: SettableName; readonly text: string };
  readonly hosting: { readonly choice: HostingChoice | undefined };
  readonly drawSeed: Bare;
  readonly reuseSeed: { readonly seed: number };
  readonly preset: { readonly id: PresetId };
  /** Uses the start image on both sides. */
  readonly loopEnd: Bare;
  readonly startAnew: Bare;
  readonly backToDraft: Bare;
  readonly generate: Bare;
}

/** What the jobs and their videos ask of the page. */
export interface VideoIntents {
  readonly act: { readonly jobId: string; readonly action: string };
  /** `frame` counts from 1. If `next` is true, the picture becomes the draft's start image. */
  readonly saveFrame: {
    readonly jobId: string;
    readonly frame: number;
    readonly png: Uint8Array<ArrayBuffer>;
    readonly next: boolean;
  };
  /** The user looks at this frame of the video on the stage, with this image over it. */
  readonly look: { readonly look: Look };
  readonly measured: { readonly jobId: string; readonly measures: Measures };
  readonly again: { readonly jobId: string };
  readonly reuse: { readonly jobId: string };
  /** Shows two takes side by side. Undefined ends the comparison. */
  readonly compareTakes: { readonly jobIds: readonly [string, string] | undefined };
}

/** What any part asks of the page itself. */
interface PageIntents {
  /** Puts the form ("compose") or a job, by its id, on the stage. */
  readonly show: { readonly what: string };
  /** The job on the stage is in view; without an id, none is. */
  readonly inView: { readonly jobId: string | undefined };
  /** Announces a text to screen readers. */
  readonly tell: { readonly text: string };
  readonly dismiss: Bare;
  readonly command: { readonly command: string; readonly setting?: string | undefined };
}

interface Intents extends PairIntents, FormIntents, VideoIntents, PageIntents {}
export type IntentKind = keyof Intents;
export type IntentOf<K extends IntentKind> = { readonly kind: K } & Intents[K];
/** What a part asks of the page. */
export type Intent = { [K in IntentKind]: IntentOf<K> }[IntentKind];

/** What the page does for each intent. */
export type IntentHandlers<K extends IntentKind = IntentKind> = {
  readonly [I in K]: (intent: Intents[I]) => unknown;
};
