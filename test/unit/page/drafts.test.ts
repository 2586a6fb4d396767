/** What goes wrong between the page's user, its draft and late answers, in the real page. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import { eventually, type OpenPanel, PanelLab } from "./harness.ts";
import { PlayedProduct, shaOf } from "./product.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const region = (page: Page, side: "Start" | "End") => page.getByRole("region", { name: `${side} Image` });
const prompt = (page: Page) => page.getByRole("textbox", { name: "Prompt" });
const generate = (page: Page) => page.getByRole("button", { name: "Generate Video" });
/** Two turns of the page: what it was about to do is done. */
const settled = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const zoomed = { mode: "crop", focus: { x: 0.3, y: 0.4 }, zoom: 2 } as const;
const words = "The sun sinks and the windows light up.";

async function sent({ page, product }: OpenPanel) {
  const made = product.generated.length;
  await generate(page).click();
  await eventually(page, async () => product.generated.length > made);
  return product.generated.at(-1);
}

function gate() {
  return Promise.withResolvers<void>();
}

/** Gives a side files, addresses or both, as a drop does. */
const drop = (page: Page, side: "Start" | "End", given: { uris?: string[]; files?: Buffer[] }) =>
  region(page, side).evaluate(
    (section, { uris, files }) => {
      const dataTransfer = new DataTransfer();
      if (uris !== undefined) dataTransfer.setData("text/uri-list", uris.join("\r\n"));
      for (const [index, base64] of files.entries()) {
        const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], `dropped-${index}.png`, { type: "image/png" }));
      }
      section.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    { uris: given.uris, files: (given.files ?? []).map((file) => file.toString("base64")) },
  );

const paste = (target: Locator, bytes: Buffer) =>
  target.evaluate((element, base64) => {
    const clipboardData = new DataTransfer();
    const content = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
    clipboardData.items.add(new File([content], "image.png", { type: "image/png" }));
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, bytes.toString("base64"));

test("a loop is sent as one: both ends are framed alike, whichever way the image comes to both", async () => {
  const { start, end } = lab.media;
  const ways: Record<string, (panel: OpenPanel) => Promise<void>> = {
    "the loop link": async ({ page }) => {
      await page.getByRole("button", { name: "Loop", exact: true }).first().click();
      await page.getByRole("button", { name: "Use the Start Image as the End Image Too" }).click();
    },
    "use it here too": async ({ page }) => {
      await page.getByRole("button", { name: "Clear End Image" }).click();
      await page.getByRole("button", { name: "Use the Start Image Here Too (Loop)" }).click();
    },
    picking: async ({ page, product }) => {
      product.picked = start;
      await page.getByRole("button", { name: "Replace End Image…" }).click();
    },
  };
  for (const [name, way] of Object.entries(ways)) {
    await lab.with({}, async (panel) => {
      panel.session.patchDraft({ start, end, prompt: words, plans: { start: zoomed }, separate: true });
      await panel.page.locator("svg image").nth(1).waitFor();
      await way(panel);
      await region(panel.page, "End").getByText("harbour-dawn.png").waitFor();
      const order = await sent(panel);
      assert.deepEqual(order?.plans, { start: zoomed, end: zoomed }, name);
    });
  }
});

test("a choice for both images and the size that fits wait for the picture that is on its way", async () => {
  const product = new PlayedProduct(lab.media);
  const reading = gate();
  product.imageGates.set(lab.media.portrait, reading.promise);
  await lab.with({ product }, async (panel) => {
    const { page, session } = panel;
    session.patchDraft({ start: lab.media.start, end: lab.media.portrait, prompt: words });
    await region(page, "Start").locator("svg image").first().waitFor();
    await page.getByRole("radio", { name: "Fit with Color" }).check();
    await prompt(page).focus();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Starting…" }).waitFor();
    assert.equal(product.generated.length, 0);
    reading.resolve();
    await eventually(page, async () => product.generated.length === 1);
    const [order] = product.generated;
    assert.deepEqual(order?.parameters, { resolution: "720x720 (1:1)" });
    const [one, other] = [order?.plans?.start, order?.plans?.end];
    assert.ok(one?.mode === "fit" && one.fill.kind === "color" && other?.mode === "fit" && other.fill.kind === "color");
    assert.notEqual(one.fill.color, other.fill.color, "each has the color of its own edge");
    assert.deepEqual(order?.seen, { start: shaOf(lab.media.start), end: shaOf(lab.media.portrait) });
  });
});

test("the preset that wants the smallest size of the pair's shape waits for the pair", async () => {
  const product = new PlayedProduct(lab.media);
  const reading = gate();
  product.imageGates.set(lab.media.portrait, reading.promise);
  await lab.with({ product }, async ({ page, session }) => {
    session.patchDraft({ start: lab.media.start, end: lab.media.portrait });
    await region(page, "Start").locator("svg image").first().waitFor();
    await page.getByRole("button", { name: "Draft", exact: true }).click();
    reading.resolve();
    await eventually(page, () => page.getByRole("radio", { name: "480 × 480 (1:1)", exact: true }).isChecked());
  });
});

test("nothing is sent of a pair that was changed while Generate waited for it", async () => {
  const product = new PlayedProduct(lab.media);
  const reading = gate();
  product.imageGates.set(lab.media.portrait, reading.promise);
  await lab.with({ product }, async ({ page, session }) => {
    session.patchDraft({ start: lab.media.start, end: lab.media.portrait, prompt: words });
    await region(page, "Start").locator("svg image").first().waitFor();
    await generate(page).click();
    session.patchDraft({ end: lab.media.end });
    reading.resolve();
    await page.getByRole("alert").getByText("An image changed in the meantime, so nothing was sent").waitFor();
    assert.equal(product.generated.length, 0);
  });
});

test("what is typed after the press is not sent", async () => {
  const product = new PlayedProduct(lab.media);
  const reading = gate();
  product.imageGates.set(lab.media.portrait, reading.promise);
  await lab.with({ product }, async ({ page, session }) => {
    session.patchDraft({ start: lab.media.start, end: lab.media.portrait, prompt: words });
    await region(page, "Start").locator("svg image").first().waitFor();
    await prompt(page).focus();
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" Then");
    reading.resolve();
    await eventually(page, async () => product.generated.length === 1);
    assert.equal(product.generated[0]?.prompt, words);
  });
});

