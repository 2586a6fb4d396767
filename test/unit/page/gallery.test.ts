import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { cards, chosen, focused, gallery, goTo, saved, takes, videosOf } from "../../support/page/gallery.ts";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { eachLook, excessWidth, violations } from "../../support/page/looks.ts";
import { themes } from "../../support/page/themes.ts";
import { settled } from "../../support/page/user.ts";

const pictures = "test-results/gallery";
let lab: PanelLab;
let videos: ReturnType<typeof videosOf>;

before(async () => {
  await mkdir(pictures, { recursive: true });
  lab = await PanelLab.start();
  videos = videosOf(lab.media);
});
after(() => lab.stop());

test("videos that wait for their user come first, then those under way, then all others, newest first", async () => {
  await lab.with({ product: videos.variety() }, async ({ page }) => {
    await goTo(page);
    const group = (name: string) => gallery(page).getByRole("group", { name }).getByRole("option");
    const ids = (name: string) =>
      group(name).evaluateAll((all) => all.map((each) => each instanceof HTMLElement && each.dataset.job));
    assert.deepEqual(await ids("Needs Attention"), ["unclear"]);
    assert.deepEqual(await ids("In Progress"), ["running"]);
    assert.deepEqual(await ids("Done"), ["failed", "take-3", "take-2", "boats", "bare"]);
  });
});

test("a card leads with the prompt, then says take, cost and age, and a screen reader hears the same", async () => {
  await lab.with({ product: videos.variety() }, async ({ page }) => {
    await goTo(page);
    const take = gallery(page).locator("[data-job=take-3]");
    assert.equal(await take.locator(".title").innerText(), "Dawn turns into night");
    assert.equal(await take.locator(".facts").innerText(), "Take 3 · 0.25 USD · 1 hr. ago");
    const spoken = "Dawn turns into night Take 3 · 0.25 USD · 1 hr. ago Done harbour-dawn-003";
    await gallery(page).getByRole("option", { name: spoken, exact: true }).waitFor();
    assert.equal(await gallery(page).locator("[data-job=failed] .facts").innerText(), "Failed · 2 min. ago");
    // Without a prompt, the name leads.
    assert.equal(await gallery(page).locator("[data-job=bare] .title").innerText(), "bare-001");
    const long = gallery(page).locator("[data-job=boats] .name");
    assert.match(await long.innerText(), /^an-overly.*017$/s);
    assert.match((await gallery(page).locator("[data-job=boats]").getAttribute("title")) ?? "", /gulls cry.*0\.5 USD/s);
  });
});

test("two videos of one name in different folders can be told apart, wherever they are listed", async () => {
  const product = videos.variety();
  const elsewhere = { ...saved("harbour-dawn-003", 0.25), video: "/project/old/harbour-dawn-003.mp4" } as const;
  product.jobs = [...product.jobs, videos.made(product, "old-3", 70, elsewhere, "Dawn turns into night.")];
  await lab.with({ product }, async ({ page }) => {
    await goTo(page);
    const inGallery = (id: string) => gallery(page).locator(`[data-job=${id}]`);
    assert.equal(await inGallery("take-3").locator(".folder").innerText(), "videos");
    assert.equal(await inGallery("old-3").locator(".folder").innerText(), "old");
    assert.equal(await inGallery("take-2").locator(".folder").count(), 0);
    const spoken = "Dawn turns into night Take 3 · 0.25 USD · 1 hr. ago Done harbour-dawn-003 old";
    await gallery(page).getByRole("option", { name: spoken, exact: true }).waitFor();
    await inGallery("take-2").click();
    const facts = (id: string) => page.locator(`flf-strip [data-job=${id}] .facts`).innerText();
    assert.deepEqual([await facts("take-3"), await facts("old-3")], ["videos · 1 hr. ago", "old · 1 hr. ago"]);
    const choice = page.getByRole("combobox", { name: "Compare with another take" });
    assert.deepEqual(await choice.locator("option").allInnerTexts(), [
      "harbour-dawn-003 · videos",
      "harbour-dawn-003 · old",
    ]);
    // Where the other one is gone, the name is enough.
    product.setJobs(product.jobs.filter(({ id }) => id !== "take-3"));
    await inGallery("old-3").locator(".folder").waitFor({ state: "detached" });
  });
});

