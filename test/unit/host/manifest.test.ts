import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import * as z from "zod";
import { root } from "../../../scripts/paths.ts";
import { actionIds } from "../../../src/shared/jobs/actions.ts";
import { uploadKinds } from "../../../src/shared/model/uploadKinds.ts";
import { restricted, settings } from "../../support/manifest.ts";

const menuSchema = z.array(z.object({ command: z.string(), group: z.string().optional(), when: z.string() }));
const manifestSchema = z.object({
  contributes: z.object({
    commands: z.array(z.object({ command: z.string() })),
    menus: z.object({ commandPalette: menuSchema, "view/item/context": menuSchema }),
  }),
});

const manifest = async () => manifestSchema.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));

it("no setting of an untrusted folder counts", () => {
  const open = Object.entries(settings).filter(
    ([name, { scope }]) => scope !== "machine" && scope !== "application" && !restricted.includes(name),
  );
  assert.deepEqual(open, []);
});

it("where images, token and money go is never a folder's to set, trusted or not", () => {
  const storage = uploadKinds.map((kind) => `${kind}\\..*`).join("|");
  const guarded = new RegExp(
    `\\.(apiBaseUrl|trustedDownloadHosts|imageHosting|${storage}|deleteUploads|confirmAbove|monthlyCap|videosPer(Day|Month)|writeRecipeIntoVideo)$`,
  );
  const names = Object.entries(settings).filter(([name]) => guarded.test(name));
  assert.ok(names.length > 5);
  assert.deepEqual(
    names.filter(([, { scope }]) => scope !== "machine" && scope !== "application"),
    [],
  );
});

it("what can be done with a job is a command in the list where it is possible, and none in the palette", async () => {
  const { commands, menus } = (await manifest()).contributes;
  for (const action of actionIds) {
    const command = `wanFlf2v.job.${action}`;
    assert.ok(
      commands.some((each) => each.command === command),
      command,
    );
    const shown = menus["view/item/context"].filter((item) => item.command === command);
    assert.ok(shown.length > 0, command);
    for (const { when } of shown) {
      const words = new RegExp(/viewItem =~ \/(.+)\//.exec(when)?.[1] ?? "nothing");
      const others = actionIds.filter((other) => other !== action).join(" ");
      assert.match(`job ${action}`, words);
      assert.doesNotMatch(`job ${others}`, words);
    }
    assert.ok(menus.commandPalette.some((item) => item.command === command && item.when === "false"));
  }
});

it("a row's next step is its first button, and menus list the actions in the order of use", async () => {
  const menu = (await manifest()).contributes.menus["view/item/context"];
  const shown = (row: string, groups: RegExp) =>
    menu
      .filter(
        ({ group = "", when }) =>
          groups.test(group) && new RegExp(/viewItem =~ \/(.+)\//.exec(when)?.[1] ?? "nothing").test(row),
      )
      .toSorted((one, other) => placeOf(one.group) - placeOf(other.group))
      .map(({ command }) => command.replace("wanFlf2v.job.", ""));
  for (const [row, buttons] of [
    ["job review open reveal copyPath", ["review", "open", "reveal"]],
    ["job addCredit sendAgain remove", ["addCredit"]],
    ["job setTokenAndSend sendAgain remove", ["setTokenAndSend"]],
    ["job tryAgain openAccount copyRequestId remove", ["tryAgain"]],
    ["job openAccount adopt sendAgain drop", ["openAccount", "adopt"]],
    ["job setToken cancel", ["setToken", "cancel"]],
    ["job chooseFolder retry openAccount copyRequestId drop", ["chooseFolder", "retry"]],
    ["job copyRequestId openAccount stopWatching", ["copyRequestId"]],
    ["job sendAgain remove", ["sendAgain"]],
    ["job remove", ["remove"]],
  ] as const) {
    assert.deepEqual(shown(row, /^inline@/), buttons, row);
  }
  assert.deepEqual(shown("job review open reveal copyPath insertSnippet openRecipe", /^1_job@/), [
    ...["review", "open", "reveal", "copyPath", "insertSnippet", "openRecipe"],
  ]);
});

it("the palette lists what needs a file, an upload or videos only where there is one", async () => {
  const { commandPalette } = (await manifest()).contributes.menus;
  for (const command of [
    ...["nextPair", "useAsStart", "useAsEnd", "useAsLoop", "cancelWaiting", "clearFinished"],
    ...["setHostingCredentials", "removeHostingCredentials", "testHosting"],
  ]) {
    assert.ok(
      commandPalette.some((item) => item.command === `wanFlf2v.${command}`),
      command,
    );
  }
});

/** The place of an item within its group, which VS Code sorts by number. */
function placeOf(group = ""): number {
  return Number(group.split("@")[1] ?? 0);
}
