import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { choice, fold, unfold } from "../../support/page/user.ts";

// Fields that are marked because their value can't be sent.

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

test("a value that can't be sent counts as nothing that is set", async () => {
  await lab.with({}, async ({ page }) => {
    await unfold(page, "seed");
    const seed = page.getByRole("textbox", { name: "Seed" });
    const locked = page.getByText("Used for every video until you clear it.");
    await seed.fill("12");
    await locked.waitFor();
    await seed.fill("-12");
    await page.getByText("or leave the field empty for a random one.").waitFor();
    assert.equal(await locked.count(), 0);
    await unfold(page, "advanced");
    await page.getByRole("textbox", { name: "Guidance Scale" }).fill("1.5");
    await page.getByRole("textbox", { name: "Steps" }).fill("4");
    await choice(page, "advanced").getByText("Advanced · 1 set", { exact: true }).waitFor();
  });
});

test("of the marked fields the first one gets the focus, be it an image that can't be read", async () => {
  const product = new PlayedProduct(lab.media);
  product.imageProblems.set(lab.media.start, { code: "notAnImage", path: lab.media.start });
  await lab.with({ product }, async ({ page, session }) => {
    session.patchDraft({ start: lab.media.start, end: lab.media.end, prompt: "The sun sinks." });
    await page.locator("svg image").first().waitFor();
    await unfold(page, "rate");
    await page.getByRole("textbox", { name: "Frames per Second" }).fill("48");
    await fold(page);
    await page.getByRole("button", { name: "Generate Video" }).click();
    const isFocused = () => page.locator("#start").evaluate((element) => element === document.activeElement);
    await eventually(page, isFocused);
    assert.equal(product.generated.length, 0);
  });
});