test("an answer for an image counts only while nothing newer has happened to it", async () => {
  const bytes = await readFile(lab.media.portrait);
  const { start, end } = lab.media;
  const late: Record<string, (panel: OpenPanel, held: Promise<void>) => Promise<void>> = {
    paste: async ({ page, product }, held) => {
      product.keepGate = held;
      await paste(region(page, "Start"), bytes);
    },
    "drop from outside": async ({ page, product }, held) => {
      product.keepGate = held;
      await drop(page, "Start", { files: [bytes] });
    },
  };
  for (const [name, ask] of Object.entries(late)) {
    await lab.with({}, async (panel) => {
      const { page, session, product, asked } = panel;
      const held = gate();
      await ask(panel, held.promise);
      await eventually(page, async () => asked.includes("keep"));
      session.patchDraft({ start, end, prompt: words, plans: { start: zoomed, end: zoomed } });
      await page.locator("svg image").nth(1).waitFor();
      held.resolve();
      await eventually(page, async () => product.kept.length === 1);
      await settled(page);
      const order = await sent(panel);
      assert.deepEqual(order?.start, { kind: "file", path: start }, name);
      assert.deepEqual(order?.plans?.start, zoomed, name);
    });
  }
});

test("an older price does not take a newer one's place", async () => {
  const product = new PlayedProduct(lab.media);
  const older = gate();
  product.priceGate = older.promise;
  product.price = { kind: "noToken" };
  await lab.with({ product }, async ({ page, asked }) => {
    await eventually(page, async () => asked.includes("price"));
    product.priceGate = Promise.resolve();
    product.price = { kind: "known", usd: 0.05, unit: "second" };
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.getByText("0.05 USD per second").waitFor();
    product.price = { kind: "noToken" };
    older.resolve();
    await settled(page);
    await settled(page);
    await page.getByText("0.05 USD per second").waitFor();
  });
});

test("a refusal leaves the focus to who types on, and says what it is about", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    const held = gate();
    product.generateGate = held.promise;
    product.refusal = { code: "parameterInvalid", word: "shift", value: "6" };
    await prompt(page).focus();
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" Then");
    held.resolve();
    await page.getByRole("status").getByText("The service does not accept 6 here.").waitFor();
    await page.keyboard.type("12");
    assert.equal(await prompt(page).inputValue(), `${words} Then12`);
    assert.equal(await page.getByRole("textbox", { name: "Shift" }).inputValue(), "");
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

