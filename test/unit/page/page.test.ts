import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import type { Job } from "../../../src/jobs/job.ts";
import { doublePress } from "../../../src/page/form/presses.ts";
import type { JobText } from "../../../src/ui/words/job.ts";
import { eventually, type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { withMotion } from "../../support/vscode/browser.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const prompt = (page: Page) => page.getByRole("textbox", { name: "Prompt" });
const generate = (page: Page) => page.getByRole("button", { name: "Generate Video" });
const status = (page: Page) => page.getByRole("status");
const isFocused = (locator: Locator) => locator.evaluate((element) => element === document.activeElement);

/** Drops files of this machine on a part of the page. */
const dropOn = (place: Locator, paths: readonly string[]) =>
  place.evaluate(
    (section, list) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData("text/uri-list", list);
      for (const type of ["dragover", "drop"]) {
        section.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    paths.map((path) => pathToFileURL(path).href).join("\r\n"),
  );

/** What a screen reader reads as the description of a field. */
const description = (locator: Locator) =>
  locator.evaluate((element) =>
    (element.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent.trim())
      .filter(Boolean)
      .join(" | "),
  );

test("pressing Generate on an empty form says what is missing, at each place, and goes to the first", async () => {
  await lab.with({}, async ({ page, product }) => {
    await generate(page).click();
    const start = page.getByRole("button", { name: "Choose Start Image…" });
    await eventually(page, () => isFocused(start));
    assert.match(await description(start), /Choose the image the video starts with\./);
    assert.match(await description(page.getByRole("button", { name: "Choose End Image…" })), /ends with/);
    assert.equal(await prompt(page).getAttribute("aria-invalid"), "true");
    assert.equal(product.generated.length, 0);
    await prompt(page).fill("Slow dolly-in.");
    assert.equal(await prompt(page).getAttribute("aria-invalid"), "false");
    await page.getByText("3 words · 14 characters").waitFor();
  });
});

test("numbers are judged while they are typed, and the summary follows", async () => {
  await lab.with({}, async ({ page }) => {
    const fps = page.getByRole("textbox", { name: "Frames per Second" });
    await page.getByText("720 × 1280 · 81 frames at 16 fps = 5.06 sec").waitFor();
    await fps.pressSequentially("48");
    assert.equal(await fps.getAttribute("aria-invalid"), "true");
    assert.match(
      await description(fps),
      /^Enter a number from 12 to 24, or leave it empty for the model’s default \(16\)\. \| 12–24 \| How fast the frames are played/,
    );
    await page.getByText("Fix the marked fields first.").waitFor();
    await fps.fill("24");
    assert.equal(await fps.getAttribute("aria-invalid"), "false");
    await page.getByText("81 frames at 24 fps = 3.38 sec").waitFor();
    await page.getByRole("button", { name: "Reset Frames per Second" }).click();
    assert.equal(await fps.inputValue(), "");
    assert.ok(await isFocused(fps));
    await page.getByText("81 frames at 16 fps").waitFor();
  });
});

test("what is left alone shows the model's default, or that of the settings", async () => {
  await lab.with({}, async ({ page, product }) => {
    await page.getByText("Advanced").click();
    const steps = page.getByRole("textbox", { name: "Steps" });
    assert.equal(await steps.getAttribute("placeholder"), "Model default (4)");
    product.setDefaults({ steps: 8, resolution: "480x480 (1:1)" });
    await page.getByPlaceholder("From settings (8)").waitFor();
    assert.ok(await page.getByRole("radio", { name: "From settings: 480 × 480 (1:1)" }).isChecked());
  });
});

test("the keyboard alone does it all: text, choices, numbers, and Ctrl+Enter from anywhere", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    await prompt(page).focus();
    const order: string[] = [];
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press("Tab");
      order.push(
        await page.evaluate(() => {
          const focused = document.activeElement;
          return focused?.shadowRoot?.activeElement?.getAttribute("aria-label") ?? focused?.id ?? "";
        }),
      );
    }
    const fields = order.filter((id) => ["fps", "seed"].includes(id));
    assert.deepEqual(fields.slice(0, 2), ["fps", "seed"]);
    await page.getByRole("radio", { name: "1024 × 576 (16:9)" }).focus();
    await page.keyboard.press("ArrowUp");
    await page.getByRole("radio", { name: "81 frames" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("textbox", { name: "Seed" }).focus();
    await page.keyboard.type("42");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("article").waitFor();
    assert.equal(product.generated.length, 1);
    assert.deepEqual(product.generated[0]?.parameters, { resolution: "1280x720 (16:9)", length: 141, seed: 42 });
  });
});

/** The time of a double click goes by. */
const later = (page: Page) => page.clock.fastForward(doublePress);

