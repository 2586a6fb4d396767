// biome-ignore-all lint/suspicious/noTemplateCurlyInString: file name templates of the settings are written like this
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import * as z from "zod";
import { fillManifest, fillTexts } from "../../../scripts/manifest.ts";
import { placeholders, unknownPlaceholders } from "../../../src/output/naming.ts";
import { settableNames, settableRow } from "../../../src/shared/model/parameters.ts";
import { sections, settings } from "../../support/manifest.ts";

const root = new URL("../../../", import.meta.url);
const text = await readFile(new URL("package.json", root), "utf8");
const stringsIn = async (name: string) =>
  z.record(z.string(), z.string()).parse(JSON.parse(await readFile(new URL(name, root), "utf8")));
const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ""));

describe("the manifest", () => {
  it("and its texts are what the tables of parameters, commands and actions make of them (npm run manifest)", async () => {
    for (const [name, fill] of [
      ["package.json", fillManifest],
      ["package.nls.json", fillTexts],
    ] as const) {
      const committed = await readFile(new URL(name, root), "utf8");
      const filled = JSON.parse(committed);
      fill(filled);
      assert.equal(`${JSON.stringify(filled, null, 2)}\n`, committed, name);
    }
  });

  it("loses what no table holds any more, and gets what a table has anew, with the rest left as it is", async () => {
    const filled = JSON.parse(text);
    const { properties } = filled.contributes.configuration.find(
      ({ title }: { title: string }) => title === "%settings.defaults%",
    );
    properties["wanFlf2v.defaults.gone"] = {};
    delete properties["wanFlf2v.defaults.framesPerSecond"];
    filled.contributes.commands.push({ command: "wanFlf2v.gone" });
    filled.contributes.menus.commandPalette.pop();
    delete filled.contributes.configurationDefaults["explorer.fileNesting.patterns"]["*.mov"];
    filled.contributes.menus["editor/title"].at(-1).when = "resourceScheme == file && resourceFilename =~ /\\.mp4$/i";
    filled.capabilities.untrustedWorkspaces.restrictedConfigurations.push("wanFlf2v.defaults.gone");
    fillManifest(filled);
    assert.deepEqual(filled, JSON.parse(text));
    const texts = await stringsIn("package.nls.json");
    const changed: Record<string, string> = { ...texts, "action.gone": "Gone", "command.openPanel": "Other" };
    delete changed["setting.defaults.framesPerSecond"];
    fillTexts(changed);
    assert.deepEqual(changed, texts);
  });

  it("knows videos and recipes by their names, whatever the container", () => {
    const { menus, configurationDefaults } = JSON.parse(text).contributes;
    const offered: readonly { command: string; when: string }[] = [
      ...menus["explorer/context"],
      ...menus["editor/title"],
    ];
    const patternsOf = (id: string) =>
      offered
        .filter(({ command }) => command === `wanFlf2v.${id}`)
        .map(({ when }) => new RegExp(/resourceFilename =~ \/(.*)\/i$/.exec(when)?.[1] ?? assert.fail(when), "i"));
    const patterns = patternsOf("openVideo");
    assert.equal(patterns.length, 2);
    // A recipe is one already.
    const [hasRecipe = assert.fail("nowhere")] = patternsOf("openRecipe");
    assert.match("a.mkv", hasRecipe);
    assert.doesNotMatch("a.flf.json", hasRecipe);
    for (const pattern of patterns) {
      for (const name of ["a.mp4", "a.WebM", "a.MOV", "a.mkv", "a.flf.json"]) assert.match(name, pattern);
      for (const name of ["a.json", "a.flfxjson", "mp4", "a.mp4.txt"]) assert.doesNotMatch(name, pattern);
    }
    const nested = Object.keys(configurationDefaults["explorer.fileNesting.patterns"]);
    assert.deepEqual(nested, ["*.mp4", "*.webm", "*.mov", "*.mkv"]);
  });

  it("has a default setting for each parameter but the seed, which is drawn anew, called as in the form", () => {
    const prefix = "wanFlf2v.defaults.";
    const names = Object.keys(settings).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    const asShown = names.map((name) => name.replace(/[A-Z]/g, (letter) => ` ${letter}`).toLowerCase());
    assert.deepEqual(
      asShown,
      settableNames.filter((name) => name !== "seed").map((name) => settableRow(name).title.toLowerCase()),
    );
  });

  it("shows its settings in sections, each with an order of its own, and says a word for each choice", () => {
    assert.deepEqual(
      sections.map(({ order }) => order),
      sections.map((_, index) => index),
    );
    for (const { title, properties } of sections) {
      const orders = Object.values(properties).map(({ order }) => order);
      assert.deepEqual(
        orders,
        orders.map((_, index) => index),
        title,
      );
    }
    for (const [name, { enum: choices, enumItemLabels }] of Object.entries(settings)) {
      if (choices?.includes(null)) assert.equal(enumItemLabels?.length, choices.length, name);
    }
  });

  it("uses only texts that exist, and all of them, in each language", async () => {
    assert.ok(used.size > 20);
    for (const name of (await readdir(root)).filter((file) => /^package\.nls(\..+)?\.json$/.test(file))) {
      const strings = await stringsIn(name);
      assert.deepEqual(Object.keys(strings).sort(), [...used].sort(), name);
      assert.deepEqual(
        Object.entries(strings).filter(([, value]) => value.trim() === ""),
        [],
        name,
      );
    }
  });

  it("takes in the file name setting what the naming takes", () => {
    const fileName = settings["wanFlf2v.fileName"];
    const byDefault = z.string().parse(fileName?.default);
    assert.deepEqual(unknownPlaceholders(byDefault), []);
    const pattern = new RegExp(fileName?.pattern ?? "");
    for (const template of [...placeholders.map((name) => `\${${name}}`), byDefault, "clip $5", "a b", "$"]) {
      assert.match(template, pattern);
    }
    for (const template of ["${nope}", "${}", "", "a-${Start}"]) {
      assert.doesNotMatch(template, pattern);
    }
  });

  it("takes as the service's address what the product can use safely: https, or http on this machine", () => {
    const pattern = new RegExp(settings["wanFlf2v.apiBaseUrl"]?.pattern ?? "");
    for (const address of [
      "https://model-api.runcomfy.net",
      "http://127.0.0.1:8787",
      "http://localhost:1/",
      "http://[::1]:8",
    ]) {
      assert.match(address, pattern);
    }
    for (const address of [
      "http://model-api.runcomfy.net",
      "http://127.0.0.1.evil.example",
      "https://u@h",
      "ftp://h",
      "https://h/v1",
    ]) {
      assert.doesNotMatch(address, pattern);
    }
  });
});
