/** One panel in several themes and widths, looked at by eye and by an accessibility checker. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { TestContext } from "node:test";
import type { OpenPanel } from "./harness.ts";
import { retheme } from "./harness.ts";
import type { Theme } from "./themes.ts";

export interface Look {
  readonly theme: Theme;
  /** Of the window, in pixels. */
  readonly width: number;
}

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Makes a subtest of each look: the open panel gets its theme and width, as when the user changes them, and is checked. */
export async function eachLook(
  context: TestContext,
  panel: OpenPanel,
  looks: readonly Look[],
  check: (look: Look) => Promise<void>,
): Promise<void> {
  await panel.page.evaluate(await axe);
  for (const look of looks) {
    await context.test(`${look.theme.name}, ${look.width} px: nothing is out of reach or out of sight`, async () => {
      await panel.page.setViewportSize({ width: look.width, height: 900 });
      await retheme(panel, look.theme);
      await check(look);
    });
  }
}

/** What the checker finds wrong with the page, or with a part of it. */
export async function violations({ page }: OpenPanel, part = "html"): Promise<string[]> {
  const result: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] = await page.evaluate(
    // Fetched, the styles would tell about turned screens alone; and the page's content policy refuses them.
    `axe.run("${part}", { resultTypes: ["violations"], preload: false }).then(({ violations }) => violations)`,
  );
  return result.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`),
  );
}

/** By how many pixels the page is wider than its window. */
export function excessWidth({ page }: OpenPanel): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