test("a wrong setting is named above a page that works, and goes by itself when it is mended", async () => {
  const product = new PlayedProduct(lab.media);
  product.settingProblem = { code: "settingInvalid", setting: "wanFlf2v.defaults.fps", value: "60" };
  await lab.with({ product }, async ({ page, product }) => {
    const alert = page.getByRole("alert").filter({ hasText: "wanFlf2v.defaults.fps" });
    await alert.getByRole("button", { name: "Open Settings" }).click();
    await eventually(page, async () => product.commands[0] === "wanFlf2v.openSettings wanFlf2v.defaults.fps");
    await page.getByText("81 frames at 16 fps").waitFor();
    product.setDefaults({ fps: 24 });
    await alert.waitFor({ state: "hidden" });
    await page.getByText("81 frames at 24 fps").waitFor();
  });
});

test("a page that cannot be begun says why, and begins as soon as it can", async () => {
  const product = new PlayedProduct(lab.media);
  const { jobs } = product;
  Object.defineProperty(product, "jobs", {
    configurable: true,
    get() {
      throw new Error("locked");
    },
  });
  await lab.with({ product }, async ({ page }) => {
    await page.clock.install();
    await page.reload();
    await page.getByRole("alert").getByText("Something unexpected went wrong.").waitFor();
    Object.defineProperty(product, "jobs", { configurable: true, value: jobs });
    await page.clock.fastForward(3000);
    await prompt(page).waitFor();
    product.faults.length = 0;
  });
});

test("a picture that could not be had once is asked for again: by choosing it, by its button, by Generate", async () => {
  const { start, end } = lab.media;
  const ways: Record<string, (panel: OpenPanel) => Promise<void>> = {
    choosing: async ({ page, product }) => {
      product.picked = end;
      await page.getByRole("button", { name: "Replace End Image…" }).click();
    },
    "its button": async ({ page }) => await region(page, "End").getByRole("button", { name: "Try Again" }).click(),
    Generate: async ({ page }) => await generate(page).click(),
  };
  for (const way of Object.values(ways)) {
    const product = new PlayedProduct(lab.media);
    product.imageProblems.set(end, { code: "workerFailed", reason: "crashed" });
    await lab.with({ product }, async (panel) => {
      const { page, session } = panel;
      session.patchDraft({ start, end, prompt: words });
      await region(page, "End").getByText("Something is wrong: workerFailed.").waitFor();
      product.imageProblems.clear();
      await way(panel);
      await region(page, "End").locator("svg image").first().waitFor();
    });
  }
});

test("a picture that changed on disk is shown anew before anything is sent, and what was framed of another size is not kept", async () => {
  await lab.with({}, async (panel) => {
    const { page, product, session } = panel;
    const { start, end, portrait } = lab.media;
    session.patchDraft({ start, end, prompt: words, plans: { start: zoomed, end: zoomed } });
    await page.locator("svg image").nth(1).waitFor();
    product.replaced.set(end, portrait);
    product.refusal = { code: "imageChanged", path: end };
    await generate(page).click();
    await region(page, "End").getByText("720 × 1280").waitFor();
    await region(page, "End").getByText("harbour-night.png changed before the video was sent.").waitFor();
    product.refusal = undefined;
    const order = await sent(panel);
    assert.deepEqual(order?.seen, { start: shaOf(start), end: shaOf(portrait) });
    assert.deepEqual(order?.plans?.start, zoomed);
    assert.deepEqual(order?.plans?.end, { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1 });
  });
});

