/** Generate without an API token: the button says what it does, and one press is one video. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, PanelLab } from "../../support/page/harness.ts";
import { PlayedProduct } from "../../support/page/product.ts";
import { saved } from "../../support/page/stage.ts";
import { generateRequest, openTalk } from "../../support/page/talk.ts";
import { edit, gate, putOnStage, settled, words } from "../../support/page/user.ts";

let lab: PanelLab;

before(async () => {
  lab = await PanelLab.start();
});
after(() => lab.stop());

const button = (page: Page) => page.getByRole("button", { name: "Set API Token and Generate…" });

/** A product without a token, which the command sets if the user enters one. */
function tokenless(said: string | undefined): PlayedProduct {
  const product = new PlayedProduct(lab.media);
  product.price = { kind: "noToken" };
  product.refusal = { code: "tokenMissing" };
  product.said = said;
  product.onCommand = (command) => {
    if (command === "wanFlf2v.setToken" && product.said !== undefined) {
      product.refusal = undefined;
      product.price = { kind: "known", usd: 0.05, unit: "second" };
    }
  };
  return product;
}

test("without a token one press asks for it and then makes what was shown when it was pressed", async () => {
  const product = tokenless("Token saved. Balance: 9.00 USD");
  const held = gate();
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    product.generateGate = held.promise;
    await button(page).dblclick();
    await eventually(page, async () => product.generated.length === 1);
    // What is typed meanwhile belongs to the next video.
    await edit(page);
    await page.getByRole("textbox", { name: "Prompt" }).fill("Something else.");
    held.resolve();
    await page.locator("flf-gallery [data-job]").waitFor();
    assert.deepEqual(product.commands, ["wanFlf2v.setToken"]);
    // Refused once for want of a token, which sends nothing, and made once.
    assert.deepEqual(
      product.generated.map(({ prompt }) => prompt),
      [words, words],
    );
    assert.equal(await page.locator("flf-gallery [data-job]").count(), 1);
    await page.getByText("Token saved. Balance: 9.00 USD").waitFor();
    await page.getByRole("button", { name: "Generate Video" }).waitFor();
    await page.getByText("about 0.25 USD").waitFor();
  });
});

for (const way of ["click", "key"] as const) {
  test(`beside a video, Generate is the form's own by ${way}: it asks for a token once, and says the price`, async () => {
    const product = tokenless("Token saved.");
    product.jobs = [product.job(saved, { id: "old" })];
    await lab.with({ product }, async (panel) => {
      const { page } = panel;
      await lab.fillIn(panel);
      await putOnStage(page, "old");
      const fold = page.locator(".fold");
      const pressed = fold.getByRole("button", { name: "Set API Token and Generate…" });
      await fold.getByText("Set an API token to see the price").waitFor();
      assert.match(
        (await pressed.getAttribute("title")) ?? "",
        /^Set API Token and Generate… \(.+\)\nSet an API token/,
      );
      await (way === "click" ? pressed.dblclick() : page.keyboard.press("Control+Enter"));
      await eventually(page, async () => product.jobs.length === 2);
      await settled(page);
      assert.deepEqual(product.commands, ["wanFlf2v.setToken"]);
      assert.equal(product.generated.length, 2, "refused once for want of a token, and made once");
      await putOnStage(page, "old");
      await fold.getByText("about 0.25 USD").waitFor();
      await fold.getByRole("button", { name: "Generate Video" }).waitFor();
    });
  });
}

test("while the token is asked for, nothing says that the video starts", async () => {
  const product = tokenless("Token saved.");
  const [box, made] = [gate(), gate()];
  product.commandGate = box.promise;
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await button(page).click();
    const stage = page.locator('article[data-state="starting"]');
    await stage.locator(".sentence").getByText("Waiting for an API token").waitFor();
    await stage.getByRole("heading", { name: "Waiting for an API token" }).waitFor();
    assert.equal(await page.getByText("Starting…").count(), 0);
    // From then on it does.
    product.generateGate = made.promise;
    box.resolve();
    await eventually(page, async () => product.generated.length === 2);
    product.setDefaults({});
    await stage.locator(".sentence").getByText("Starting…").waitFor();
    assert.equal(await page.getByText("Waiting for an API token").count(), 0);
    made.resolve();
    await page.locator('article[data-state="preparing"]').waitFor();
  });
});

test("who enters no token gets no video and no alarm", async () => {
  const product = tokenless(undefined);
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await button(page).click();
    await eventually(page, async () => product.commands.length === 1);
    await settled(page);
    assert.equal(product.generated.length, 1, "asked once, and refused");
    assert.equal(await page.locator(".notice").count(), 0);
    assert.equal(await page.getByRole("article").count(), 0);
    await button(page).waitFor();
  });
});

test("who declines the price after the token was set pays nothing", async () => {
  const product = tokenless("Token saved.");
  product.declined = true;
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    await button(page).click();
    await page.getByText("Token saved.").waitFor();
    assert.equal(await page.getByRole("article").count(), 0);
    await page.getByRole("button", { name: "Generate Video" }).waitFor();
  });
});

test("the price line leads to a token, and then says the price", async () => {
  const product = tokenless("Token saved.");
  await lab.with({ product }, async ({ page }) => {
    await page.getByRole("button", { name: "Set an API token to see the price" }).click();
    await page.getByText("Token saved.").waitFor();
    await page.getByText("about 0.25 USD").waitFor();
    assert.deepEqual(product.commands, ["wanFlf2v.setToken"]);
    assert.equal(product.generated.length, 0);
  });
});

test("what there is to say of a token reaches its user even if the page is hidden by then", async () => {
  const { product, session, ask, ready } = openTalk();
  await ready();
  product.refusal = { code: "tokenMissing" };
  product.said = "Token saved.";
  product.onCommand = () => {
    product.refusal = undefined;
    session.pageSeen(false);
  };
  await ask({ ...generateRequest, asksForToken: true });
  assert.deepEqual(product.notified, [{ kind: "news", problem: { message: "Token saved." } }]);
  assert.equal(product.jobs.length, 1);
});

test("a button that did not say so asks for no token", async () => {
  const product = tokenless("Token saved.");
  product.price = { kind: "unknown" };
  await lab.with({ product }, async (panel) => {
    const { page } = panel;
    await lab.fillIn(panel);
    product.price = { kind: "noToken" };
    await page.getByRole("button", { name: "Generate Video" }).click();
    await page.getByRole("alert").getByText("No RunComfy API token is set").waitFor();
    assert.deepEqual(product.commands, []);
    await button(page).waitFor();
  });
});
