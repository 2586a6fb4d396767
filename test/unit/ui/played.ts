import { build } from "esbuild";

/** As much of VS Code as words need: English texts, icons by name, and a dialog that `globalThis.playedDialog` answers. */
const vscode = `
  const fill = (text, values) => text.replace(/\\{(\\d)\\}/g, (_, at) => values[at]);
  export const env = { language: "en" };
  export const l10n = { t: (text, ...values) => typeof text === "string" ? fill(text, values) : fill(text.message, text.args) };
  export class ThemeIcon { constructor(id) { this.id = id; } }
  export const commands = {};
  export const window = { showWarningMessage: async (message, options) => {
    playedDialog.asked.push({ message, options });
    return playedDialog.answer;
  } };`;

/** A module of `src/ui` outside VS Code, by its path below the project. */
export async function playedModule<T>(path: string): Promise<T> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    plugins: [
      {
        name: "vscode",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^vscode$/ }, () => ({ path: "vscode", namespace: "played" }));
          onLoad({ filter: /.*/, namespace: "played" }, () => ({ contents: vscode }));
        },
      },
    ],
  });
  const code = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  return await import(`data:text/javascript;base64,${code}`);
}
