import { after, before, describe } from "node:test";
import { showFailures } from "../support/vscode/failure.ts";
import { accountTests } from "./workbench/account.ts";
import { Desk } from "./workbench/desk.ts";
import { hostingTests } from "./workbench/hosting.ts";
import { jobTests } from "./workbench/jobs.ts";
import { mainJobTests } from "./workbench/mainJob.ts";
import { moneyTests } from "./workbench/money.ts";
import { recipeTests } from "./workbench/recipes.ts";
import { wayInTests } from "./workbench/wayIn.ts";

// The main job and what stands around the panel, in one real VS Code. Each part goes on from where the one before left it.

let desk: Desk;
before(async () => {
  desk = await Desk.open({ fewBundled: true });
});
showFailures(() => desk?.code);
after(() => desk?.close());

describe("way in", () => wayInTests(() => desk));
describe("account", () => accountTests(() => desk));
describe("main job", () => mainJobTests(() => desk));
describe("token and money", () => moneyTests(() => desk));
describe("image hosting", () => hostingTests(() => desk));
describe("recipes", () => recipeTests(() => desk));
describe("jobs", () => jobTests(() => desk));
