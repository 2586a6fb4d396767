import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { choice, isFocused, unfold } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const seed = (page: Page) => page.getByRole("textbox", { name: "Seed" });

test("a seed is random, drawn and kept, taken from the last video, and random again", async () => {
  const product = new PlayedProduct(lab.media);
  product.jobs = [product.job({ state: "cancelled" })];
  await lab.with({ product }, async ({ page }) => {
    await choice(page, "seed").getByText("New seed each time", { exact: true }).waitFor();
    await unfold(page, "seed");
    await page.getByText("New random seed for each video").waitFor();
    await page.getByRole("button", { name: "Lock a Random Seed" }).click();
    const drawn = await seed(page).inputValue();
    assert.match(drawn, /^\d+$/);
    await page.getByText("Used for every video until you clear it.").waitFor();
    await choice(page, "seed").getByText(`Seed ${drawn}`, { exact: true }).waitFor();
    await page.getByRole("button", { name: "Use Seed of the Last Video (271828182)" }).click();
    assert.equal(await seed(page).inputValue(), "271828182");
    assert.equal(await page.getByRole("button", { name: "Use Seed of the Last Video (271828182)" }).count(), 0);
    await page.getByRole("button", { name: "Use a New Random Seed for Each Video" }).click();
    assert.equal(await seed(page).inputValue(), "");
    assert.ok(await isFocused(seed(page)));
    await page.getByText("New random seed for each video").waitFor();
  });
});

test("without a video there is no last seed", async () => {
  await lab.with({}, async ({ page }) => {
    assert.equal(await page.getByRole("button", { name: /Last Video's Seed/ }).count(), 0);
  });
});

test("every field that is set can be reset, and the focus stays with it", async () => {
  await lab.with({}, async ({ page }) => {
    for (const [name, text, place] of [
      ["Frames per Second", "20", "rate"],
      ["Steps", "8", "advanced"],
      ["Guidance Scale", "1.5", "advanced"],
      ["Shift", "6", "advanced"],
    ] as const) {
      await unfold(page, place);
      const field = page.getByRole("textbox", { name });
      await field.fill(text);
      await page.getByRole("button", { name: `Reset ${name}` }).click();
      assert.equal(await field.inputValue(), "");
      assert.ok(await isFocused(field), name);
    }
    await unfold(page, "frames");
    await page.getByRole("radio", { name: "141 frames" }).check();
    await page.getByRole("button", { name: "Reset Number of Frames" }).click();
    assert.ok(await page.getByRole("radio", { name: "81 frames" }).isChecked());
    assert.equal(await page.getByRole("button", { name: /^Reset/ }).count(), 0);
  });
});

test("what reaches only the first of the two passes says so", async () => {
  await lab.with({}, async ({ page }) => {
    await page.getByText("Advanced").click();
    for (const name of ["Steps", "Guidance Scale", "Shift"]) {
      await page.getByRole("button", { name: `About ${name}` }).click();
      await page
        .locator(".help:visible")
        .getByText(/only the first of two passes/)
        .last()
        .waitFor();
      await page.getByRole("button", { name: `About ${name}` }).click();
    }
    await unfold(page, "frames");
    await page.getByRole("radio", { name: "141 frames (experimental)" }).waitFor();
  });
});

test("how the images get to RunComfy follows the settings until a video has a way of its own", async () => {
  const product = new PlayedProduct(lab.media);
  product.hosting = "put";
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await page.getByText("Advanced").click();
    const way = page.getByRole("combobox", { name: "Image Hosting" });
    const chosen = () => way.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.textContent?.trim());
    assert.equal(await chosen(), "From settings (Upload by HTTP PUT)");
    product.hosting = "auto";
    product.setDefaults({});
    await page.getByRole("option", { name: "From settings (Embedded in the request)" }).waitFor({ state: "attached" });
    await way.selectOption({ label: "Upload to S3 storage" });
    await page.getByText("1 set").waitFor();
    await choice(page, "advanced").getByText("Advanced · 1 set").waitFor();
    await page.getByRole("button", { name: "Generate Video" }).click();
    await eventually(page, async () => product.generated.length === 1);
    assert.equal(product.generated[0]?.hosting, "s3");
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await unfold(page, "advanced");
    await way.selectOption({ index: 0 });
    assert.equal(await page.getByText("1 set").count(), 0);
  });
});
