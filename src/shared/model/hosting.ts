import * as z from "zod";

/** How local images get to the service: inside the request, or as addresses on storage of the user's own. */
export const hostingKinds = ["dataUri", "s3", "put"] as const;
export const hostingKindSchema = z.enum(hostingKinds);
export type HostingKind = z.infer<typeof hostingKindSchema>;

/** The kinds that upload. */
export const uploadKinds = ["s3", "put"] as const satisfies HostingKind[];
export type UploadKind = (typeof uploadKinds)[number];

/** What a user can choose: a kind, or `auto`, which is the one that needs nothing set up. */
const hostingChoices = ["auto", ...hostingKinds] as const;
export const hostingChoiceSchema = z.enum(hostingChoices);
export type HostingChoice = z.infer<typeof hostingChoiceSchema>;

/** The kind that a choice stands for. */
export function hostingKindOf(choice: HostingChoice): HostingKind {
  return choice === "auto" ? "dataUri" : choice;
}