test("a card shows both images as one picture, asked for only once it is in view", async () => {
  await lab.with({ product: videos.thousands(), width: 700, height: 360 }, async ({ page, asked }) => {
    const requests = () => asked.filter((kind) => kind === "thumbnails").length;
    assert.equal(requests(), 0);
    await goTo(page);
    await gallery(page).locator(".video-card").first().locator("img.end").waitFor();
    await settled(page);
    const first = requests();
    assert.ok(first > 0 && first < 60, `${first} were asked for`);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await eventually(page, async () => requests() > first);
    const last = gallery(page).locator("[data-job=job2999]");
    await last.locator("img.start").waitFor();
  });
});

test("a search finds prompts and names, says how many, and leads back when there is no hit", async () => {
  await lab.with({ product: videos.variety() }, async ({ page }) => {
    await goTo(page);
    const search = page.getByRole("searchbox", { name: "Search prompts and names" });
    await search.fill("NIGHT dawn");
    await eventually(page, async () => (await cards(page).count()) === 3);
    await gallery(page).getByText("3 of 7").waitFor();
    await page.getByRole("status").getByText("3 videos found").waitFor();
    await search.fill("nobody-would-type");
    await eventually(page, async () => (await cards(page).count()) === 1);
    await search.fill("elephants");
    await gallery(page).getByText("No videos match “elephants”.").waitFor();
    await gallery(page).locator(".nothing").getByRole("button", { name: "Clear Search" }).click();
    await eventually(page, async () => (await cards(page).count()) === 7);
    assert.equal(await search.evaluate((field) => field === document.activeElement), true);
    await search.fill("gulls");
    await search.press("Escape");
    assert.equal(await search.inputValue(), "");
    await search.fill("gulls");
    await gallery(page).getByRole("button", { name: "Clear Search" }).click();
    assert.equal(await search.inputValue(), "");
  });
});

test("finished and waiting videos are cleared and cancelled by commands, which are offered only where they do something", async () => {
  const product = videos.variety();
  await lab.with({ product, width: 700 }, async ({ page }) => {
    await goTo(page);
    const more = gallery(page).getByRole("button", { name: "More" });
    await more.click();
    assert.deepEqual(await page.getByRole("menuitem").allInnerTexts(), ["Clear Finished Videos…"]);
    await page.getByRole("menuitem").click();
    await eventually(page, async () => product.commands.includes("wanFlf2v.clearFinished"));
    product.setJobs([videos.made(product, "waiting", 1, { state: "waiting", reason: "turn" }, "Dawn.")]);
    await more.click();
    await page.getByRole("menuitem", { name: "Cancel All Waiting Videos…" }).click();
    await eventually(page, async () => product.commands.includes("wanFlf2v.cancelWaiting"));
    product.setJobs([videos.made(product, "running", 1, { state: "running", requestId: "r" }, "Dawn.")]);
    await more.waitFor({ state: "detached" });
  });
});

test("without any video, the gallery says what to do", async () => {
  await lab.with({}, async ({ page }) => {
    await gallery(page).getByText("The videos you generate appear here.").waitFor();
    await gallery(page).getByText("Choose a start and an end image").waitFor();
    assert.equal(await page.getByRole("searchbox").count(), 0);
    assert.equal(await takes(page).count(), 0);
  });
});

test("the cards are one Tab stop; arrow keys move in rows, Home and End to the ends, Enter puts one on the stage", async () => {
  await lab.with({ product: videos.thousands(), width: 800 }, async ({ page }) => {
    const more = gallery(page).getByRole("button", { name: "More" });
    await more.focus();
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "job0");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), "job1");
    await page.keyboard.press("ArrowDown");
    const columns = await gallery(page)
      .locator(".list")
      .evaluate((list) => getComputedStyle(list).getPropertyValue("--columns"));
    assert.ok(Number(columns) > 2);
    assert.equal(await focused(page), `job${1 + Number(columns)}`);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await focused(page), "job0");
    await page.keyboard.press("End");
    await eventually(page, async () => (await focused(page)) === "job2999");
    assert.ok(await gallery(page).locator("[data-job=job2999]").isVisible());
    await page.keyboard.press("Enter");
    await eventually(page, async () => (await chosen(page).getAttribute("data-job")) === "job2999");
    await page.keyboard.press("Home");
    await eventually(page, async () => (await focused(page)) === "job0");
    // Out of view, the card that has the focus stays in the page.
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await settled(page);
    assert.equal(await focused(page), "job0");
    // Tab leaves the cards: they are one stop.
    await page.keyboard.press("Shift+Tab");
    assert.equal(await more.evaluate((button) => button === document.activeElement), true);
  });
});

