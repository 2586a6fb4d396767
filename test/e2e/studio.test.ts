import { after, before } from "node:test";
import { showFailures } from "./harness/failure.ts";
import { keyboardTests } from "./studio/keyboard.ts";
import { mannerTests } from "./studio/manners.ts";
import { pairTests } from "./studio/pair.ts";
import { reviewTests } from "./studio/review.ts";
import { runningTests } from "./studio/running.ts";
import { Studio } from "./studio/studio.ts";
import { wordTests } from "./studio/words.ts";

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
