import { after, before } from "node:test";
import { showFailures } from "../support/vscode/failure.ts";
import { Studio } from "./panel/desk.ts";
import { keyboardTests } from "./panel/keyboard.ts";
import { mannerTests } from "./panel/manners.ts";
import { pairTests } from "./panel/pair.ts";
import { reviewTests } from "./panel/review.ts";
import { runningTests } from "./panel/running.ts";
import { wordTests } from "./panel/words.ts";

// Every flow of the panel, in one real VS Code. Each part goes on from where the one before left the panel.

let studio: Studio;
before(async () => {
  studio = await Studio.start();
});
showFailures(() => studio?.code);
after(() => studio?.stop());

pairTests(() => studio);
wordTests(() => studio);
runningTests(() => studio);
reviewTests(() => studio);
mannerTests(() => studio);
keyboardTests(() => studio);
