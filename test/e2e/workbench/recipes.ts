import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { modelId } from "../../../src/shared/model/modelId.ts";
import { runCommand, screenshot } from "../../support/vscode/workbench.ts";
import type { Desk } from "./desk.ts";

const start = "../images/lighthouse_start.png";
const end = "../images/lighthouse_end.png";

interface Shown {
  readonly line: number;
  readonly message: string;
}

/** Runs in the extension host until the errors of so many recipes are told. How fast that is, the tests of the index bound. */
async function allTold(vscode: typeof import("vscode"), count: number): Promise<void> {
  const told = () => vscode.languages.getDiagnostics().filter(([{ path }]) => path.includes("/many/")).length;
  for (const began = performance.now(); told() < count; ) {
    if (performance.now() - began > 20_000) throw new Error(`${told()} of ${count} are told`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Runs in the extension host: how long, ms, until a change of an open recipe has changed its errors. */
async function editTime(vscode: typeof import("vscode"), file: string): Promise<number> {
  const uri = vscode.Uri.file(file);
  const document = await vscode.workspace.openTextDocument(uri);
  const told = new Promise<void>((resolve) => {
    const listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const isTold = vscode.languages.getDiagnostics(uri).some(({ message }) => message.includes("fps"));
      if (isTold && uris.some(({ path }) => path === uri.path)) {
        listening.dispose();
        resolve();
      }
    });
  });
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, document.positionAt(1), '"parameters": { "fps": 99 }, ');
  const started = performance.now();
  await vscode.workspace.applyEdit(edit);
  await told;
  const took = performance.now() - started;
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("workbench.action.files.revert");
  return took;
}

/** Runs in the extension host: its share of a processor while nothing happens. */
async function idleShare(): Promise<number> {
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 3_000_000;
}

