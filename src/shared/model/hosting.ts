import * as z from "zod";

/** The ways to upload images to the user's own storage. `hosting/strategies.ts` defines how each works. */
export const uploadKinds = ["s3", "put"] as const;
export type UploadKind = (typeof uploadKinds)[number];

/** How image files get to the service: inside the request, or as URLs in the user's own storage. */
export const hostingKinds = ["dataUri", ...uploadKinds] as const;
export const hostingKindSchema = z.enum(hostingKinds);
export type HostingKind = z.infer<typeof hostingKindSchema>;

/** What a user can choose: a kind, or `auto` for the one that needs no setup. */
const hostingChoices = ["auto", ...hostingKinds] as const;
export const hostingChoiceSchema = z.enum(hostingChoices);
export type HostingChoice = z.infer<typeof hostingChoiceSchema>;

/** The kind that a choice stands for. */
export function hostingKindOf(choice: HostingChoice): HostingKind {
  return choice === "auto" ? "dataUri" : choice;
}
