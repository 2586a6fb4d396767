import { script } from "./test/run.ts";
import { runSuites } from "./test/runSuites.ts";
import { unitWithoutBrowser } from "./test/unit.ts";

// `npm run check`: what can be told of a change within a minute.

await runSuites([
  { name: "lint", run: (out) => script(out, "lint") },
  { name: "unused", beside: true, run: (out) => script(out, "unused") },
  { name: "types", beside: true, run: (out) => script(out, "types") },
  { name: "unit", run: unitWithoutBrowser },
]);
