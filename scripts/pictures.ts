import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";
import { type Ordered, PanelDesk } from "../test/e2e/panel/desk.ts";
import { resize } from "../test/e2e/panel/judge.ts";
import { panelSelector } from "../test/support/vscode/workbench.ts";
import { build } from "./build.ts";
import { checkPackage } from "./package.ts";
import { root } from "./paths.ts";
import { setUpChromium } from "./setup/chromium.ts";
import { newestVsCode, setUpVsCode } from "./setup/vscode.ts";

// `npm run pictures`: takes the pictures of the README and of the tour anew, in a real VS Code with the local service in
// RunComfy's place, and packs the sample pair. Look at them before they are committed.

const media = join(root, "media");
const run = promisify(execFile);
const encode = (args: readonly string[]) => run(ffmpeg.path, ["-v", "error", "-y", ...args]);

/** A picture as WebP, no wider than a page shows it. */
async function writeWebp(png: Buffer, path: string, width: number): Promise<void> {
  const source = join(scratch, "picture.png");
  await writeFile(source, png);
  const scale = `scale='min(${width},iw)':-2:flags=lanczos`;
  await encode(["-i", source, "-vf", scale, "-c:v", "libwebp", "-quality", "82", "-compression_level", "6", path]);
}

/** The frames of the moving picture: each PNG, and how many seconds it stays. */
class Film {
  readonly #frames: string[] = [];

  async add(png: Buffer, seconds: number): Promise<void> {
    const file = join(scratch, `frame-${this.#frames.length}.png`);
    await writeFile(file, png);
    this.#frames.push(`file '${file}'\nduration ${seconds}`);
  }

  async write(path: string): Promise<void> {
    const list = join(scratch, "frames.txt");
    // The last one's duration counts only if something comes after it.
    const last = this.#frames.at(-1)?.split("\n")[0] ?? "";
    await writeFile(list, `${[...this.#frames, last].join("\n")}\n`);
    const codec = ["-c:v", "libwebp_anim", "-quality", "92", "-compression_level", "6", "-loop", "0"];
    await encode(["-f", "concat", "-safe", "0", "-i", list, "-vsync", "vfr", ...codec, path]);
  }
}

const say = (line: string): void => console.log(line);
const scratch = await mkdtemp(join(tmpdir(), "wan-pictures-"));
await using stack = new AsyncDisposableStack();
stack.defer(() => rm(scratch, { recursive: true, force: true }));

for (const folder of ["readme", "sample", "walkthrough"]) await mkdir(join(media, folder), { recursive: true });
for (const side of ["start", "end"]) {
  const image = join(root, "test", "support", "project", "images", `lighthouse_${side}.png`);
  const sample = join(media, "sample", `lighthouse_${side}.webp`);
  await encode(["-i", image, "-c:v", "libwebp", "-quality", "90", "-compression_level", "6", sample]);
}

say("setting up");
await Promise.all([setUpChromium(say), setUpVsCode(newestVsCode, say), build().then(checkPackage)]);
const desk = await PanelDesk.start();
stack.defer(() => desk.stop());
const { page, panel, code, service } = desk;
const shot = () => page.locator(panelSelector).screenshot({ animations: "disabled" });
const settled = () => panel.locator("html").evaluate(() => new Promise(requestAnimationFrame));

/** Gives the panel a size in CSS pixels, at its top. */
async function frame(width: number, height: number): Promise<void> {
  await resize(desk, width);
  const outside = page.viewportSize()?.width ?? width;
  await page.setViewportSize({ width: outside, height });
  const met = await panel.locator("html").evaluate(() => window.innerHeight);
  await page.setViewportSize({ width: outside, height: height + height - met });
  await panel.locator("html").evaluate(() => window.scrollTo(0, 0));
  await settled();
}

/** Makes a finished video of what is in the form. */
async function finished(): Promise<Ordered> {
  const order = await desk.order();
  await desk.finish(order);
  return order;
}