test("object addresses are given back, also of pictures let go and chosen again while they load", async () => {
  const product = new PlayedProduct(lab.media);
  const reading = gate();
  product.imageGates.set(lab.media.start, reading.promise);
  const count = () => {
    const [create, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
    const open = new Set<string>();
    Reflect.set(window, "openUrls", open);
    URL.createObjectURL = (blob) => {
      const url = create.call(URL, blob);
      open.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      open.delete(url);
      revoke.call(URL, url);
    };
  };
  await lab.with({ product, first: count }, async ({ page, session }) => {
    for (let round = 0; round < 5; round++) {
      session.patchDraft({ start: lab.media.start });
      session.patchDraft({ start: undefined });
    }
    session.patchDraft({ start: lab.media.start, end: lab.media.start });
    reading.resolve();
    await page.locator("svg image").nth(1).waitFor();
    session.patchDraft({ start: lab.media.end, end: lab.media.start });
    await region(page, "Start").getByRole("img", { name: "harbour-night.png" }).waitFor();
    await region(page, "End").getByRole("img", { name: "harbour-dawn.png" }).waitFor();
    const open = await page.evaluate(() => Reflect.get(window, "openUrls").size);
    assert.equal(open, 2);
  });
});

test("a drop that comes to nothing, or not to all of it, says why", async () => {
  const file = pathToFileURL(lab.media.portrait).href;
  const bytes = await readFile(lab.media.portrait);
  const nothing = ["https://pictures.test/a.png", "data:image/png;base64,AAAA", "untitled:a.png", "git:/a.png"];
  await lab.with({}, async ({ page, product }) => {
    for (const uri of nothing) {
      await drop(page, "End", { uris: [uri] });
      await region(page, "End").getByText("is no file of this computer.").waitFor();
      await drop(page, "End", { uris: [file] });
      await region(page, "End").getByText("is no file of this computer.").waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Clear End Image" }).click();
    }
    await drop(page, "End", { uris: ["https://pictures.test/a.png"], files: [bytes] });
    await region(page, "End").getByText("tower.png").waitFor();
    assert.equal(product.kept.length, 1);
    await drop(page, "Start", {
      uris: [lab.media.start, lab.media.end, lab.media.portrait].map((path) => pathToFileURL(path).href),
    });
    await region(page, "Start").getByText("only the first two were added").waitFor();
  });
});

test("a file that is too large is not read, and a folder is called one", async () => {
  await lab.with({}, async ({ page, product }) => {
    const give = (size: number) =>
      region(page, "Start").evaluate((section, claimed) => {
        const file = new File(["x"], "huge.png", { type: "image/png" });
        Object.defineProperty(file, "size", { value: claimed });
        Object.defineProperty(file, "arrayBuffer", {
          value: () => Promise.reject(new DOMException("", "NotFoundError")),
        });
        const dataTransfer = new DataTransfer();
        Object.defineProperty(dataTransfer, "files", { value: [file] });
        Object.defineProperty(dataTransfer, "types", { value: ["Files"] });
        section.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      }, size);
    await give(3 * 2 ** 30);
    await region(page, "Start").getByText("huge.png is too large. An image file can be up to 256 MB.").waitFor();
    await give(4096);
    await region(page, "Start").getByText("huge.png can’t be read. Drop an image file, not a folder.").waitFor();
    assert.equal(product.kept.length, 0);
  });
});

test("what has the focus may go, the focus stays in its place", async () => {
  const product = new PlayedProduct(lab.media);
  const saved = { state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" } as const;
  product.jobs = [product.job({ state: "cancelled" }, { id: "job1" }), product.job(saved, { id: "job2" })];
  const [first, second] = product.jobs;
  const where = (page: Page) =>
    page.evaluate(() => document.activeElement?.id || document.activeElement?.localName || "nothing");
  await lab.with({ product }, async (panel) => {
    const { page, session } = panel;
    await lab.fillIn(panel);
    const stays = async (name: string, press: () => Promise<void>) => {
      await press();
      await settled(page);
      assert.notEqual(await where(page), "body", name);
    };
    session.showProblem({ code: "tokenMissing" });
    await stays("dismissed", () => page.getByRole("button", { name: "Dismiss" }).press("Enter"));
    await stays("last seed", () => page.getByRole("button", { name: /^Use Seed of the Last Video/ }).press("Enter"));
    assert.equal(await where(page), "seed");
    await page.getByRole("radio", { name: "480 × 480 (1:1)", exact: true }).check();
    await stays("best fit", () => page.getByRole("button", { name: /to crop less$/ }).press("Enter"));
    await page.locator("#preset-loop").click();
    await stays("loop", () =>
      page.getByRole("button", { name: "Use the Start Image as the End Image Too" }).press("Enter"),
    );
    assert.equal(await where(page), "preset-loop");
    await page.locator("flf-job").first().getByRole("button", { name: "Edit and Re-render…" }).focus();
    await stays("removed", async () => product.setJobs(second === undefined ? [] : [second]));
    assert.equal(await where(page), "article");
    await page.locator("flf-job").first().getByRole("button", { name: "Edit and Re-render…" }).focus();
    await stays("the last one removed", async () => product.setJobs([]));
    assert.equal(await where(page), "videos-title");
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
      await generate(page).waitFor();
      await page.keyboard.press(keys);
      await settled(page);
      assert.equal(product.generated.length, before + 1, keys);
    }
  });
});

test("the draft outlives its panel's tab: the next panel begins with it, field by field what can be read", async () => {
  const product = new PlayedProduct(lab.media);
  await lab.with({ product }, async (panel) => {
    await lab.fillIn(panel);
    await prompt(panel.page).fill("typed last");
    await eventually(panel.page, async () => JSON.stringify(product.keptDraft ?? "").includes("typed last"));
  });
  await lab.with({ product }, async ({ page }) => {
    await region(page, "End").getByText("harbour-night.png").waitFor();
    assert.equal(await prompt(page).inputValue(), "typed last");
    await page.getByRole("button", { name: "Start Over" }).click();
    await page.getByRole("button", { name: "Choose Start Image…" }).waitFor();
    assert.equal(await prompt(page).inputValue(), "");
    await page.getByRole("button", { name: "Restore My Draft" }).click();
    await region(page, "End").getByText("harbour-night.png").waitFor();
    assert.equal(await prompt(page).inputValue(), "typed last");
  });
});

test("Edit and Re-render… takes no unsent prompt away: it can be gone back to, also after a look at another tab", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ state: "cancelled" })];
  await lab.with({ product }, async ({ page }) => {
    await prompt(page).fill("my own words");
    await page.getByRole("button", { name: "Edit and Re-render…" }).click();
    await eventually(page, async () => (await prompt(page).inputValue()).startsWith("Locked-off camera."));
    await page.reload();
    await page.getByRole("button", { name: "Restore My Draft" }).click();
    assert.equal(await prompt(page).inputValue(), "my own words");
    assert.equal(await page.getByRole("button", { name: "Restore My Draft" }).count(), 0);
  });
});

