/** Where the focus is, what a press does and what is said meanwhile, in the real page. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { JobText } from "../../../src/ui/words/job.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import {
  edit,
  gate,
  generate,
  paste,
  prompt,
  region,
  settled,
  takeSize,
  unfold,
  words,
} from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

test("a refusal leaves the focus to who types on, and says what it is about", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    const held = gate();
    product.generateGate = held.promise;
    product.refusal = { code: "parameterInvalid", word: "shift", value: "6" };
    await prompt(page).focus();
    await page.keyboard.press("Control+Enter");
    await edit(page);
    await eventually(page, () => prompt(page).evaluate((field) => field === document.activeElement));
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" Then");
    held.resolve();
    await page.getByRole("status").getByText("The service does not accept 6 here.").waitFor();
    await page.keyboard.type("12");
    assert.equal(await prompt(page).inputValue(), `${words} Then12`);
    assert.equal(await page.locator("#shift").inputValue(), "");
  });
});

test("what was typed after Select All stays, however late VS Code repeats it", async () => {
  await lab.with({}, async ({ page }) => {
    await unfold(page, "rate");
    await page.evaluate(() => {
      addEventListener("keydown", ({ key, ctrlKey }) => {
        if (ctrlKey && key === "a") addEventListener("keyup", () => document.execCommand("selectAll"));
      });
    });
    for (const field of [page.getByRole("textbox", { name: "Frames per Second" }), prompt(page)]) {
      await field.fill("1");
      await field.focus();
      await page.keyboard.press("Control+a");
      await page.keyboard.type("345");
      assert.equal(await field.inputValue(), "345");
    }
  });
});

test("a kept paste leaves the focus to who types on", async () => {
  await lab.with({}, async ({ page, product, asked }) => {
    const held = gate();
    product.keepGate = held.promise;
    await paste(region(page, "Start").getByRole("button"), await readFile(lab.media.portrait));
    await eventually(page, async () => asked.includes("keep"));
    await prompt(page).click();
    await page.keyboard.type("+++");
    held.resolve();
    await region(page, "Start").getByText("tower.png").waitFor();
    await page.keyboard.type(" sinks");
    assert.equal(await prompt(page).inputValue(), "+++ sinks");
  });
});

test("what has the focus may go, the focus stays in its place", async () => {
  const product = new PlayedProduct(lab.media);
  const saved = { state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" } as const;
  product.jobs = [
    product.job({ state: "cancelled" }, { id: "job1", createdAt: 2 }),
    product.job(saved, { id: "job2", createdAt: 1 }),
  ];
  const [first, second] = product.jobs;
  const where = (page: Page) =>
    page.evaluate(() => document.activeElement?.id || document.activeElement?.localName || "nothing");
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    const stays = async (name: string, press: () => Promise<void>) => {
      await press();
      await settled(page);
      assert.notEqual(await where(page), "body", name);
    };
    product.refusal = { code: "tokenMissing" };
    await page.getByRole("button", { name: "Generate Video" }).click();
    await stays("dismissed", () => page.getByRole("button", { name: "Dismiss" }).press("Enter"));
    await unfold(page, "seed");
    await stays("last seed", () => page.getByRole("button", { name: /^Use Seed of the Last Video/ }).press("Enter"));
    assert.equal(await where(page), "seed");
    await takeSize(page, "480 × 480 (1:1)");
    await stays("best fit", () => page.getByRole("button", { name: /to crop less$/ }).press("Enter"));
    await unfold(page, "preset");
    await page.locator("#preset-loop").click();
    await stays("loop", () =>
      page.getByRole("button", { name: "Use the Start Image as the End Image Too" }).press("Enter"),
    );
    assert.equal(await where(page), "preset-loop");
    panel.session.showJob("job1");
    await page.getByRole("button", { name: "Edit and Re-render…" }).focus();
    await stays("removed from the stage", async () => product.setJobs(second === undefined ? [] : [second]));
    assert.equal(await where(page), "choice-preset");
    await page.locator("flf-gallery [data-job]").focus();
    await stays("the last one removed", async () => product.setJobs([]));
    assert.equal(await where(page), "gallery-title");
    assert.ok(first);
  });
});

test("a press is one wish by whichever keys, and keys that mean something else are none", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    await prompt(page).focus();
    for (const keys of ["Control+Shift+Enter", "Control+Alt+Enter", "Alt+Enter", "Control+Meta+Enter"]) {
      await page.keyboard.press(keys);
    }
    await prompt(page).evaluate((area) => {
      const press = (more: KeyboardEventInit) =>
        area.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true, ...more }),
        );
      press({ isComposing: true });
      press({ keyCode: 229 });
      press({ modifierAltGraph: true });
    });
    await generate(page).focus();
    await page.keyboard.press("Control+Shift+Enter");
    await page.keyboard.press("Alt+Enter");
    await settled(page);
    assert.equal(product.generated.length, 0);
    await page.clock.install();
    for (const target of [prompt(page), generate(page)]) {
      const before: number = product.generated.length;
      await page.clock.fastForward(1000);
      await target.focus();
      const keys = target === generate(page) ? "Enter" : "Control+Enter";
      await page.keyboard.press(keys);
      await eventually(page, async () => product.generated.length === before + 1);
      await page.locator('article[data-state="preparing"]').waitFor();
      await page.keyboard.press(keys);
      await settled(page);
      assert.equal(product.generated.length, before + 1, keys);
      await edit(page);
    }
  });
});

test("what is pressed stays under the pointer, whatever appears meanwhile", async () => {
  await lab.with({ width: 1000, height: 1600 }, async (panel) => {
    const { page, session, product } = panel;
    const at = async (target: Locator) => {
      const box = await target.boundingBox();
      assert.ok(box !== null);
      return [box.x + box.width / 2, box.y + box.height / 2] as const;
    };
    const press = async (target: Locator, meanwhile: () => Promise<void>) => {
      await page.mouse.move(...(await at(target)));
      await page.mouse.down();
      await meanwhile();
      await settled(page);
      await settled(page);
      await page.mouse.up();
    };
    await prompt(page).click();
    await page.keyboard.type("waves");
    const size = page.getByRole("radio", { name: "480 × 480 (1:1)", exact: true });
    await unfold(page, "size");
    await press(size, async () => undefined);
    await eventually(page, () => size.isChecked());
    await page.getByText("Say what moves.").waitFor();

    const frames = page.getByRole("radio", { name: "141 frames" });
    await unfold(page, "frames");
    await press(frames, async () =>
      product.setDefaults({}, { code: "settingInvalid", setting: "wanFlf2v.defaults.framesPerSecond", value: "60" }),
    );
    await eventually(page, () => frames.isChecked());
    await page.getByRole("alert").getByText("The setting wanFlf2v.defaults.framesPerSecond can’t be 60").waitFor();

    const other = page.getByRole("radio", { name: "81 frames" });
    await unfold(page, "rate");
    await page.getByRole("textbox", { name: "Frames per Second" }).fill("99");
    await unfold(page, "frames");
    await press(other, async () => session.patchDraft({ parameters: { fps: "24", length: "141" } }));
    await eventually(page, () => other.isChecked());
  });
});

test("what is said of a size moves nothing below the sizes", async () => {
  await lab.with({ width: 1400, height: 1000 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    const popover = await unfold(page, "size");
    const top = () => popover.evaluate((element) => element.getBoundingClientRect().bottom);
    const before = await top();
    for (const name of ["720 × 480 (3:2)", "480 × 480 (1:1)", "480 × 720 (2:3)"]) {
      await page.getByRole("radio", { name, exact: true }).check();
      await settled(page);
      assert.equal(await top(), before, name);
    }
  });
});

test("the same announcement is news each time", async () => {
  await lab.with({}, async ({ page }) => {
    await page.evaluate(() => {
      const status = document.querySelector("[role=status].unseen");
      Reflect.set(window, "changes", 0);
      new MutationObserver(() => Reflect.set(window, "changes", Reflect.get(window, "changes") + 1)).observe(
        status ?? document,
        { childList: true, subtree: true, characterData: true },
      );
    });
    await unfold(page, "preset");
    for (let presses = 0; presses < 3; presses++) {
      await page.getByRole("button", { name: "Recommended", exact: true }).click();
      await settled(page);
    }
    assert.equal(await page.evaluate(() => Reflect.get(window, "changes")), 3);
  });
});

test("an action on a job is asked for once per press, and its refusal is told in the job's card", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ state: "running", requestId: "r" })];
  const actions: JobText["actions"] = [
    { id: "cancel", label: "Cancel" },
    { id: "openAccount", label: "Open RunComfy History" },
    { id: "copyRequestId", label: "Copy Request ID" },
  ];
  product.describe = () => ({ state: "Rendering", actions });
  await lab.with({ product, shown: "job1" }, async ({ page }) => {
    const card = page.getByRole("article");
    await card.getByRole("button", { name: "Cancel" }).dblclick();
    await card.getByRole("button", { name: "Open RunComfy History" }).click();
    await card.getByText("notPossibleNow").waitFor();
    assert.deepEqual(product.acts, ["cancel job1", "openAccount job1"]);
    // The next action takes the refusal away.
    await card.getByRole("button", { name: "Copy Request ID" }).click();
    await card.getByText("notPossibleNow").waitFor({ state: "detached" });
  });
});
