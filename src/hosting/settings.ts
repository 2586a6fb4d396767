import * as z from "zod";
import { isLoopback } from "../output/trust.ts";

/** An address that images may be sent to: https, or http on this machine. */
function isSafe(url: URL): boolean {
  return (
    url.username === "" &&
    url.password === "" &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
  );
}

/** An address of a server or a folder, without a slash at its end; empty for none. */
const baseSchema = z
  .string()
  .trim()
  .refine((text) => {
    const url = URL.parse(text);
    return text === "" || (url !== null && isSafe(url) && url.search === "" && url.hash === "");
  })
  .transform((text) => text.replace(/\/+$/, ""));

const placeholder = `\${name}`;

/** An address with the place where an object's name goes; empty for none. Its query may hold a signature. */
const templateSchema = z
  .string()
  .trim()
  .refine((text) => {
    const url = URL.parse(text.replaceAll(placeholder, "name"));
    const path = text.replace(/[?#].*$/s, "");
    return text === "" || (url !== null && isSafe(url) && path.includes(placeholder) && url.hash === "");
  });

/** Headers that are set from elsewhere, or would be a secret among the settings. */
const reservedHeaders = ["authorization", "cookie", "content-type", "content-length", "host"];

const headersSchema = z
  .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\x20-\x7e]*$/))
  .refine((headers) => Object.keys(headers).every((name) => !reservedHeaders.includes(name.toLowerCase())));

/** Where S3-compatible storage is; an empty endpoint means AWS in that region. */
export const s3SettingsSchema = z.object({
  endpoint: baseSchema,
  region: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]+$/),
  bucket: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/),
  prefix: z
    .string()
    .trim()
    .regex(/^[\w./-]*$/)
    .refine((text) => !/^\/|\/\/|(^|\/)\.\.?(\/|$)/.test(text)),
  pathStyle: z.boolean(),
  publicBaseUrl: baseSchema,
});
export type S3Settings = Readonly<z.infer<typeof s3SettingsSchema>>;

/** Where images are put by HTTP; an empty public address means the same one. */
export const putSettingsSchema = z.object({
  url: templateSchema.refine((text) => text !== ""),
  publicUrl: templateSchema,
  headers: headersSchema,
});
export type PutSettings = Readonly<z.infer<typeof putSettingsSchema>>;

/** An address made of a template. */
export function expand(template: string, name: string): string {
  return template.replaceAll(placeholder, name);
}