await code.command("workbench.action.closeSidebar");
await code.command("notifications.toggleDoNotDisturbMode");
await code.command("wanFlf2v.openSample");
await panel.getByRole("region", { name: "End Image" }).getByText("lighthouse_end.webp").waitFor();
const prompt = await desk.prompt.inputValue();
await panel.locator("flf-generate").getByText("USD").first().waitFor();

// Earlier videos: what the strip and the gallery are for.
for (const [start, end, words] of [
  ["lighthouse-portrait_start.png", "lighthouse-portrait_end.png", "Night falls slowly, the beam begins to turn"],
  ["lighthouse_end.png", "lighthouse_start.png", "The night gives way to a rose dawn, the boat sails out"],
] as const) {
  await desk.open(`images/${start}`, `images/${end}`);
  await desk.prompt.fill(words);
  await finished();
}

say("the tour");
await code.command("wanFlf2v.openSample");
await frame(960, 660);
await writeWebp(await shot(), join(media, "walkthrough", "images.webp"), 800);
await writeWebp(await shot(), join(media, "readme", "compose.webp"), 1200);
const top = await desk.prompt.boundingBox();
const bottom = await desk.generateButton.boundingBox();
if (top === null || bottom === null) throw new Error("the form is gone");
const formClip = {
  x: top.x - 24,
  y: top.y - 24,
  width: top.width + 48,
  height: bottom.y + bottom.height + 48 - top.y,
};
await writeWebp(await page.screenshot({ clip: formClip }), join(media, "walkthrough", "generate.webp"), 800);

say("the moving picture");
const film = new Film();
await desk.prompt.fill("");
await film.add(await shot(), 1.2);
const words = prompt.split(" ");
for (let count = 4; count < words.length + 4; count += 4) {
  await desk.prompt.fill(words.slice(0, count).join(" "));
  await settled();
  await film.add(await shot(), 0.25);
}
await desk.generateButton.hover();
await film.add(await shot(), 0.9);
const order = await desk.order();
await panel.locator("html").evaluate(() => window.scrollTo(0, 0));
await film.add(await shot(), 1);
await service.advance("in_progress", order.request.requestId);
await order.card.and(panel.locator('[data-state="running"]')).waitFor();
await film.add(await shot(), 1.2);
await desk.finish(order);
await order.card.getByText(/The last frame/).waitFor();
await page.mouse.move(0, 0);
const picture = order.card.getByRole("group", { name: /^Video / });
await picture.focus();
await page.keyboard.press("Home");
for (let at = 0; at <= 80; at += 5) {
  await order.card
    .getByText(`Frame ${at + 1} of 81`)
    .first()
    .waitFor();
  await settled();
  const png = await shot();
  await film.add(png, at === 80 ? 2 : 0.2);
  // Where the local service's mark is plain to see.
  if (at === 40) await writeWebp(png, join(media, "walkthrough", "result.webp"), 800);
  for (let step = 0; step < 5 && at < 80; step += 1) await page.keyboard.press("ArrowRight");
}
await film.write(join(media, "readme", "studio.webp"));

say("the review");
await order.card.getByRole("combobox", { name: "Compare with an image" }).selectOption("Start Image: Wipe");
await settled();
await writeWebp(await shot(), join(media, "readme", "review.webp"), 1200);

say("the token");
await code.command("workbench.action.closeAllEditors");
await page.setViewportSize({ width: 1000, height: 500 });
void code.command("wanFlf2v.setToken").catch(() => undefined);
const box = page.locator(".quick-input-widget:visible");
await box.waitFor();
const around = await box.boundingBox();
if (around === null) throw new Error("the input box is gone");
const clip = { x: around.x - 40, y: 0, width: around.width + 80, height: around.y + around.height + 60 };
await writeWebp(await page.screenshot({ clip }), join(media, "walkthrough", "token.webp"), 800);
await page.keyboard.press("Escape");

for (const name of ["readme/studio", "readme/compose", "readme/review"]) {
  say(`media/${name}.webp: ${(await stat(join(media, `${name}.webp`))).size} bytes`);
}
