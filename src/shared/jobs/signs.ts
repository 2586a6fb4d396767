import * as z from "zod";
import { states } from "./states.ts";

/** How a job looks: as its state, or held up, or left by its user while its request may continue at the service. */
const signs = [...states, "heldUp", "left"] as const;
export type Sign = (typeof signs)[number];
export const signSchema = z.enum(signs);

/** What a sign's color says. Signs without one have the color of text. */
export type Tone = "good" | "warning" | "bad";

interface SignFacts {
  /** The name of a codicon. */
  readonly icon: string;
  readonly spins?: true;
  readonly tone?: Tone;
}

/** The icon and color of each sign, for all views of host and page. */
export const signTable: Readonly<Record<Sign, SignFacts>> = {
  preparing: { icon: "loading", spins: true },
  waiting: { icon: "clockface" },
  submitting: { icon: "cloud-upload" },
  unclear: { icon: "question", tone: "warning" },
  queued: { icon: "list-ordered" },
  running: { icon: "loading", spins: true },
  downloading: { icon: "cloud-download" },
  needsAction: { icon: "warning", tone: "warning" },
  saved: { icon: "pass", tone: "good" },
  failed: { icon: "error", tone: "bad" },
  cancelled: { icon: "circle-slash" },
  heldUp: { icon: "warning", tone: "warning" },
  left: { icon: "eye-closed" },
};
