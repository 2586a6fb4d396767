import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { namesWithSetting, settableRow } from "../src/shared/model/parameters.ts";
import { root } from "./paths.ts";

/**
 * The settings and texts of the manifest that follow from the parameter table. `npm run manifest` writes them; a unit
 * test holds the committed files against them.
 */
export function derived(): { settings: Record<string, object>; texts: Record<string, string> } {
  const settings: Record<string, object> = {};
  const texts: Record<string, string> = {};
  for (const [index, name] of namesWithSetting.entries()) {
    const row = settableRow(name);
    const key = `setting.defaults.${name}`;
    const limits =
      row.kind === "choice"
        ? { enum: [...row.choices, null] }
        : { type: [row.kind === "integer" ? "integer" : "number", "null"], minimum: row.minimum, maximum: row.maximum };
    settings[`wanFlf2v.defaults.${name}`] = {
      order: 10 + index,
      ...limits,
      default: null,
      markdownDescription: `%${key}%`,
    };
    texts[key] = `${row.title}. ${row.description} \`null\` leaves it to the model (${row.default}).`;
  }
  return { settings, texts };
}

if (import.meta.main) {
  const { settings, texts } = derived();
  await update("package.json", (manifest) => Object.assign(manifest.contributes.configuration.properties, settings));
  await update("package.nls.json", (strings) => Object.assign(strings, texts));
}

async function update(name: string, change: (json: ReturnType<typeof JSON.parse>) => void): Promise<void> {
  const file = join(root, name);
  const json = JSON.parse(await readFile(file, "utf8"));
  change(json);
  await writeFile(file, `${JSON.stringify(json, null, 2)}\n`);
}
