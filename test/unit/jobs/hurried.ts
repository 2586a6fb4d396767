import { after } from "node:test";
import type { Conformed, Ports } from "../../../src/jobs/ports.ts";
import type { Payment } from "../../../src/shared/model/budget.ts";
import { sourceConformer, uncapped } from "../../support/engine/engine.ts";
import * as engines from "./engines.ts";

/** The two pictures are prepared once for all jobs. */
const prepared = new Map<string, Promise<Conformed>>();
const conformer = sourceConformer();
const conform: Ports["conform"] = ({ bytes, path }, target, plan) => {
  const known = prepared.get(path) ?? conformer.conform({ source: { bytes }, target, plan });
  prepared.set(path, known);
  return known;
};
after(() => conformer.dispose());

/** An engine whose user cannot wait; with `storage`, one more window over that journal. */
export function engine(ports: Partial<Ports> = {}, storage?: string) {
  const started = engines.engine({ conform, ...ports }, storage);
  const hurry = setInterval(() => started.jobs.wake(), 50);
  return Object.assign(started, {
    async [Symbol.asyncDispose]() {
      clearInterval(hurry);
      await started.jobs.dispose();
    },
  });
}
export type Engine = ReturnType<typeof engine>;

export const submit = (window: Engine, payment: Payment = uncapped) =>
  engines.submit(window, { payment: async () => payment });
