import { LitElement } from "lit";
import type { HostingChoice } from "../../shared/model/hosting.ts";
import type { SettableName } from "../../shared/model/parameters.ts";
import type { PresetId } from "../../shared/model/presets.ts";
import type { Side } from "../../shared/model/side.ts";
import type { StudioIntent } from "../pair/intents.ts";
import type { ReviewIntent } from "../videos/intents.ts";
import { pressEnd } from "./press.ts";

/** What a part of the page asks the page to do. */
export type Intent =
  | { readonly kind: "clear"; readonly side: Side }
  | { readonly kind: "swap" }
  | { readonly kind: "prompt"; readonly text: string }
  | { readonly kind: "parameter"; readonly word: SettableName; readonly text: string }
  | { readonly kind: "hosting"; readonly choice: HostingChoice | undefined }
  | { readonly kind: "drawSeed" }
  | { readonly kind: "preset"; readonly id: PresetId }
  | { readonly kind: "loopEnd" }
  | { readonly kind: "tell"; readonly text: string }
  | { readonly kind: "generate" }
  | { readonly kind: "act"; readonly jobId: string; readonly action: string }
  | { readonly kind: "reuseSeed"; readonly seed: number }
  | { readonly kind: "command"; readonly command: string; readonly setting?: string | undefined }
  | { readonly kind: "dismiss" }
  | { readonly kind: "startAnew" }
  | { readonly kind: "backToDraft" }
  | { readonly kind: "readAgain"; readonly side: Side }
  | ReviewIntent
  | StudioIntent;

/** Carries an {@link Intent} up to the page. */
export class IntentEvent extends Event {
  static readonly type = "flf-intent";
  readonly intent: Intent;

  constructor(intent: Intent) {
    super(IntentEvent.type, { bubbles: true });
    this.intent = intent;
  }
}

/**
 * A part of the page. It renders into the page itself, not into a shadow root: labels, descriptions and focus then work
 * across parts, and one style sheet serves all.
 */
export class PanelElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Nothing in the page changes its place while something is pressed. */
  protected override scheduleUpdate(): Promise<unknown> | undefined {
    const end = pressEnd();
    if (end !== undefined) {
      return end.then(() => super.scheduleUpdate());
    }
    super.scheduleUpdate();
    return undefined;
  }

  protected send(intent: Intent): void {
    this.dispatchEvent(new IntentEvent(intent));
  }
}
