import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../../scripts/paths.ts";
import { type PutBack, putBack } from "./putBack.ts";

const at = (path: string): string => new URL(path, pathToFileURL(`${root}/`)).href;
const source = at("src/");
const fake = (name: string): string => new URL(`fake/${name}.ts`, import.meta.url).href;

/** What the product gets in place of what the system has. */
const modules = new Map([
  ["node:crypto", fake("crypto")],
  ["node:dns/promises", fake("dns")],
  ["node:fs", fake("fs")],
  ["node:fs/promises", fake("fsPromises")],
  ["node:https", fake("https")],
  ["node:os", fake("os")],
  ["node:sqlite", fake("sqlite")],
  ["node:timers", fake("timers")],
  ["node:timers/promises", fake("timersPromises")],
  ["node:tls", fake("tls")],
  [at("src/output/verify.ts"), fake("verify")],
]);

/**
 * From here on the product's modules are loaded with a simulated system below them. To be called before the first one is.
 * @param fault one that is put back into the product's text
 * @throws Error where the text is gone that a fault is put back into
 */
export function install(fault?: PutBack): void {
  const changed = new Map(fault === undefined ? [] : putBack(fault).map(({ file, change }) => [at(file), change]));
  registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL?.startsWith(source) !== true) {
        return next(specifier, context);
      }
      const own = modules.get(specifier);
      if (own !== undefined) {
        return { url: own, shortCircuit: true };
      }
      const resolved = next(specifier, context);
      const other = modules.get(resolved.url);
      return other === undefined ? resolved : { url: other, shortCircuit: true };
    },
    load(url, context, next) {
      const loaded = next(url, context);
      const change = changed.get(url);
      return change === undefined ? loaded : { ...loaded, source: change(readFileSync(fileURLToPath(url), "utf8")) };
    },
  });
}
