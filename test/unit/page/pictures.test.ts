/** Pictures that come late, change, or are none, in the real page. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct, shaOf } from "../../support/page/product.ts";
import { drop, edit, gate, generate, prompt, region, sent, words, zoomed } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

test("a picture that could not be had once is asked for again: by choosing it, by its button, by Generate", async () => {
  const { start, end } = lab.media;
  const ways: Record<string, (panel: OpenPanel) => Promise<void>> = {
    choosing: async ({ page, product }) => {
      product.picked = end;
      await page.getByRole("button", { name: "Replace End Image…" }).click();
    },
    "its button": async ({ page }) => await region(page, "End").getByRole("button", { name: "Try Again" }).click(),
    Generate: async ({ page }) => {
      await generate(page).click();
      await edit(page);
    },
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
    await region(page, "Start").getByText("only the first two were added. Left out: tower.png").waitFor();
  });
});

test("videos that are dropped come to the stage, where one message says which of them can’t be opened", async () => {
  const product = new PlayedProduct(lab.media);
  const uri = (name: string) => `file:///project/${name}`;
  for (const name of ["b.flf.json", "c.flf.json"]) {
    product.videoProblems.set(`/project/${name}`, { code: "notARecipe", path: name });
  }
  await lab.with({ product }, async ({ page }) => {
    await drop(page, "Start", {
      uris: [...["a.mp4", "b.flf.json", "c.flf.json", "d.mp4"].map(uri), "https://pictures.test/a.png"],
    });
    await page.locator('article[data-job="file-d.mp4"]').waitFor();
    const told = page.locator("flf-stage").getByRole("alert");
    await told.getByText(/^Can’t open b\.flf\.json, c\.flf\.json \(2 of 4 files\)\. Only image files/).waitFor();
    await page.locator('flf-gallery [data-job="file-a.mp4"]').waitFor();
    await edit(page);
    assert.equal(await region(page, "Start").getByText("Can’t open").count(), 0);
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
