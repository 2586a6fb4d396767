/** What the two sides of the pair show of their images, and what they take. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { drop, generate, isFocused, takeSize } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

test("pictures are shown with their size and what the crop costs; swap, replace and clear do so", async () => {
  await lab.with({}, async (panel) => {
    const { page, product } = panel;
    await lab.fillIn(panel);
    const start = page.getByRole("region", { name: "Start Image" });
    const end = page.getByRole("region", { name: "End Image" });
    await start.getByText("1600 × 1200").waitFor();
    await takeSize(page, "1280 × 720 (16:9)");
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
    await drop(page, "Start", { uris: [pathToFileURL("/p/README.md").href] });
    await region.getByText("Something is wrong: notAnImage.").waitFor();
    await region.getByText("harbour-dawn.png").waitFor();
    assert.equal(await region.getByRole("button", { name: "Try Again" }).count(), 0);
  });
});

test("a file dropped on a side goes to that side; of two, the names tell which is the start", async () => {
  await lab.with({}, async ({ page }) => {
    const dropFiles = (...paths: string[]) =>
      drop(page, "Start", { uris: paths.map((path) => pathToFileURL(path).href) });
    await dropFiles(lab.media.portrait);
    await page.getByRole("region", { name: "Start Image" }).getByText("tower.png").waitFor();
    await dropFiles(lab.media.end, lab.media.start);
    await page.getByRole("region", { name: "Start Image" }).getByText("harbour-dawn.png").waitFor();
    await page.getByRole("region", { name: "End Image" }).getByText("harbour-night.png").waitFor();
  });
});
