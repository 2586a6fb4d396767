import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandTable } from "../src/commands/ids.ts";
import { actionRows } from "../src/shared/jobs/actions.ts";
import { namesWithSetting, settableRow } from "../src/shared/model/parameters.ts";
import { containers, recipeEnding, videoEndings } from "../src/shared/video/fileNames.ts";
import { root } from "./paths.ts";
import { recipeJsonSchema, recipeSchemaFile } from "./recipeSchema.ts";
import { run } from "./setup/run.ts";

type Json = ReturnType<typeof JSON.parse>;

const settingPrefix = "wanFlf2v.defaults.";
const inRecipes = "view == wanFlf2v.recipes";
const category = "%category%";
const iconOf = (icon: string | undefined) => icon && { icon: `$(${icon})` };
const commandRows: readonly (readonly [id: string, row: { title?: string; icon?: string; when?: string }])[] =
  Object.entries(commandTable);

/** The default of each parameter that can have one of the user's own; `null`, shown as empty, leaves the parameter unset. */
function settings(): Record<string, object> {
  return Object.fromEntries(
    namesWithSetting.map(([name, setting], index) => {
      const row = settableRow(name);
      const limits =
        row.kind === "choice"
          ? {
              enum: [...row.choices, null],
              enumItemLabels: [...row.choices.map(String), `%setting.defaults.${setting}.unset%`],
            }
          : {
              type: [row.kind === "integer" ? "integer" : "number", "null"],
              minimum: row.minimum,
              maximum: row.maximum,
            };
      const markdownDescription = `%setting.defaults.${setting}%`;
      return [`${settingPrefix}${setting}`, { order: index, ...limits, default: null, markdownDescription }];
    }),
  );
}

function declarations(): object[] {
  return [
    ...commandRows.flatMap(([id, { title, icon }]) =>
      title === undefined ? [] : [{ command: `wanFlf2v.${id}`, title: `%command.${id}%`, category, ...iconOf(icon) }],
    ),
    ...actionRows.map(([id, { icon }]) => ({
      command: `wanFlf2v.job.${id}`,
      title: `%action.${id}%`,
      category,
      ...iconOf(icon),
    })),
  ];
}

/** What can be done with a recipe in their list, as far as there is a command for it. */
const recipeMenu = [
  { id: "renderRecipe", group: "inline@1", when: "viewItem =~ /\\brender\\b/" },
  { id: "renderRecipe", group: "1_recipe@1" },
  { id: "openInPanel", group: "1_recipe@2" },
  { id: "openVideo", group: "1_recipe@3" },
  { id: "useTake", group: "1_recipe@4" },
  { id: "tidyTakes", group: "1_recipe@5" },
  { id: "showRecipe", group: "2_file@1" },
  { id: "revealRecipe", group: "2_file@2" },
];
const recipeTitle = [{ id: "renderStale", group: "navigation@1" }];

function recipeItems(rows: readonly { id: string; group: string; when?: string }[]): object[] {
  return rows
    .filter(({ id }) => Object.hasOwn(commandTable, id))
    .map(({ id, group, when }) => ({
      command: `wanFlf2v.${id}`,
      group,
      when: [inRecipes, when].filter(Boolean).join(" && "),
    }));
}

/**
 * The palette lists a command where it makes sense. What can be done with a job stands in its row while it is possible, and
 * never in the palette, which knows no job.
 */
function derivedMenus(): { commandPalette: object[]; "view/item/context": object[] } {
  return {
    commandPalette: [
      ...commandRows.flatMap(([id, { when }]) => (when === undefined ? [] : [{ command: `wanFlf2v.${id}`, when }])),
      ...actionRows.map(([id]) => ({ command: `wanFlf2v.job.${id}`, when: "false" })),
    ],
    "view/item/context": [
      ...recipeItems(recipeMenu),
      ...actionRows.flatMap(([id, { inline, group }], index) => {
        const command = `wanFlf2v.job.${id}`;
        const where = (words: string) => `view == wanFlf2v.jobs && viewItem =~ /${words}/`;
        const possible = where(`\\b${id}\\b`);
        // The first action that a row names is its next step.
        const when = inline === "next" ? where(`^job ${id}\\b`) : possible;
        const button = { command, group: `inline@${inline === "next" ? 1 : inline}`, when };
        return [...(inline === undefined ? [] : [button]), { command, group: `${group}@${index + 1}`, when: possible }];
      }),
    ],
  };
}

