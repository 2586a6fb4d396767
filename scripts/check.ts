import { join } from "node:path";
import { root } from "./paths.ts";
import { script } from "./test/run.ts";
import { runSuites } from "./test/runSuites.ts";
import { unitEngines, unitQuick } from "./test/unit.ts";

// `npm run check`: what can be told of a change within a minute.

// Compiled code is kept for the next time: that is a quarter of what the unit tests cost.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "node");

// All at once: the engines wait while the others compute.
await runSuites([
  { name: "lint", run: (out) => script(out, "lint") },
  { name: "unused", beside: true, run: (out) => script(out, "unused") },
  { name: "types", beside: true, run: (out) => script(out, "types") },
  { name: "unit-engines", beside: true, run: unitEngines },
  { name: "unit", beside: true, run: unitQuick },
]);
