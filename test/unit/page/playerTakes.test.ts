/** What players hold while they open and close, alone and as two takes side by side. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, type OpenPanel, PanelLab } from "../../support/page/harness.ts";
import { numberedVideo } from "../../support/page/numbered.ts";
import { savedVideos } from "../../support/page/product.ts";
import { saved, withTakes } from "../../support/page/stage.ts";

let lab: PanelLab;
let folder: string;
let whole: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "flf-takes-"));
  [lab, whole] = await Promise.all([PanelLab.start(), numberedVideo(folder, 25, 16)]);
});
after(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

/** Counts what players hold: an address of bytes each. Without a decoder all hold one. */
function counting(): void {
  Reflect.deleteProperty(globalThis, "VideoDecoder");
  const held = new Set<string>();
  const [make, free] = [URL.createObjectURL, URL.revokeObjectURL];
  URL.createObjectURL = (object) => {
    const url = make.call(URL, object);
    if (object instanceof Blob && object.type === "video/mp4") held.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    held.delete(url);
    free.call(URL, url);
  };
  Object.assign(window, { held });
}
const held = (page: Page) => page.evaluate(() => Reflect.get(window, "held").size);

test("a player that is moved on the page while it opens holds its video once", async () => {
  await lab.with(
    { shown: "job1", product: savedVideos(lab.media, whole), first: counting, height: 3000 },
    async ({ page }) => {
      await page.locator("flf-player").evaluate(async (player) => {
        for (let round = 0; round < 20; round++) {
          const { parentNode, nextSibling } = player;
          parentNode?.insertBefore(player, nextSibling);
          for (let frame = 0; frame < round % 4; frame++) {
            await new Promise(requestAnimationFrame);
          }
        }
      });
      await page.getByRole("slider", { name: "Frame" }).waitFor();
      await eventually(page, async () => (await held(page)) === 1);
    },
  );
});

describe("two takes", () => {
  const start = async ({ page }: OpenPanel) => {
    await eventually(page, async () => (await held(page)) === 1);
    await page.getByRole("button", { name: "Compare Takes" }).first().click();
  };

  test("that are closed while they open leave nothing behind", async () => {
    await lab.with(
      { shown: "job1", product: savedVideos(lab.media, whole, whole), first: counting, height: 3000 },
      async (panel) => {
        const { page } = panel;
        for (let round = 0; round < 3; round++) {
          await start(panel);
          await page.getByRole("button", { name: "Close Comparison" }).click();
          await page.locator("flf-takes").waitFor({ state: "detached" });
        }
        await eventually(page, async () => (await held(page)) === 1);
      },
    );
  });

  test("of which one cannot be opened let go of the other one as well", async () => {
    await lab.with(
      { shown: "job1", product: savedVideos(lab.media, whole, lab.media.start), first: counting, height: 3000 },
      async (panel) => {
        const { page } = panel;
        await start(panel);
        await page.locator("flf-takes").getByText("This video can’t be shown here").waitFor();
        assert.equal(await held(page), 0);
      },
    );
  });

  test("are chosen among the 40 newest; what is chosen stays so while others come and go", async () => {
    const product = withTakes(lab.media, 50);
    await lab.with({ shown: "job1", product, height: 3000 }, async ({ page }) => {
      const list = page.getByRole("combobox", { name: "Compare with another take" });
      await list.waitFor();
      assert.deepEqual([await list.locator("option").count(), await list.inputValue()], [40, "job50"]);
      await list.selectOption("job11");
      const { jobs } = product;
      const newest = product.job(saved, { id: "job51", createdAt: 51 });
      const among = (id: string) => list.locator(`option[value="${id}"]`);
      product.setJobs([...jobs, newest]);
      await among("job51").waitFor({ state: "attached" });
      assert.deepEqual([await list.locator("option").count(), await list.inputValue()], [41, "job11"]);
      product.setJobs(jobs.filter(({ id }) => id !== "job30"));
      await among("job30").waitFor({ state: "detached" });
      assert.equal(await list.inputValue(), "job11");
      product.setJobs(jobs.filter(({ id }) => id !== "job11"));
      await among("job11").waitFor({ state: "detached" });
      assert.equal(await list.inputValue(), "job50");
    });
  });

  test("are chosen from the list by arrow keys, which neither compare nor take the focus away", async () => {
    await lab.with(
      { shown: "job1", product: savedVideos(lab.media, whole, whole, whole), height: 3000 },
      async ({ page }) => {
        const list = page.getByRole("combobox", { name: "Compare with another take" }).first();
        await list.focus();
        const chosen = () => list.evaluate((element) => element instanceof HTMLSelectElement && element.selectedIndex);
        assert.equal(await chosen(), 0);
        await page.keyboard.press("Enter");
        await eventually(page, () => list.evaluate((element) => element.matches(":open")));
        await page.keyboard.press("Escape");
        await eventually(page, async () => !(await list.evaluate((element) => element.matches(":open"))));
        assert.equal(await chosen(), 0);
        assert.ok(await list.isVisible(), "Escape closes the list alone");
        await page.keyboard.press("ArrowDown");
        await eventually(page, async () => (await chosen()) === 1);
        assert.equal(await page.locator("flf-takes").count(), 0);
        assert.ok(await list.evaluate((element) => element === document.activeElement));
        await page.getByRole("button", { name: "Compare Takes" }).first().click();
        await page.getByRole("group", { name: /side by side$/ }).waitFor();
      },
    );
  });
});