test("ages go on by themselves", async () => {
  await lab.with({ product: videos.variety() }, async ({ page, session }) => {
    await goTo(page);
    const facts = gallery(page).locator("[data-job=failed] .facts");
    assert.equal(await facts.innerText(), "Failed · 2 min. ago");
    await page.evaluate(() => {
      const now = Date.now();
      Date.now = () => now + 60 * 60_000;
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await eventually(page, async () => (await facts.innerText()) === "Failed · 1 hr. ago");
    // Behind another editor they rest.
    const learned = page.evaluate(
      () => new Promise<void>((done) => document.addEventListener("visibilitychange", () => done(), { once: true })),
    );
    session.pageSeen(false);
    await learned;
    await page.evaluate(() => {
      const now = Date.now();
      Date.now = () => now + 60 * 60_000;
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await settled(page);
    assert.equal(await facts.innerText(), "Failed · 1 hr. ago");
    session.pageSeen(true);
    await eventually(page, async () => (await facts.innerText()) === "Failed · 2 hr. ago");
  });
});

test("three thousand videos: shown, scrolled and searched without a wait", async (t) => {
  await lab.with({ product: videos.thousands(), width: 1300 }, async ({ page, product }) => {
    const timed = (work: string) =>
      page.evaluate<number>(`(async () => {
        const began = performance.now();
        ${work}
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return performance.now() - began;
      })()`);
    await cards(page).first().waitFor();
    const times: Record<string, number> = { paint: await page.evaluate(() => performance.now()) };
    await goTo(page);
    times.scroll = 0;
    for (const share of [0.3, 0.6, 0.9]) {
      const work = `window.scrollTo(0, ${share} * document.documentElement.scrollHeight);`;
      times.scroll = Math.max(times.scroll, await timed(work));
      assert.ok((await cards(page).count()) > 5, "cards are in view");
    }
    await goTo(page);
    const type = (text: string) => `
      const field = document.querySelector("flf-gallery input");
      field.value = "${text}";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    `;
    times.search = await timed(type("scene 29"));
    const hits = product.jobs.filter(({ order }) => order.prompt.includes("29")).length;
    await gallery(page).getByText(`${hits} of 3000`).waitFor();
    times.back = await timed(type(""));
    assert.ok((await cards(page).count()) < 120, `${await cards(page).count()} cards are in the page`);
    const [first, ...others] = product.jobs;
    assert.ok(first !== undefined);
    const began = performance.now();
    product.setJobs([{ ...first, progress: { state: "cancelled" } }, ...others]);
    await gallery(page).locator("[data-job=job0][data-state=cancelled]").waitFor();
    times.change = performance.now() - began;
    t.diagnostic(
      Object.entries(times)
        .map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`)
        .join(", "),
    );
    // Generous, because other work may share the processor.
    assert.ok(times.paint !== undefined && times.paint < 8000);
    assert.ok(Math.max(times.scroll, times.search, times.back, times.change) < 2000);
  });
});

test("looks", async (t) => {
  await lab.with({ product: videos.variety() }, async (panel) => {
    const { page } = panel;
    await goTo(page);
    await gallery(page).locator("[data-job=take-2]").click();
    await gallery(page).locator("[data-job=take-3]").focus();
    const looks = [themes.dark, themes.light, themes.highContrast, themes.highContrastLight].flatMap((theme) =>
      [320, 786, 1300].map((width) => ({ theme, width })),
    );
    await eachLook(t, panel, looks, async ({ theme, width }) => {
      await goTo(page);
      await page.setViewportSize({ width, height: 1600 });
      await gallery(page).locator("[data-job=bare] img").first().waitFor();
      assert.deepEqual(await violations(panel, "main > .videos"), []);
      assert.equal(await excessWidth(panel), 0);
      await page.locator("main > .videos").screenshot({ path: `${pictures}/${theme.name}-${width}.png` });
    });
  });
});
