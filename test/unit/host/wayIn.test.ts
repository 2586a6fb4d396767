import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import * as z from "zod";
import { root } from "../../../scripts/paths.ts";
import { videoNameFor } from "../../../src/output/naming.ts";
import { settings } from "../../support/manifest.ts";

const manifestSchema = z.object({
  name: z.string(),
  publisher: z.string(),
  contributes: z.object({
    commands: z.array(z.object({ command: z.string() })),
    viewsWelcome: z.array(z.object({ contents: z.string(), when: z.string().optional() })),
    walkthroughs: z.array(
      z.object({
        id: z.string(),
        icon: z.string(),
        steps: z.array(
          z.object({
            description: z.string(),
            media: z.object({ image: z.string(), altText: z.string() }),
            completionEvents: z.array(z.string()).nonempty(),
          }),
        ),
      }),
    ),
  }),
});
const source = await readFile(join(root, "package.json"), "utf8");
const manifest = manifestSchema.parse(JSON.parse(source));
const texts = z
  .record(z.string(), z.string())
  .parse(JSON.parse(await readFile(join(root, "package.nls.json"), "utf8")));
const { viewsWelcome, walkthroughs } = manifest.contributes;
const steps = walkthroughs.flatMap((tour) => tour.steps);
const inEnglish = (key: string) => texts[key.replaceAll("%", "")] ?? assert.fail(`${key} has no text`);
/** The commands that a text links to, with their arguments. */
const linked = (text: string) => [...text.matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g)];
const isKnown = (command = "") =>
  command.startsWith("workbench.") || manifest.contributes.commands.some((each) => each.command === command);

it("each text of the manifest is there, and each that is there is used", () => {
  const used = new Set([...source.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
  assert.deepEqual([...used].toSorted(), Object.keys(texts).toSorted());
});

it("tour and welcome run only commands that there are", () => {
  const links = [...steps.map(({ description }) => description), ...viewsWelcome.map(({ contents }) => contents)]
    .map(inEnglish)
    .flatMap(linked);
  assert.ok(links.length > 8);
  const ended = steps.flatMap(({ completionEvents }) =>
    completionEvents.flatMap((event) => (event.startsWith("onCommand:") ? [event.slice("onCommand:".length)] : [])),
  );
  for (const command of [...links.map(([, name]) => name), ...ended]) {
    assert.ok(isKnown(command), command);
  }
});

it("the welcome opens the tour that there is", () => {
  const [link] = viewsWelcome
    .flatMap(({ contents }) => linked(inEnglish(contents)))
    .filter(([, command]) => command === "workbench.action.openWalkthrough");
  const id = `${manifest.publisher}.${manifest.name}#${walkthroughs[0]?.id}`;
  assert.deepEqual(JSON.parse(decodeURIComponent(link?.[2] ?? "")), [id, false]);
});

it("whoever has no folder, no token or neither can create a video, try the sample and get a token", () => {
  /** The commands on offer where a context is as given. */
  const offered = (hasFolder: boolean, hasToken: boolean) =>
    viewsWelcome
      .filter(({ when }) =>
        (when ?? "").split(" && ").every((condition) => {
          switch (condition) {
            case "":
              return true;
            case "workspaceFolderCount == 0":
              return !hasFolder;
            case "wanFlf2v.hasToken":
              return hasToken;
            case "!wanFlf2v.hasToken":
              return !hasToken;
            default:
              return assert.fail(condition);
          }
        }),
      )
      .flatMap(({ contents }) => linked(inEnglish(contents)).map(([, command]) => command));
  for (const hasFolder of [true, false]) {
    for (const hasToken of [true, false]) {
      const commands = offered(hasFolder, hasToken);
      for (const command of ["wanFlf2v.generate", "wanFlf2v.openSample", "workbench.action.openWalkthrough"]) {
        assert.ok(commands.includes(command), `${command}: ${commands}`);
      }
      for (const command of ["wanFlf2v.setToken", "wanFlf2v.openAccount"]) {
        assert.equal(commands.includes(command), !hasToken, command);
      }
      assert.equal(commands.includes("workbench.action.files.openFolder"), !hasFolder);
    }
  }
});

it("the tour has four steps, each with a small picture and words for it", async () => {
  assert.equal(steps.length, 4);
  let bytes = 0;
  for (const { media } of steps) {
    assert.match(media.image, /^media\/walkthrough\/\w+\.webp$/);
    assert.ok(inEnglish(media.altText).length > 20);
    bytes += (await stat(join(root, media.image))).size;
  }
  assert.ok(bytes <= 400 * 1024, `${bytes}`);
  assert.ok((await stat(join(root, walkthroughs[0]?.icon ?? ""))).isFile());
});

it("a video of the sample pair is called lighthouse-001", async () => {
  const [start = "", end = ""] = ["start", "end"].map((side) =>
    join(root, "media", "sample", `lighthouse_${side}.webp`),
  );
  for (const path of [start, end]) assert.equal((await readFile(path)).toString("latin1", 8, 12), "WEBP");
  const facts = { start, end, prompt: "", parameters: { seed: 1 }, now: new Date(0) };
  const template = String(settings["wanFlf2v.fileName"]?.default);
  assert.equal(videoNameFor(template, facts).name, "lighthouse-001");
});