/** Recipes that are written by hand: what VS Code shows of them. */
export function recipeTests(desk: () => Desk): void {
  const path = (name: string) => join(desk().folder, "shots", name);
  /** The problems that VS Code lists for a recipe. */
  const problemsOf = (name: string): Promise<readonly Shown[]> =>
    desk().code.inHost(
      (vscode, file) =>
        vscode.languages
          .getDiagnostics(vscode.Uri.file(file))
          .filter(({ source }) => source === "Wan FLF2V")
          .map(({ range, message }) => ({ line: range.start.line + 1, message })),
      path(name),
    );
  /** Waits until something is so; gives how long that took, ms. */
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<number> => {
    const started = performance.now();
    while (!(await isSo())) {
      assert.ok(performance.now() - started < 20_000, what);
    }
    return performance.now() - started;
  };
  const lens = (text: string) => desk().page.locator(".codelens-decoration", { hasText: text }).first();
  const row = (name: string) =>
    desk()
      .page.locator('[role="tree"][aria-label="Recipes"]')
      .getByRole("treeitem", { name: new RegExp(`^shots/${name},`) });

  before(async () => {
    await mkdir(join(desk().folder, "shots"));
    await desk().code.command("workbench.view.explorer");
  });
  after(async () => {
    await rm(join(desk().folder, "shots"), { recursive: true, force: true });
    await desk().clear();
    await desk().code.command("workbench.view.explorer");
  });

  test("a recipe that is typed is told its error at the line, and a quick fix mends it", async () => {
    const { code, page } = desk();
    await writeFile(path("hero.flf.json"), "");
    await code.command("vscode.open", { file: path("hero.flf.json") });
    await until("an empty recipe is an error", async () => (await problemsOf("hero.flf.json")).length === 1);
    await page.locator(".editor-instance .monaco-editor .view-lines").click();
    const recipe = { start, end, prompt: "night falls", parameters: { fps: 99 } };
    await page.keyboard.insertText(`// by hand\n${JSON.stringify(recipe, null, 2)}`);
    const wanted = [{ line: 7, message: '"parameters.fps" can’t be 99. Allowed: 12 to 24.' }];
    await until("the typed error is told", async () => {
      const told = await problemsOf("hero.flf.json");
      return told.length === 1 && told[0]?.line === wanted[0]?.line;
    });
    assert.deepEqual(await problemsOf("hero.flf.json"), wanted);
    await page.locator(".squiggly-error").first().waitFor();
    await lens("1 error").waitFor();
    await screenshot(page, code.version, "recipe-error");
    await runCommand(page, "Go to Next Problem (Error, Warning, Info)");
    await page.locator(".marker-widget", { hasText: "Allowed: 12 to 24." }).waitFor();
    // The light bulb says that VS Code has asked for fixes here.
    await page
      .locator(".monaco-editor.focused .lightBulbWidget, .monaco-editor.focused [class*=lightbulb]")
      .first()
      .waitFor();
    await page.keyboard.press("ControlOrMeta+.");
    const fix = page.locator(".action-widget").getByText("Change to 24");
    await fix.waitFor();
    await screenshot(page, code.version, "recipe-fix");
    await fix.click();
    await until("the fix is made", async () => (await problemsOf("hero.flf.json")).length === 0);
    await code.command("workbench.action.files.save");
    await until("it is saved", async () =>
      /^\/\/ by hand.*"fps": 24/s.test(await readFile(path("hero.flf.json"), "utf8")),
    );
  });

  test("its state stands above its first line, in the explorer and in the list of recipes", async () => {
    const { code, page } = desk();
    await lens("Not rendered").waitFor();
    await page.locator('.explorer-folders-view [aria-label*="Not rendered"]').first().waitFor();
    await runCommand(page, "Wan FLF2V: Show Videos");
    await row("hero").and(page.locator('[aria-label*="Not rendered"]')).waitFor();
    await screenshot(page, code.version, "recipe-list");
  });

  test("it is rendered by its lens, paid once, and knows its video", async () => {
    const { code, page, service } = desk();
    const before = service.ledger.requests.length;
    await page.locator(".codelens-decoration a", { hasText: /^Render$/ }).click();
    await lens("Up to date").waitFor();
    assert.equal(service.ledger.requests.length, before + 1);
    const text = await readFile(path("hero.flf.json"), "utf8");
    assert.match(text, /^\/\/ by hand\n.*"fps": 24.*"file": "hero-001\.mp4"/s);
    assert.equal(service.ledger.requests.at(-1)?.parameters["99_text"], "night falls");
    await screenshot(page, code.version, "recipe-rendered");
    // Once more there is nothing to pay for; another take is offered.
    await runCommand(page, "Wan FLF2V: Render Recipe");
    await page.getByText("hero.flf.json is up to date. Nothing was sent.").first().waitFor();
    await code.command("notifications.clearAll");
    assert.equal(service.ledger.requests.length, before + 1);
  });

  test("an image of twenty that changes on disk makes its recipe stale, and no other", async () => {
    const { code, page, folder, service } = desk();
    const picture = await readFile(join(folder, "images/lighthouse_start.png"));
    /** Another file for each number: readers ignore what follows the picture. */
    const numbered = (index: number) => Buffer.concat([picture, Buffer.from([index])]);
    const hash = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");
    const endHash = hash(await readFile(join(folder, "images/lighthouse_end.png")));
    for (let index = 1; index <= 20; index += 1) {
      await writeFile(path(`s${index}.png`), numbered(index));
      const rendered = {
        ...{ model: modelId, start: { sha256: hash(numbered(index)) }, end: { sha256: endHash } },
        ...{ prompt: "night falls", parameters: { seed: 4711, resolution: "480x480 (1:1)" } },
      };
      const file = `s${index}-001.mp4`;
      await writeFile(path(file), `video ${index}`);
      const video = { file, sha256: "00", codec: "h264", width: 480, height: 480, frames: 81, fps: 16, duration: 5 };
      const parameters = { resolution: "480x480 (1:1)" };
      const recipe = { start: `s${index}.png`, end, prompt: "night falls", parameters, video, rendered };
      await writeFile(path(`s${index}.flf.json`), JSON.stringify(recipe, null, 2));
    }
    await row("s7").and(page.locator('[aria-label*="Up to date"]')).waitFor();
    const states = () =>
      code.inHost(
        async (vscode, folder) => {
          const lenses: string[] = [];
          for (let index = 1; index <= 20; index += 1) {
            const uri = vscode.Uri.file(`${folder}/s${index}.flf.json`);
            await vscode.workspace.openTextDocument(uri);
            const found: readonly { command?: { title: string } }[] = await vscode.commands.executeCommand(
              "vscode.executeCodeLensProvider",
              uri,
              1,
            );
            lenses.push(found[0]?.command?.title ?? "");
          }
          return lenses;
        },
        join(desk().folder, "shots"),
      );
    await until("all are up to date", async () => (await states()).every((state) => state.startsWith("Up to date")));
    await writeFile(path("s7.png"), numbered(77));
    await row("s7").and(page.locator('[aria-label*="Stale: start image"]')).waitFor();
    const after = await states();
    assert.deepEqual(
      after.filter((state) => !state.startsWith("Up to date")),
      ["Stale: start image"],
    );
    await screenshot(page, code.version, "recipe-stale");
    // A build asks once, and pays for that one alone.
    const before = service.ledger.requests.length;
    await runCommand(page, "Wan FLF2V: Render Stale Recipes…");
    const question = page.getByRole("dialog", { name: /Render 1 recipe/ });
    await question.getByText("shots/s7: changed: start image").waitFor();
    await question.getByText(/\d\d recipes are up to date\./).waitFor();
    await screenshot(page, code.version, "recipe-build");
    await question.getByRole("button", { name: "Render 1 Recipe" }).click();
    await row("s7").and(page.locator('[aria-label*="Up to date"]')).waitFor();
    assert.equal(service.ledger.requests.length, before + 1);
    const recipe = JSON.parse(await readFile(path("s7.flf.json"), "utf8"));
    assert.equal(recipe.video.file, "s7-002.mp4");
    assert.deepEqual(
      recipe.takes.map(({ video }: { video: { file: string } }) => video.file),
      ["s7-001.mp4"],
    );
  });

  test("a renamed image is offered under its new name, whoever renamed it", async () => {
    const { code } = desk();
    await code.inHost(
      async (vscode, [from, to]) => {
        const edit = new vscode.WorkspaceEdit();
        edit.renameFile(vscode.Uri.file(String(from)), vscode.Uri.file(String(to)));
        await vscode.workspace.applyEdit(edit);
      },
      [path("s1.png"), path("renamed.png")],
    );
    await writeFile(path("moved.png"), await readFile(path("s2.png")));
    await rm(path("s2.png"));
    const titlesFor = (name: string) =>
      code.inHost(async (vscode, file) => {
        const uri = vscode.Uri.file(file);
        await vscode.workspace.openTextDocument(uri);
        const found: readonly { title: string }[] = await vscode.commands.executeCommand(
          "vscode.executeCodeActionProvider",
          uri,
          new vscode.Range(1, 0, 1, 30),
        );
        return found.map(({ title }) => title);
      }, path(name));
    for (const [name, file] of [
      ["s1", "renamed.png"],
      ["s2", "moved.png"],
    ]) {
      const wanted = `Use ${file}, which Has the Same Content`;
      await until(`${wanted} is offered`, async () => (await titlesFor(`${name}.flf.json`)).includes(wanted));
    }
  });

  test("1,000 recipes are shown, an edit within 200 ms, and then nothing works on", async (t) => {
    const { code, page, folder } = desk();
    const many = join(folder, "many");
    t.after(() => rm(many, { recursive: true, force: true }));
    await mkdir(many);
    const picture = await readFile(join(folder, "images/lighthouse_start.png"));
    for (let index = 0; index < 1000; index += 1) {
      await writeFile(join(many, `m${index}.png`), Buffer.concat([picture, Buffer.from(`${index}`)]));
      // The end image is missing: each of them has an error that the host can count.
      const recipe = { start: `m${index}.png`, end: "none.png", prompt: `shot ${index}` };
      await writeFile(join(many, `m${index}.flf.json`), JSON.stringify(recipe));
    }
    await code.inHost(allTold, 1000);
    await until("nothing is read any more", async () => (await code.inHost(idleShare)) < 0.05);
    // What else runs here takes its time, too: one edit of a few tells how fast an edit can be.
    let edited = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5 && edited >= 200; turn += 1) {
      edited = Math.min(edited, await code.inHost(editTime, join(many, `m${500 + turn}.flf.json`)));
    }
    // VS Code's own start goes on for a while.
    let idle = Number.POSITIVE_INFINITY;
    await until("nothing works on", async () => {
      idle = await code.inHost(idleShare);
      return idle < 0.05;
    });
    t.diagnostic(`an edit in ${Math.round(edited)} ms, then ${(idle * 100).toFixed(1)} %`);
    await screenshot(page, code.version, "recipes-many");
    assert.ok(edited < 200, `${edited} ms`);
  });
}
