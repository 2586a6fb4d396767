// Draws the sample project's pictures and the extension's icon. The same program gives the same files:
//   node test/support/pictures/draw.ts
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import Vips from "wasm-vips";
import { icon } from "./icon.ts";
import { lighthouse } from "./lighthouse.ts";

const vips = await Vips({ dynamicLibraries: ["vips-resvg.wasm"] });

const pictures = {
  "../project/images/lighthouse_start.png": lighthouse(1280, 720, "dusk"),
  "../project/images/lighthouse_end.png": lighthouse(1280, 720, "night"),
  "../project/images/lighthouse-portrait_start.png": lighthouse(720, 1280, "dusk"),
  "../project/images/lighthouse-portrait_end.png": lighthouse(720, 1280, "night"),
  "../../media/icon.png": icon(),
};

for (const [name, svg] of Object.entries(pictures)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  using drawn = vips.Image.svgloadBuffer(Buffer.from(svg));
  // Only the icon has corners to see through.
  using picture = name.endsWith("icon.png") ? drawn.copy() : drawn.flatten();
  const png = picture.pngsaveBuffer({ compression: 9, filter: "all", keep: "none" });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, png);
  console.log(`${Math.round(png.length / 1024)} KiB  ${path}`);
}

vips.shutdown();
