import * as z from "zod";
import { uploadKinds } from "./uploadKinds.ts";

/** A way of uploading images to the user's own storage. */
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
