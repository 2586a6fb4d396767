import * as l10n from "@vscode/l10n";
import * as z from "zod";
import { expand, templateSchema } from "./address.ts";
import type { Strategy } from "./strategy.ts";

/** Headers that are set elsewhere, or would be a secret among the settings. */
const reservedHeaders = ["authorization", "cookie", "content-type", "content-length", "host"];

const headersSchema = z
  .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\x20-\x7e]*$/))
  .refine((headers) => Object.keys(headers).every((name) => !reservedHeaders.includes(name.toLowerCase())));

/** Where images are put by HTTP; an empty public address means that they are read where they were put. */
const settingsSchema = z.object({
  url: templateSchema.refine((text) => text !== ""),
  publicUrl: templateSchema,
  headers: headersSchema,
});
export type PutSettings = Readonly<z.infer<typeof settingsSchema>>;

const credentialsSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("basic"), user: z.string().regex(/^[^:\p{Cc}]+$/u), password: z.string() }),
  z.object({ kind: z.literal("bearer"), token: z.string().regex(/^[\x21-\x7e]{1,8192}$/) }),
]);
type PutCredentials = z.infer<typeof credentialsSchema>;

const storedObjectSchema = z.object({ kind: z.literal("put"), url: z.string(), name: z.string() });
type PutObject = z.infer<typeof storedObjectSchema>;

/** A server that takes files by HTTP PUT, such as WebDAV. */
export const put: Strategy<PutSettings, PutCredentials, PutObject> = {
  settings: settingsSchema,
  addressSetting: "url",
  credentials: credentialsSchema,
  needsCredentials: false,

  signIns: () => [
    {
      label: l10n.t("Username and password"),
      fixed: { kind: "basic" },
      fields: [
        { name: "user", label: l10n.t("Username"), isSecret: false, keepsSpaces: true },
        { name: "password", label: l10n.t("Password"), isSecret: true, keepsSpaces: true },
      ],
    },
    {
      label: l10n.t("Bearer token"),
      fixed: { kind: "bearer" },
      fields: [{ name: "token", label: l10n.t("Bearer token"), isSecret: true }],
    },
  ],

  storedObject: storedObjectSchema,

  locate({ url }, name) {
    const address = new URL(expand(url, name));
    address.search = "";
    return { kind: "put", url: address.href, name };
  },

  server: ({ url }) => url,

  address: ({ url }) => url,

  async request({ url }, request, { settings, optionalCredentials }) {
    const { query, headers } = additions(url, settings);
    const credentials = await optionalCredentials();
    if (credentials !== undefined) {
      headers.set("authorization", authorization(credentials));
    }
    for (const [name, value] of Object.entries(request.headers)) {
      headers.set(name, value);
    }
    return { url: `${url}${query}`, headers };
  },

  async publicAddress({ url, name }, { settings }) {
    const { publicUrl } = settings();
    return publicUrl === "" ? url : expand(publicUrl, name);
  },
};

/** What the current settings add to requests for an object, if they are still about its server. */
function additions(address: string, settings: () => PutSettings): { query: string; headers: Headers } {
  try {
    const { url, headers } = settings();
    const configured = new URL(expand(url, "name"));
    if (configured.origin === new URL(address).origin) {
      return { query: configured.search, headers: new Headers(headers) };
    }
  } catch {
    // An object is deleted whatever the settings say by then.
  }
  return { query: "", headers: new Headers() };
}

function authorization(credentials: PutCredentials): string {
  switch (credentials.kind) {
    case "basic":
      return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
    case "bearer":
      return `Bearer ${credentials.token}`;
  }
}
