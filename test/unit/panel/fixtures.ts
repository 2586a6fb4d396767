import { execFile } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ffmpeg from "@ffmpeg-installer/ffmpeg";
import { build } from "esbuild";
import { pageBundles } from "../../../scripts/review-bundle.ts";
import type { PanelStrings, ParameterTexts } from "../../../src/ui/panel/protocol.ts";

const run = promisify(execFile);

/** What the page is served with. */
export interface BuiltPage {
  readonly script: string;
  /** What the script loads on demand. */
  readonly review: string;
  readonly style: string;
  readonly icons: string;
  readonly font: Buffer;
}

/** The page's bundle, made as the product's build makes it. */
export async function buildPage(): Promise<BuiltPage> {
  const built = await Promise.all(
    pageBundles.map((page) =>
      build({ bundle: true, minify: true, format: "esm", target: "es2024", write: false, logLevel: "error", ...page }),
    ),
  );
  const outputFiles = built.flatMap((each) => each.outputFiles);
  const output = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? "";
  const icons = "node_modules/@vscode/codicons/dist/codicon";
  return {
    script: output("panel.js"),
    review: output("review.js"),
    style: output("panel.css"),
    icons: await readFile(`${icons}.css`, "utf8"),
    font: await readFile(`${icons}.ttf`),
  };
}

/** The page's texts, from the host's own file, with VS Code's translation left out. */
export async function loadTexts(): Promise<{ strings: PanelStrings; texts: ParameterTexts }> {
  const { outputFiles } = await build({
    entryPoints: ["src/ui/panel/strings.ts"],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    plugins: [
      {
        name: "vscode",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^vscode$/ }, () => ({ path: "vscode", namespace: "played" }));
          onLoad({ filter: /.*/, namespace: "played" }, () => ({
            contents: `export const l10n = { t: (text) => typeof text === "string" ? text : text.message };`,
          }));
        },
      },
    ],
  });
  const code = outputFiles[0]?.text ?? "";
  const { panelStrings, parameterTexts } = await import(
    `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
  );
  return { strings: panelStrings(), texts: parameterTexts() };
}

/** Absolute paths of pictures and a video that the tests show. */
export interface Media {
  readonly start: string;
  readonly end: string;
  readonly portrait: string;
  readonly video: string;
}

/** Makes the pictures and the video, an H.264 MP4 of the kind the service returns. */
export async function makeMedia(): Promise<Media> {
  const folder = await mkdtemp(join(tmpdir(), "flf-panel-"));
  const make = async (name: string, ...args: string[]) => {
    const path = join(folder, name);
    await run(ffmpeg.path, ["-v", "error", "-y", "-f", "lavfi", ...args, path]);
    return path;
  };
  const frame = ["-frames:v", "1"];
  return {
    start: await make("harbour-dawn.png", "-i", scene(1600, 1200, "0.25", 0), ...frame),
    end: await make("harbour-night.png", "-i", scene(1920, 1080, "0.95", 1), ...frame),
    portrait: await make("tower.png", "-i", scene(720, 1280, "0.4", 0), ...frame),
    video: await make(
      "clip.mp4",
      ...["-i", scene(1280, 720, "(0.3+0.6*N/80)", 0), "-r", "16", "-frames:v", "81"],
      ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-movflags", "+faststart"],
    ),
  };
}

/** A skyline with a sun at a given height (0 top, 1 bottom), by day (0) or by night (1), drawn small and scaled up. */
function scene(width: number, height: number, sun: string, night: 0 | 1): string {
  const skyline = "gt(Y,H*(0.78-0.2*mod(floor(X*14/W)*7,5)/5))";
  const disc = `lt(hypot(X-W*0.62,Y-H*${sun}),H*0.11)`;
  const channel = (top: number, bottom: number, glow: number, wall: number) =>
    `'if(${skyline},${wall},if(${disc},${glow},${top}+(${bottom}-${top})*Y/H))'`;
  const colors =
    night === 1
      ? { r: channel(6, 70, 240, 4), g: channel(8, 40, 240, 5), b: channel(26, 110, 225, 12) }
      : { r: channel(44, 250, 255, 30), g: channel(74, 170, 236, 32), b: channel(120, 110, 190, 48) };
  const geq = `geq=r=${colors.r}:g=${colors.g}:b=${colors.b}`;
  return `color=s=${width / 4}x${height / 4}:r=16,format=rgb24,${geq},scale=${width}:${height}`;
}
