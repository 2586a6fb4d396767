import { beforeEach } from "node:test";
import { defaultSettings, playedParts } from "./played.ts";
import type { Stage } from "./vscode.ts";

/** The parts of the product that know VS Code, over one that is played. */
export const played = await playedParts();
const defaults = defaultSettings();

/** What that VS Code shows and was told: another one for each test, with the settings that the manifest gives by default. */
export let stage: Stage;
/** Plays another VS Code in the middle of a test. */
export function playAnew(): void {
  stage = played.vscode.playAnew(defaults);
}
beforeEach(playAnew);