test("one wish is one video: the second half of a double click and a held key make no second one", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await page.clock.install();
    const jobs = (count: number) => eventually(page, async () => (await page.getByRole("article").count()) === count);
    await lab.fillIn(panel);
    await generate(page).click();
    await jobs(1);
    await later(page);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });

    await generate(page).focus();
    await page.keyboard.down("Enter");
    await page.keyboard.down("Enter");
    // Released, it asks for one; while it is held, a question that came up would be answered by its repetitions.
    const whileHeld = product.generated.length;
    await page.keyboard.up("Enter");
    await jobs(2);
    assert.equal(whileHeld, 1);

    await later(page);
    await prompt(page).focus();
    await page.keyboard.down("Control");
    await page.keyboard.down("Enter");
    await jobs(3);
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.keyboard.up("Control");

    await later(page);
    // A last press of its own: what the held keys might have asked for would have come before it.
    await generate(page).click();
    await jobs(4);
    assert.equal(product.generated.length, 4);
  });
});

test("what changes between a press and its release is not sent: by mouse and by key", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await page.clock.install();
    await lab.fillIn(panel);
    await generate(page).scrollIntoViewIfNeeded();
    const changed = page.getByText("changed while you pressed, so nothing was sent");
    /** Other settings, once the page has been told them. */
    const settings = async (length: 81 | 141) => {
      const told = page.evaluate(
        () => new Promise<void>((resolve) => window.addEventListener("message", () => resolve(), { once: true })),
      );
      // The page listens before the settings change.
      await page.evaluate(() => undefined);
      product.setDefaults({ length });
      await told;
    };
    const box = (await generate(page).boundingBox()) ?? assert.fail("no button");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await settings(141);
    await page.mouse.up();
    await changed.first().waitFor();
    assert.equal(product.generated.length, 0);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Dismiss" }).waitFor({ state: "detached" });
    await later(page);

    await generate(page).focus();
    await page.keyboard.down("Enter");
    await settings(81);
    await page.keyboard.up("Enter");
    await page.getByRole("button", { name: "Dismiss" }).waitFor();
    assert.equal(product.generated.length, 0);
    await later(page);
    await page.keyboard.press("Enter");
    await eventually(page, async () => product.generated.length === 1);
    assert.deepEqual(
      product.generated.map(({ parameters }) => parameters.length),
      [81],
    );
  });
});

test("while an order is under way, pressing again asks for nothing", async () => {
  await lab.with({}, async (panel) => {
    const { page, product, asked } = panel;
    await lab.fillIn(panel);
    const gate = Promise.withResolvers<void>();
    product.generateGate = gate.promise;
    await generate(page).click();
    await page.getByRole("button", { name: "Starting…" }).click({ force: true });
    await page.keyboard.press("Control+Enter");
    gate.resolve();
    await generate(page).waitFor();
    assert.equal(asked.filter((kind) => kind === "generate").length, 1);
  });
});

test("the space bar presses the button and does not scroll the page", async () => {
  await lab.with({ width: 400, height: 300 }, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    await generate(page).focus();
    const before = await page.evaluate(() => window.scrollY);
    await page.keyboard.press("Space");
    await page.getByRole("article").waitFor();
    assert.equal(product.generated.length, 1);
    assert.equal(await page.evaluate(() => window.scrollY), before);
  });
});

test("a refusal of the host stands at its field, which gets the focus even where it was folded away", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    product.refusal = { code: "parameterInvalid", word: "shift", value: "6" };
    await generate(page).click();
    const shift = page.getByRole("textbox", { name: "Shift" });
    await eventually(page, () => isFocused(shift));
    assert.match(await description(shift), /The service does not accept 6 here\./);
    await shift.fill("70");
    assert.doesNotMatch(await description(shift), /does not accept/);
    await page.getByText("Advanced").click();
    await shift.waitFor({ state: "hidden" });
    await generate(page).click();
    await eventually(page, () => isFocused(shift));
  });
});

/** Presses Generate, which is refused, in a window in which the top of the page is then out of sight. */
async function generateWithoutToken(panel: OpenPanel): Promise<void> {
  const { page, product } = panel;
  await lab.fillIn(panel);
  product.refusal = { code: "tokenMissing" };
  await page.setViewportSize({ width: 500, height: 500 });
  await generate(page).click();
}

test("a refusal that concerns no field is an alert with the way out, and goes when dismissed", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await generateWithoutToken(panel);
    const alert = page.getByRole("alert").filter({ hasText: "No RunComfy API token" });
    // The button that was pressed stands at the end of the form.
    await eventually(page, () => alert.evaluate((element) => element.getBoundingClientRect().top >= 0));
    await alert.getByRole("button", { name: "Set API Token…" }).click();
    await eventually(page, async () => product.commands.length === 1);
    await alert.getByRole("button", { name: "Dismiss" }).click();
    await alert.waitFor({ state: "detached" });
  });
});

