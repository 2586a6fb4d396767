import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import * as z from "zod";
import { root } from "../../../scripts/paths.ts";

const manifestSchema = z.object({
  capabilities: z.object({ untrustedWorkspaces: z.object({ restrictedConfigurations: z.array(z.string()) }) }),
  contributes: z.object({
    configuration: z.object({ properties: z.record(z.string(), z.object({ scope: z.string().optional() })) }),
  }),
});

const manifest = async () => manifestSchema.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));

it("no setting of an untrusted folder counts", async () => {
  const { capabilities, contributes } = await manifest();
  const restricted = capabilities.untrustedWorkspaces.restrictedConfigurations;
  const open = Object.entries(contributes.configuration.properties).filter(
    ([name, { scope }]) => scope !== "machine" && scope !== "application" && !restricted.includes(name),
  );
  assert.deepEqual(open, []);
});

it("where images, token and money go is never a folder's to set, trusted or not", async () => {
  const { contributes } = await manifest();
  const guarded =
    /\.(apiBaseUrl|trustedDownloadHosts|imageHosting|s3\..*|put\..*|deleteUploads|confirmAbove|monthlyCap)$/;
  const names = Object.entries(contributes.configuration.properties).filter(([name]) => guarded.test(name));
  assert.ok(names.length > 5);
  assert.deepEqual(
    names.filter(([, { scope }]) => scope !== "machine" && scope !== "application"),
    [],
  );
});