test("Edit and Re-render… says of a picture that it is not the one the video was made of", async () => {
  const product = new PlayedProduct(lab.media);
  const made = product.job({ state: "cancelled" });
  const { end } = made.order;
  assert.ok(end.kind === "file");
  product.jobs = [{ ...made, order: { ...made.order, end: { ...end, sourceSha256: "0" } } }];
  await lab.with({ product }, async ({ page }) => {
    await page.getByRole("button", { name: "Edit and Re-render…" }).click();
    await region(page, "End").getByText("harbour-night.png has changed since this video was made").waitFor();
    assert.equal(await region(page, "Start").getByText("has changed since this video was made").count(), 0);
  });
});

test("what is pressed stays under the pointer, whatever appears meanwhile", async () => {
  await lab.with({ width: 1000, height: 1600 }, async (panel) => {
    const { page, session } = panel;
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
    await press(size, async () => undefined);
    await eventually(page, () => size.isChecked());
    await page.getByText("Say what moves.").waitFor();

    const frames = page.getByRole("radio", { name: "141 frames" });
    await press(frames, async () => session.showProblem({ code: "tokenMissing" }));
    await eventually(page, () => frames.isChecked());
    await page.getByRole("alert").getByText("No RunComfy API token is set").waitFor();

    const other = page.getByRole("radio", { name: "81 frames" });
    await page.getByRole("textbox", { name: "Frames per Second" }).fill("99");
    await press(other, async () => session.patchDraft({ parameters: { fps: "24", length: "141" } }));
    await eventually(page, () => other.isChecked());
  });
});

test("what is said of a size moves nothing below the sizes", async () => {
  await lab.with({ width: 1400, height: 1000 }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    const top = () =>
      page.getByRole("radio", { name: "141 frames" }).evaluate((radio) => radio.getBoundingClientRect().top);
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
    for (let presses = 0; presses < 3; presses++) {
      await page.getByRole("button", { name: "Standard", exact: true }).click();
      await settled(page);
    }
    assert.equal(await page.evaluate(() => Reflect.get(window, "changes")), 3);
  });
});

test("recent pairs that cannot be had say so; names from right to left turn nothing around them", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    const { jobs } = product;
    Object.defineProperty(product, "jobs", {
      configurable: true,
      get() {
        throw new Error("locked");
      },
    });
    await page.getByRole("button", { name: "Recent Pairs" }).click();
    await page.getByText("Recent pairs can’t be read right now.").waitFor();
    Object.defineProperty(product, "jobs", { configurable: true, value: jobs, writable: true });
    product.faults.length = 0;
    assert.equal(await prompt(page).getAttribute("dir"), "auto");
    await prompt(page).fill("a");
    await page.getByText("1 word · 1 character").waitFor();
    await lab.fillIn(panel);
    assert.equal(await region(page, "Start").locator("bdi").textContent(), "harbour-dawn.png");
  });
});
