import { LitElement } from "lit";
import type { Intent } from "./intents.ts";
import { pressEnd } from "./press.ts";

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
 * A part of the page. It renders into the page itself, not into a shadow root, so that labels, descriptions and focus
 * work across parts and one style sheet serves them all.
 */
export class PanelElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Delays the update while something is pressed, so that nothing moves under the pointer. */
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
