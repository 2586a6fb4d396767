import type { BuildOptions, Plugin } from "esbuild";

/**
 * What it takes to look at a video closely is a bundle of its own, loaded when the first video comes into sight: in the
 * panel's bundle, `import("./frames/openClip.ts")` stays an import of the file beside it.
 */
const framesOnDemand: Plugin = {
  name: "frames-on-demand",
  setup(build) {
    build.onResolve({ filter: /\/openClip\.ts$/ }, ({ kind }) => {
      if (kind === "dynamic-import") return { path: "./frames.js", external: true };
      return { errors: [{ text: "the reader of frames must be imported with import(), on demand" }] };
    });
  },
};

/** The panel's page: its first load, and what it loads on demand, as `panel.js`, `panel.css` and `frames.js`. */
export const pageBundles = [
  { entryPoints: ["src/page/main.ts"], outfile: "dist/panel.js", plugins: [framesOnDemand] },
  { entryPoints: ["src/page/player/frames/openClip.ts"], outfile: "dist/frames.js" },
] as const satisfies readonly BuildOptions[];
