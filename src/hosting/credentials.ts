import * as z from "zod";

/** A key for S3-compatible storage. */
export const s3CredentialsSchema = z.object({
  accessKeyId: z.string().regex(/^[\x21-\x7e]{1,256}$/),
  secretAccessKey: z.string().regex(/^[\x21-\x7e]{1,1024}$/),
  sessionToken: z
    .string()
    .regex(/^[\x21-\x7e]{1,8192}$/)
    .optional(),
});
export type S3Credentials = z.infer<typeof s3CredentialsSchema>;

/** What an HTTP server wants to see before it takes an upload. */
export const putCredentialsSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("basic"), user: z.string().regex(/^[^:\p{Cc}]+$/u), password: z.string() }),
  z.object({ kind: z.literal("bearer"), token: z.string().regex(/^[\x21-\x7e]{1,8192}$/) }),
]);
export type PutCredentials = z.infer<typeof putCredentialsSchema>;

/** The user's credentials, each for one server alone. */
export interface Credentials {
  /** @param origin of the server; the same key is never sent to another one. */
  s3(origin: string): Promise<S3Credentials | undefined>;
  /** Undefined where the server takes uploads from anybody, or its address holds the permission. */
  put(origin: string): Promise<PutCredentials | undefined>;
}

/** The `Authorization` header of credentials. */
export function authorization(credentials: PutCredentials): string {
  switch (credentials.kind) {
    case "basic":
      return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
    case "bearer":
      return `Bearer ${credentials.token}`;
  }
}
