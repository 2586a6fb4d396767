import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { Bridge } from "./bridge.ts";
import { contextMenu, panelFrame, selectInExplorer, showingPanel } from "./workbench.ts";

/** What the user does in the main job. */
export interface MainJob {
  /** The opened folder, absolute. */
  readonly folder: string;
  /** Start and end image, relative to the folder. */
  readonly start: string;
  readonly end: string;
  readonly prompt: string;
  /** How long the video may take, in ms; two minutes when left out. */
  readonly timeoutMs?: number;
}

/** Absolute paths of what the main job left in the project. */
export interface MainJobResult {
  readonly video: string;
  readonly recipe: string;
}

async function videosIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".mp4")).map((name) => join(folder, name));
}

/** Puts two images, by their absolute paths, into the panel as the explorer's command does, for tests of what comes after it. */
export async function openPair(code: Bridge, page: Page, images: readonly string[]): Promise<void> {
  await showingPanel(page, () =>
    code.inHost((vscode, paths) => {
      const uris = paths.map((path) => vscode.Uri.file(path));
      return vscode.commands.executeCommand("wanFlf2v.generate", uris[0], uris);
    }, images),
  );
}

/**
 * Does the main job as a user does, with mouse and keyboard: selects two images in the explorer, chooses the command in
 * their context menu, types a prompt into the panel, presses Generate and waits until the video is shown there.
 * @throws Error when the panel shows no video in time, or when not exactly one new video lies in the project
 */
export async function doMainJob(page: Page, job: MainJob): Promise<MainJobResult> {
  const before = new Set(await videosIn(job.folder));
  const row = await selectInExplorer(page, [job.start, job.end]);
  await showingPanel(page, () => contextMenu(row, "Create Video from Start and End Images…"));

  const panel = panelFrame(page);
  const prompt = panel.getByRole("textbox", { name: "Prompt" });
  await prompt.click();
  await prompt.press("ControlOrMeta+a");
  await prompt.pressSequentially(job.prompt);
  await panel.getByRole("button", { name: "Generate" }).click();

  const saved = panel.locator('article[data-state="saved"]').first();
  await saved.waitFor({ timeout: job.timeoutMs ?? 120_000 });
  const player = saved.getByRole("group", { name: /^Player of / });
  await player.scrollIntoViewIfNeeded();
  await player
    .getByText(/^Frame \d+ of \d+$/)
    .first()
    .waitFor();
  await saved.getByText(/The last frame/).waitFor();

  const fresh = (await videosIn(job.folder)).filter((path) => !before.has(path));
  const [path] = fresh;
  if (path === undefined || fresh.length > 1) throw new Error(`${fresh.length} new videos in the project`);
  return { video: path, recipe: path.replace(/\.mp4$/, ".flf.json") };
}
