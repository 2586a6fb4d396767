import { after, before, describe } from "node:test";
import { accountTests } from "./workbench/account.ts";
import { Desk } from "./workbench/desk.ts";
import { hostingTests } from "./workbench/hosting.ts";
import { jobTests } from "./workbench/jobs.ts";

// What stands around the panel, in one real VS Code. Each part goes on from where the one before left it.

let desk: Desk;
before(async () => {
  desk = await Desk.open();
});
after(() => desk?.close());

describe("token, account and money", () => accountTests(() => desk));
describe("image hosting", () => hostingTests(() => desk));
describe("jobs", () => jobTests(() => desk));
