import { cp } from "node:fs/promises";
import { join } from "node:path";
import { startService } from "../test/support/service/service.ts";
import { build } from "./build.ts";
import { root, vscodeCache } from "./paths.ts";

// `npm run develop`: what F5 needs. A build with source maps, a copy of the sample project in `.vscode-test/develop`, and the
// local service in RunComfy's place until it is told to end.

console.log("building");
await build({ isForDebugging: true });
await cp(join(root, "test", "support", "project"), join(vscodeCache, "develop"), { recursive: true });
const service = await startService({ port: 8787, token: "local" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void service.close());
console.log(JSON.stringify({ url: service.url, token: service.token }));