/** Where VS Code knows a file by what its name ends with. */
const isFile = (endings: readonly string[]): string =>
  `resourceFilename =~ /\\.(${endings.map((ending) => ending.replace(".", "\\.")).join("|")})$/i`;
/** The files that a command is offered on. */
const isOffered: Readonly<Record<string, string>> = {
  "wanFlf2v.openVideo": isFile(videoEndings),
  "wanFlf2v.openRecipe": isFile(containers),
};

/** Puts what derives from the tables of parameters, commands, actions and video files into the manifest; the rest stays as it is. */
export function fillManifest({ capabilities, contributes }: Json): void {
  const { untrustedWorkspaces } = capabilities;
  const derived = settings();
  const restricted: readonly string[] = untrustedWorkspaces.restrictedConfigurations;
  const at = restricted.findIndex((name) => name.startsWith(settingPrefix));
  untrustedWorkspaces.restrictedConfigurations = restricted
    .filter((name) => !name.startsWith(settingPrefix))
    .toSpliced(at, 0, ...Object.keys(derived));
  const section = contributes.configuration.find(({ title }: Json) => title === "%settings.defaults%");
  replace(section.properties, settingPrefix, derived);
  contributes.commands = declarations();
  const { menus } = contributes;
  Object.assign(menus, derivedMenus());
  const others = menus["view/title"].filter(({ when }: Json) => when !== inRecipes);
  menus["view/title"] = [...others, ...recipeItems(recipeTitle)];
  for (const entry of Object.values<Json>(menus).flat()) {
    const where = isOffered[entry.command];
    if (where !== undefined && entry.when !== undefined) {
      entry.when = entry.when.replace(/resourceFilename =~ .*/, () => where);
    }
  }
  contributes.configurationDefaults["explorer.fileNesting.patterns"] = Object.fromEntries(
    containers.map((container) => [`*.${container}`, `\${capture}.${recipeEnding}, \${capture}-frame-*.png`]),
  );
}

/** Puts the texts of what {@link fillManifest} derives into the manifest's texts. */
export function fillTexts(texts: Json): void {
  replace(
    texts,
    "command.",
    Object.fromEntries(
      commandRows.flatMap(([id, { title }]) => (title === undefined ? [] : [[`command.${id}`, title]])),
    ),
  );
  replace(texts, "action.", Object.fromEntries(actionRows.map(([id, { label }]) => [`action.${id}`, label])));
  replace(
    texts,
    "setting.defaults.",
    Object.fromEntries(
      namesWithSetting.flatMap(([name, setting]) => {
        const row = settableRow(name);
        if (row.kind !== "choice") {
          const unset = `Leave empty for the model’s default (${row.default}).`;
          return [[`setting.defaults.${setting}`, `${row.description} ${unset}`]];
        }
        return [
          [`setting.defaults.${setting}`, row.description],
          [
            `setting.defaults.${setting}.unset`,
            name === "resolution" ? "Best fit" : `Model’s default (${row.default})`,
          ],
        ];
      }),
    ),
  );
}

/** Replaces all entries whose keys begin with `prefix`. Those that stay keep their place. */
function replace(entries: Json, prefix: string, derived: Record<string, unknown>): void {
  for (const key of Object.keys(entries)) {
    if (key.startsWith(prefix) && !Object.hasOwn(derived, key)) {
      delete entries[key];
    }
  }
  Object.assign(entries, derived);
}

async function update(name: string, fill: (json: Json) => void): Promise<void> {
  const file = join(root, name);
  const json = JSON.parse(await readFile(file, "utf8"));
  fill(json);
  await writeFile(file, `${JSON.stringify(json, null, 2)}\n`);
}

if (import.meta.main) {
  await update("package.json", fillManifest);
  await update("package.nls.json", fillTexts);
  const schema = join(root, recipeSchemaFile);
  await writeFile(schema, JSON.stringify(recipeJsonSchema()));
  await run(
    process.execPath,
    [join(root, "node_modules", "@biomejs", "biome", "bin", "biome"), "format", "--write", schema],
    {
      cwd: root,
    },
  );
}
