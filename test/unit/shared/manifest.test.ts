// biome-ignore-all lint/suspicious/noTemplateCurlyInString: file name templates of the settings are written like this
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import * as z from "zod";
import { derived } from "../../../scripts/manifest.ts";
import { placeholders, unknownPlaceholders } from "../../../src/output/naming.ts";
import { settableNames } from "../../../src/shared/model/parameters.ts";

const root = new URL("../../../", import.meta.url);
const text = await readFile(new URL("package.json", root), "utf8");
const setting = z.looseObject({ default: z.unknown(), pattern: z.string().optional() });
const manifest = z
  .object({ contributes: z.object({ configuration: z.object({ properties: z.record(z.string(), setting) }) }) })
  .parse(JSON.parse(text));
const settings = manifest.contributes.configuration.properties;
const stringsIn = async (name: string) =>
  z.record(z.string(), z.string()).parse(JSON.parse(await readFile(new URL(name, root), "utf8")));
const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ""));

describe("the manifest", () => {
  it("holds the settings that follow from the parameter table", () => {
    for (const [name, value] of Object.entries(derived().settings)) {
      assert.deepEqual(settings[name], value, name);
    }
    const committed = Object.keys(settings).filter((name) => name.startsWith("wanFlf2v.defaults."));
    assert.deepEqual(committed, Object.keys(derived().settings));
  });

  it("has a default setting for each parameter but the seed, which is drawn anew", () => {
    const words = Object.keys(derived().settings).map((name) => name.replace("wanFlf2v.defaults.", ""));
    assert.deepEqual(
      words,
      settableNames.filter((word) => word !== "seed"),
    );
  });

  it("holds the texts that follow from the parameter table", async () => {
    const strings = await stringsIn("package.nls.json");
    for (const [key, value] of Object.entries(derived().texts)) {
      assert.equal(strings[key], value);
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
