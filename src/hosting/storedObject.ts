import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import * as z from "zod";
import { expand, type PutSettings, type S3Settings } from "./address.ts";

/**
 * Where one uploaded object lies: all that deleting it needs, whatever the settings say by then, and nothing secret. It is
 * kept in the journal, so an address here never has a query.
 */
export const placeSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("s3"),
    /** Origin of the server, with its path where it has one. */
    endpoint: z.string(),
    region: z.string(),
    bucket: z.string(),
    pathStyle: z.boolean(),
    key: z.string(),
  }),
  z.object({ kind: z.literal("put"), url: z.string(), name: z.string() }),
]);
export type Place = z.infer<typeof placeSchema>;

/** Nobody can guess it, and it says nothing of the user's file: 128 random bits. */
export function newName(): string {
  return `${randomBytes(16).toString("hex")}.png`;
}

/** Where AWS keeps the buckets of a region; in China it has a domain of its own. */
function awsEndpoint(region: string): string {
  return `https://s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/** Where an object of this name goes in a bucket. */
export function s3Place(settings: S3Settings, name: string): Place {
  const { endpoint, region, bucket, pathStyle, prefix } = settings;
  const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  return {
    kind: "s3",
    endpoint: endpoint === "" ? awsEndpoint(region) : endpoint,
    region,
    bucket,
    pathStyle,
    key: `${folder}${name}`,
  };
}

/**
 * Where an object of this name goes on an HTTP server, without the query that the setting may have.
 * @throws TypeError where the setting makes no address.
 */
export function putPlace(settings: PutSettings, name: string): Place {
  return { kind: "put", url: withoutQuery(expand(settings.url, name)), name };
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

/** The address of an object, without a signature. */
export function addressOf(place: Place): string {
  switch (place.kind) {
    case "put":
      return place.url;
    case "s3": {
      const { endpoint, bucket, pathStyle, key } = place;
      const url = new URL(endpoint);
      const base = url.pathname.replace(/\/$/, "");
      return pathStyle || !canBeHost(bucket, url)
        ? `${url.origin}${base}/${bucket}/${key}`
        : `${url.protocol}//${bucket}.${url.host}${base}/${key}`;
    }
  }
}

/** The server that an object's credentials are for: they never go to another one. */
export function originOf(place: Place): string {
  return new URL(place.kind === "s3" ? place.endpoint : place.url).origin;
}

/** True when both are the same object. */
export function isSamePlace(a: Place, b: Place): boolean {
  return addressOf(a) === addressOf(b) && a.kind === b.kind;
}

function withoutQuery(address: string): string {
  const url = new URL(address);
  url.search = "";
  return url.href;
}
