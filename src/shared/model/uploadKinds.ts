/**
 * The ways of uploading images to the user's own storage; `hosting/strategies.ts` says how each works. In a file of its own,
 * because what VS Code loads first uses it and must not load zod.
 */
export const uploadKinds = ["s3", "put"] as const;
