import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { root } from "../../scripts/paths.ts";

const settingSchema = z.looseObject({
  default: z.unknown(),
  scope: z.string().optional(),
  pattern: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  enumItemLabels: z.array(z.string()).optional(),
  order: z.number(),
});
const manifestSchema = z.object({
  capabilities: z.object({ untrustedWorkspaces: z.object({ restrictedConfigurations: z.array(z.string()) }) }),
  contributes: z.object({
    configuration: z.array(
      z.object({ title: z.string(), order: z.number(), properties: z.record(z.string(), settingSchema) }),
    ),
  }),
});

const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

/** The sections of the settings, as the manifest gives them. */
export const sections = manifest.contributes.configuration;

/** The settings that count only where the workspace is trusted. */
export const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;

/** All settings by their whole names. */
export const settings: Readonly<Record<string, z.infer<typeof settingSchema>>> = Object.assign(
  {},
  ...sections.map(({ properties }) => properties),
);
