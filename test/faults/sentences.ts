import { registerHooks } from "node:module";

/** As much of `vscode` as sentences need: English texts with their values filled in. */
const vscode = `export const l10n = {
  t: (text, ...values) => text.replace(/\\{(\\d+)\\}/g, (_, index) => String(values[Number(index)])),
};
export const env = { language: "en" };`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode"
      ? { url: `data:text/javascript,${encodeURIComponent(vscode)}`, shortCircuit: true }
      : next(specifier, context),
});

/** The product's own sentences, outside VS Code. */
export const { jobText } = await import("../../src/ui/words/job.ts");
export const { problemText } = await import("../../src/ui/words/problem.ts");
