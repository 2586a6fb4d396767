import { after, before } from "node:test";
import { showFailures } from "../support/vscode/failure.ts";
import { PanelDesk } from "./panel/desk.ts";
import { keyboardTests } from "./panel/keyboard.ts";
import { mannerTests } from "./panel/manners.ts";
import { pairTests } from "./panel/pair.ts";
import { reviewTests } from "./panel/review.ts";
import { runningTests } from "./panel/running.ts";
import { wordTests } from "./panel/words.ts";

// Every flow of the panel, in one real VS Code. Each part goes on from where the one before left the panel.

let desk: PanelDesk;
before(async () => {
  desk = await PanelDesk.start();
});
showFailures(() => desk?.code);
after(() => desk?.stop());

pairTests(() => desk);
wordTests(() => desk);
runningTests(() => desk);
reviewTests(() => desk);
mannerTests(() => desk);
keyboardTests(() => desk);
