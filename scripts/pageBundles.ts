import type { BuildOptions, Plugin } from "esbuild";

/**
 * What it takes to look at a video closely is a bundle of its own, loaded when the first video comes into sight: in the
 * panel's bundle, `import("./review.ts")` stays an import of the file beside it.
 */
const reviewOnDemand: Plugin = {
  name: "review-on-demand",
  setup(build) {
    build.onResolve({ filter: /\/openClip\.ts$/ }, ({ kind }) => {
      if (kind === "dynamic-import") return { path: "./review.js", external: true };
      return { errors: [{ text: "the review must be imported with import(), on demand" }] };
    });
  },
};

/** The panel's page: its first load, and what it loads on demand, as `panel.js`, `panel.css` and `review.js`. */
export const pageBundles = [
  { entryPoints: ["src/page/main.ts"], outfile: "dist/panel.js", plugins: [reviewOnDemand] },
  { entryPoints: ["src/page/player/frames/openClip.ts"], outfile: "dist/review.js" },
] as const satisfies readonly BuildOptions[];