test("what a command has to say takes the place of the problem that offered it, and the way goes on at the button", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await generateWithoutToken(panel);
    product.said = "The API token is valid. Balance: 9.00 USD.";
    await page.getByRole("alert").getByRole("button", { name: "Set API Token…" }).click();
    await page.getByRole("alert").getByText(product.said).waitFor();
    assert.equal(await page.getByRole("alert").getByText("No RunComfy API token").count(), 0);
    await eventually(page, () => isFocused(generate(page)));
    const top = () => page.getByRole("alert").evaluate((alert) => alert.getBoundingClientRect().top);
    assert.ok((await top()) >= 0, "it is in sight");
    product.refusal = undefined;
    const tried = product.generated.length;
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(product.said).waitFor({ state: "detached" });
    assert.equal(product.generated.length, tried + 1);
  });
});

test("pictures are shown with their size and what the crop costs; swap, replace and clear do so", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    const start = page.getByRole("region", { name: "Start Image" });
    const end = page.getByRole("region", { name: "End Image" });
    await start.getByText("1600 × 1200").waitFor();
    await page.getByRole("radio", { name: "1280 × 720 (16:9)" }).check();
    await start.getByText("Keeps 75%, cuts top and bottom").waitFor();
    await end.getByText("Fits without cropping").waitFor();
    await page.getByRole("button", { name: "Use 720 × 480 (3:2) to crop less" }).click();
    await start.getByText("Keeps 89%, cuts top and bottom").waitFor();
    await end.getByText("Keeps 84%, cuts left and right").waitFor();
    await page.getByRole("button", { name: "Swap Start and End Image" }).click();
    await start.getByText("harbour-night.png").waitFor();
    product.picked = lab.media.portrait;
    await page.getByRole("button", { name: "Replace Start Image…" }).click();
    await start.getByText("tower.png").waitFor();
    await page.getByRole("button", { name: "Clear End Image" }).click();
    await eventually(page, () => isFocused(page.getByRole("button", { name: "Choose End Image…" })));
  });
});

test("an image that cannot be read says so at its side, and Generate goes there", async () => {
  await lab.with({}, async (panel) => {
    const { page, session, product } = panel;
    await lab.fillIn(panel);
    session.patchDraft({ end: "/gone/moon.png" });
    const end = page.getByRole("region", { name: "End Image" });
    await end.getByText("The image moon.png is no longer there.").waitFor();
    await generate(page).click();
    assert.equal(product.generated.length, 0);
  });
});

test("what is dropped on a picture and is none leaves the picture where it was, and says why", async () => {
  await lab.with({}, async (panel) => {
    const { page, product, session } = panel;
    await lab.fillIn(panel);
    session.patchDraft({ prompt: "kept" });
    const region = page.getByRole("region", { name: "Start Image" });
    await region.getByText("harbour-dawn.png").waitFor();
    product.imageProblems.set("/p/README.md", { code: "notAnImage", path: "/p/README.md" });
    await dropOn(region, ["/p/README.md"]);
    await region.getByText("Something is wrong: notAnImage.").waitFor();
    await region.getByText("harbour-dawn.png").waitFor();
    assert.equal(await region.getByRole("button", { name: "Try Again" }).count(), 0);
  });
});

test("a file dropped on a side goes to that side; of two, the names tell which is the start", async () => {
  await lab.with({}, async ({ page }) => {
    const drop = (paths: readonly string[]) => dropOn(page.getByRole("region", { name: "Start Image" }), paths);
    await drop([lab.media.portrait]);
    await page.getByRole("region", { name: "Start Image" }).getByText("tower.png").waitFor();
    await drop([lab.media.end, lab.media.start]);
    await page.getByRole("region", { name: "Start Image" }).getByText("harbour-dawn.png").waitFor();
    await page.getByRole("region", { name: "End Image" }).getByText("harbour-night.png").waitFor();
  });
});

