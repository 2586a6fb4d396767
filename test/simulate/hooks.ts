import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../../scripts/paths.ts";
import { type Fault, putBack } from "./putBack.ts";

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
  [at("src/jobs/owner.ts"), fake("owner")],
]);

/**
 * From here on the product's modules are loaded with a simulated system below them. To be called before the first one is.
 * @param fault one that is put back into the product's text
 * @returns the files of the fault that were not loaded (yet)
 */
export function install(fault?: Fault): () => readonly string[] {
  const left = new Set(fault?.replaced.map(({ file }) => file));
  const files = new Map([...left].map((file) => [at(file), file]));
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
      const file = files.get(url);
      const loaded = next(url, context);
      if (fault === undefined || file === undefined) {
        return loaded;
      }
      left.delete(file);
      return { ...loaded, source: putBack(fault, file, readFileSync(fileURLToPath(url), "utf8")) };
    },
  });
  return () => [...left];
}
