import { setTimeout as wait } from "node:timers/promises";
import { runSuites } from "../../../scripts/test/runSuites.ts";
import type { Need, Suite } from "../../../scripts/test/suite.ts";

// Runs suites that say who is running when they begin. With an argument, only those that pass.

const running = new Set<string>();
const made = (name: string, ms: number, more: Partial<Suite> = {}): Suite => ({
  name,
  async run(out) {
    out.write(`${name} beside ${[...running].join(" and ") || "nobody"}\n`);
    running.add(name);
    await wait(ms);
    running.delete(name);
    return { passed: 2, failed: 0 };
  },
  ...more,
});

let times = 0;
const setUp: Need = async () => {
  times += 1;
  running.add("a set-up");
  await wait(300);
  running.delete("a set-up");
};
const broken: Need = () => Promise.reject(new Error("it cannot be had"));

const good = [
  made("first", 200),
  made("second", 1, { beside: true }),
  made("third", 1, { beside: true, after: ["second"] }),
  made("fourth", 1),
  made("quiet", 1, { alone: true }),
  made("needy", 1, { needs: [setUp] }),
];
const bad = [
  made("helpless", 1, { needs: [broken] }),
  made("throwing", 1, { run: () => Promise.reject(new Error("it broke")) }),
  made("empty", 1, { run: async () => ({ passed: 0, failed: 0 }) }),
  made("failing", 1, { run: async () => ({ passed: 3, failed: 4 }) }),
];
process.once("exit", () => console.log(`set up ${times > 0 ? "early" : "never"}`));
await runSuites(process.argv.length > 2 ? good : [...good, ...bad]);
