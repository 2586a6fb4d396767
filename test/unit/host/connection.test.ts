import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnection } from "../../../src/host/connection.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import { Secrets } from "./secrets.ts";

test("a wrong address of the service rejects the look for a token, and throws nothing at who asks", async () => {
  const problem = { code: "settingInvalid", setting: "wanFlf2v.apiBaseUrl", value: "x" } as const;
  const service = () => {
    throw new ProblemError(problem);
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { findToken } = createConnection(new Secrets(), { service }, fetch, () => undefined, log);
  const found = await findToken().catch((error: unknown) => error);
  assert.deepEqual(found instanceof ProblemError && found.problem, problem);
});
