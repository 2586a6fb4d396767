import { createHash } from "node:crypto";
import { isIP } from "node:net";
import * as l10n from "@vscode/l10n";
import { AwsV4Signer } from "aws4fetch";
import * as z from "zod";
import { baseSchema } from "./address.ts";
import { awsKeys } from "./awsCredentials.ts";
import type { Access, Strategy } from "./strategy.ts";

/** Where S3-compatible storage is; an empty endpoint means AWS in that region. */
const settingsSchema = z.object({
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
export type S3Settings = Readonly<z.infer<typeof settingsSchema>>;

const credentialsSchema = z.object({
  accessKeyId: z.string().regex(/^[\x21-\x7e]{1,256}$/),
  secretAccessKey: z.string().regex(/^[\x21-\x7e]{1,1024}$/),
  sessionToken: z
    .string()
    .regex(/^[\x21-\x7e]{1,8192}$/)
    .optional(),
});
type S3Credentials = z.infer<typeof credentialsSchema>;

const storedObjectSchema = z.object({
  kind: z.literal("s3"),
  /** Origin of the server, with its path where it has one. */
  endpoint: z.string(),
  region: z.string(),
  bucket: z.string(),
  pathStyle: z.boolean(),
  key: z.string(),
});
type S3Object = z.infer<typeof storedObjectSchema>;

/**
 * How long a pre-signed address can be read, in seconds: 48 h. The service reads it when it takes the request out of its
 * queue, whose length is unknown; the object itself is deleted when the job ends. S3 allows seven days at most.
 */
const presignedFor = 48 * 3600;

/** S3-compatible storage. */
export const s3: Strategy<S3Settings, S3Credentials, S3Object> = {
  settings: settingsSchema,
  addressSetting: "endpoint",
  credentials: credentialsSchema,
  needsCredentials: true,

  async credentialsOfComputer(environment) {
    for await (const key of awsKeys(environment)) {
      const { data } = credentialsSchema.safeParse(key);
      if (data !== undefined) {
        return data;
      }
    }
    return undefined;
  },

  signIns: () => [
    {
      label: "AWS Signature Version 4",
      fields: [
        { name: "accessKeyId", label: l10n.t("Access key ID"), isSecret: false },
        { name: "secretAccessKey", label: l10n.t("Secret access key"), isSecret: true },
      ],
    },
  ],

  storedObject: storedObjectSchema,

  locate({ endpoint, region, bucket, pathStyle, prefix }, name) {
    const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    return {
      kind: "s3",
      endpoint: endpoint === "" ? awsEndpoint(region) : endpoint,
      region,
      bucket,
      pathStyle,
      key: `${folder}${name}`,
    };
  },

  server: ({ endpoint }) => endpoint,

  address({ endpoint, bucket, pathStyle, key }) {
    const url = new URL(endpoint);
    const base = url.pathname.replace(/\/$/, "");
    return pathStyle || !canBeHost(bucket, url)
      ? `${url.origin}${base}/${bucket}/${key}`
      : `${url.protocol}//${bucket}.${url.host}${base}/${key}`;
  },

  async request(object, { method, headers, body }, access) {
    const sha256 = createHash("sha256")
      .update(body ?? "")
      .digest("hex");
    const signed = await sign(object, access, {
      method,
      headers: new Headers({ ...headers, "x-amz-content-sha256": sha256 }),
    });
    return { url: signed.url.href, headers: signed.headers };
  },

  async publicAddress(object, access) {
    const { publicBaseUrl } = access.settings();
    return publicBaseUrl === ""
      ? (await sign(object, access, { method: "GET", query: `?X-Amz-Expires=${presignedFor}` })).url.href
      : `${publicBaseUrl}/${object.key}`;
  },
};

/** Signs a request by its headers, or by its query where it has one. */
async function sign(
  object: S3Object,
  { credentials, now }: Access<S3Settings, S3Credentials>,
  { query, ...request }: { method: string; headers?: Headers; query?: string },
) {
  const { sessionToken, ...key } = await credentials();
  return new AwsV4Signer({
    ...request,
    ...key,
    ...(sessionToken !== undefined && { sessionToken }),
    url: `${s3.address(object)}${query ?? ""}`,
    service: "s3",
    region: object.region,
    datetime: new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    signQuery: query !== undefined,
  }).sign();
}

/** Where AWS keeps the buckets of a region; in China it has a domain of its own. */
function awsEndpoint(region: string): string {
  return `https://s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/**
 * True where a bucket can stand before the host of its endpoint, by the rule of AWS's own clients: not before an IP address,
 * not with capitals or underscores, and over https without dots, which no certificate covers. All others go by path.
 */
function canBeHost(bucket: string, endpoint: URL): boolean {
  const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  const name = endpoint.protocol === "https:" ? `^${label}$` : `^${label}(\\.${label})*$`;
  return isIP(endpoint.hostname.replace(/^\[|\]$/g, "")) === 0 && new RegExp(name).test(bucket);
}
