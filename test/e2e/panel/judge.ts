import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Frame, Locator } from "playwright-core";
import * as z from "zod";
import { resultsFolder } from "../../../scripts/paths.ts";
import { panelSelector } from "../../support/vscode/workbench.ts";
import type { PanelDesk } from "./desk.ts";

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const violationsSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ target: z.array(z.string()), failureSummary: z.string() })) }),
);

/** VS Code's three kinds of theme, each at another width of the panel in CSS pixels. */
const looks = [
  { theme: "Default Light Modern", mark: "vscode-light", width: 320 },
  { theme: "Default High Contrast", mark: "vscode-high-contrast", width: 800 },
  { theme: "Default Dark Modern", mark: "vscode-dark", width: 1400 },
] as const;

/** The frame that the panel's page lives in. */
async function frameOf(desk: PanelDesk): Promise<Frame> {
  const frame = await (await desk.panel.locator("html").elementHandle())?.ownerFrame();
  assert.ok(frame, "the panel is not there");
  return frame;
}

async function violations(frame: Frame): Promise<string[]> {
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(await axe);
  // The page itself is transparent: what lies behind its text is painted by the workbench, which the checker cannot see.
  await frame.evaluate("document.documentElement.style.background = 'var(--vscode-editor-background)'");
  const found = violationsSchema.parse(
    await frame.evaluate(
      // Fetched, the styles would tell about turned screens alone.
      "axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => JSON.parse(JSON.stringify(violations)))",
    ),
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`),
  );
}

/** What reaches beyond the right edge of a page. */
function sticksOut(html: Locator): Promise<string> {
  return html.evaluate((page) =>
    [...page.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
      .map(({ localName, id, className }) => `${localName}#${id}.${className}`)
      .join(", "),
  );
}

/** Gives the panel a width in CSS pixels, with room for all of its height. Nothing of it may stick out sideways. */
export async function resize(desk: PanelDesk, width: number): Promise<void> {
  const { page, panel } = desk;
  const html = panel.locator("html");
  const inside = () =>
    html.evaluate(async ({ scrollWidth, scrollHeight }) => {
      await new Promise(requestAnimationFrame);
      return { width: window.innerWidth, height: window.innerHeight, scrollWidth, scrollHeight };
    });
  const frame = await frameOf(desk);
  let outside = page.viewportSize() ?? (await inside());
  await page.setViewportSize({ ...outside, height: 1000 });
  // The panel follows its window in its own time, and what VS Code takes of the window depends on its size.
  for (let fits = false; !fits; ) {
    const { width: met } = await inside();
    outside = { width: outside.width + width - met, height: 1000 };
    await page.setViewportSize(outside);
    if (met !== width) {
      await frame.waitForFunction((earlier) => window.innerWidth !== earlier, met);
    }
    fits = met === width && (await inside()).width === width;
  }
  const { scrollWidth, scrollHeight, height } = await inside();
  assert.ok(scrollWidth <= width, `${scrollWidth} px at ${width} px: ${await sticksOut(html)}`);
  await page.setViewportSize({ width: outside.width, height: scrollHeight + 1000 - height });
}

/**
 * Looks at the panel as it stands: in each kind of theme, at each width, nothing may be out of reach for anybody. Leaves
 * pictures in `test-results/<version>/panel-<name>-<width>.png`.
 */
export async function judge(desk: PanelDesk, name: string): Promise<void> {
  const { page, panel, code } = desk;
  await code.command("workbench.action.closeSidebar");
  await code.command("notifications.clearAll");
  const folder = join(resultsFolder, code.version);
  await mkdir(folder, { recursive: true });
  for (const { theme, mark, width } of looks) {
    await desk.configure("workbench", "colorTheme", theme);
    await panel.locator(`body.${mark}`).waitFor();
    await resize(desk, width);
    assert.deepEqual(await violations(await frameOf(desk)), [], `${name}, ${theme}, ${width} px`);
    await page
      .locator(panelSelector)
      .screenshot({ path: join(folder, `panel-${name}-${width}.png`), animations: "disabled" });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
