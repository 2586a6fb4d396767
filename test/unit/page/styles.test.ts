import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

const folder = "src/page";
/** What all parts share. */
const common = ["kit/base.css", "kit/fields.css"];

test("each style sheet lies beside the component that it is of, and the page has them all", async () => {
  const sheets = globSync("**/*.css", { cwd: folder }).filter((sheet) => sheet !== "styles.css");
  for (const sheet of sheets.filter((each) => !common.includes(each))) {
    assert.ok(existsSync(join(folder, sheet.replace(/css$/, "ts"))), `${sheet} is beside no component`);
  }
  const imports = (await readFile(join(folder, "styles.css"), "utf8")).trim().split("\n");
  assert.deepEqual(imports.sort(), sheets.map((sheet) => `@import "./${sheet}";`).sort());
});

/** The selectors of a sheet's own rules, also of those in at-rules. Rules inside of a rule are its own matter. */
function selectorsIn(sheet: string): string[] {
  const selectors: string[] = [];
  const open: boolean[] = [];
  for (const [, head = "", brace] of sheet.replace(/\/\*.*?\*\//gs, "").matchAll(/([^{};]*)([{};])/g)) {
    const isAtRule = head.trim().startsWith("@");
    if (brace === "{") {
      const isOwn = open.every((isRule) => !isRule);
      if (isOwn && !isAtRule) selectors.push(...head.split(/,(?![^(]*\))/).map((each) => each.trim()));
      // The steps of an animation are no rules of their own.
      open.push(!isAtRule || head.includes("@keyframes"));
    } else if (brace === "}") {
      open.pop();
    }
  }
  return selectors;
}

test("the sheet of an element styles nothing but that element", async () => {
  let elements = 0;
  for (const sheet of globSync("*/**/*.css", { cwd: folder })) {
    const component = join(folder, sheet.replace(/css$/, "ts"));
    const [, tag] =
      /customElements\.define\("([^"]+)"/.exec(existsSync(component) ? await readFile(component, "utf8") : "") ?? [];
    if (tag === undefined) continue;
    elements += 1;
    const strays = selectorsIn(await readFile(join(folder, sheet), "utf8")).filter(
      (selector) => !new RegExp(`(^|[ (])${tag}\\b`).test(selector),
    );
    assert.deepEqual(strays, [], sheet);
  }
  assert.ok(elements > 10);
});