test("a job is followed in words and told to screen readers, and its video plays when it arrives", async () => {
  await lab.with({}, async ({ page, product }) => {
    const job = product.job({ state: "queued", requestId: "r", position: 2 }, { submittedAt: Date.now() - 61_000 });
    product.setJobs([job]);
    const card = page.getByRole("article", { name: "harbour-dawn-1" });
    await card.getByText("Queued at position 2").waitFor();
    await card
      .getByRole("timer")
      .getByText(/1:0[1-9]/)
      .waitFor();
    await card.getByRole("button", { name: "Cancel (Still Queued)" }).click();
    await eventually(page, async () => product.acts[0] === "cancel job1");

    product.setJobs([{ ...job, progress: { state: "running", requestId: "r" } }]);
    await eventually(
      page,
      async () =>
        (await status(page).textContent()) ===
        "harbour-dawn-1: Running. It cannot be stopped; the video will be saved.",
    );

    const saved = { state: "saved", requestId: "r", video: "/project/videos/harbour.mp4", recipe: "" } as const;
    await withMotion(page, async () => {
      product.setJobs([{ ...job, progress: saved }]);
      await card.getByText("Saved as videos/harbour.mp4").waitFor();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.locator(".frame-number", { hasText: /Frame ([2-9]|\d\d) of 81/ }).waitFor();
    });
    await page.getByRole("button", { name: "Pause" }).click();
    assert.equal(await card.getByText("Cost").count(), 0);
    product.setJobs([{ ...job, progress: { ...saved, cost: 0.25 } }]);
    await card.getByText("Cost: 0.25 USD").waitFor();
    await card.getByText("720 × 480 · 81 frames at 16 fps = 5.06 sec").waitFor();
    assert.equal(await card.getByRole("timer").count(), 0);
    await card.getByRole("button", { name: "Use Seed 271828182 for the Next Video" }).click();
    assert.equal(await page.getByRole("textbox", { name: "Seed" }).inputValue(), "271828182");
  });
});

test("the elapsed time goes on each second", async () => {
  await lab.with({}, async ({ page, product }) => {
    product.setJobs([product.job({ state: "running", requestId: "r" }, { runningAt: Date.now() })]);
    const timer = page.getByRole("timer");
    await timer.getByText("0:01").waitFor();
    await timer.getByText("0:02").waitFor();
  });
});

test("a video of before the panel was opened waits, and so does a new one where motion is unwelcome", async () => {
  const saved = { state: "saved", requestId: "r", video: "/project/v.mp4", recipe: "" } as const;
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job(saved)];
  await lab.with({ product }, async ({ page }) => {
    const standsAtFirst = async (player: Locator) => {
      await player.getByText("Frame 1 of 81").first().waitFor();
      await player.getByRole("button", { name: "Play", exact: true }).waitFor();
    };
    await standsAtFirst(page.locator("flf-player"));
    product.setJobs([product.job(saved, { id: "job2" }), ...product.jobs]);
    await page.getByRole("article").nth(1).waitFor();
    await standsAtFirst(page.locator("flf-player").first());
  });
});

test("a button that goes with its press leaves the focus on none that does another thing", async () => {
  const product = new PlayedProduct(lab.media);
  const problem = { code: "submitUnclear", reason: "x" } as const;
  const unclear = product.job({ state: "unclear", problem });
  product.jobs = [unclear];
  const actions = (job: Job): JobText["actions"] => [
    { id: "adopt", label: "I Have the Request ID…" },
    job.progress.state === "unclear" ? { id: "drop", label: "Discard" } : { id: "remove", label: "Remove from List" },
  ];
  product.describe = (job) => ({ state: "Unclear", actions: actions(job) });
  await lab.with({ product }, async ({ page }) => {
    const card = page.getByRole("article");
    await card.getByRole("button", { name: "Discard" }).focus();
    product.setJobs([{ ...unclear, progress: { state: "failed", problem } }]);
    const remove = card.getByRole("button", { name: "Remove from List" });
    await remove.waitFor();
    await eventually(page, () => isFocused(card));
    await page.keyboard.press("Enter");
    assert.deepEqual(product.acts, []);
    // First what leads to the video, then what is paid for anew.
    const names = await card.locator(".actions vscode-button").allTextContents();
    assert.deepEqual(
      names.map((name) => name.trim()),
      ["I Have the Request ID…", "Remove from List", "Edit and Re-render…"],
    );
  });
});

test("an action that fails says so in its card", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ state: "failed", problem: { code: "generationFailed", message: "rejected" } })];
  await lab.with({ product }, async ({ page }) => {
    const card = page.getByRole("article");
    await card.getByText("The service could not make this video: rejected").waitFor();
    await card.getByRole("button", { name: "Show Log" }).click();
    await card.getByRole("alert").getByText("Something is wrong: notPossibleNow.").waitFor();
  });
});

test("the draft survives a reload of the page", async () => {
  await lab.with({}, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.getByRole("textbox", { name: "Seed" }).fill("7");
    await page.reload();
    await page.getByRole("region", { name: "End Image" }).getByText("harbour-night.png").waitFor();
    assert.equal(await prompt(page).inputValue(), "The sun sinks and the windows light up.");
    assert.equal(await page.getByRole("textbox", { name: "Seed" }).inputValue(), "7");
  });
});
