import * as z from "zod";
import { sideSchema } from "./side.ts";

/** Why a file is no whole video. Rows of earlier versions have a library's words there. */
const notAVideoReasonSchema = z
  .enum(["empty", "unknownFormat", "noVideo", "truncated", "damaged", "encrypted", "noTimes", "tooLong", "other"])
  .catch("other");

/**
 * All that can go wrong in words of data: a code and its facts. A problem is kept in the journal and put into a sentence,
 * in the user's language, only where it is shown (`ui/words/problem.ts`). It never holds a token, a data URI or a result URL.
 */
const plainSchemas = [
  // Draft and images: nothing was sent.
  z.object({ code: z.literal("promptEmpty") }),
  z.object({ code: z.literal("parameterInvalid"), word: z.string(), value: z.string() }),
  z.object({ code: z.literal("parameterUnknown"), key: z.string() }),
  z.object({ code: z.literal("argumentInvalid"), argument: z.string() }),
  /** An image's address; only its host is kept, since an address may hold a permission. */
  z.object({ code: z.literal("imageAddressInvalid"), side: sideSchema }),
  z.object({ code: z.literal("imageAddressPrivate"), side: sideSchema, host: z.string() }),
  z.object({
    code: z.literal("notAFile"),
    /** What it calls itself. */
    name: z.string(),
    reason: z.enum(["elsewhere", "unsaved", "web", "data", "view"]),
  }),
  z.object({ code: z.literal("imageMissing"), path: z.string() }),
  z.object({ code: z.literal("imageEmpty"), path: z.string() }),
  z.object({ code: z.literal("notAnImage"), path: z.string() }),
  z.object({ code: z.literal("imageUnreadable"), path: z.string() }),
  z.object({ code: z.literal("imageUnsupported"), path: z.string() }),
  z.object({
    code: z.literal("imageTooLarge"),
    path: z.string(),
    /** Pixels; 0 where its header was not looked at. */
    width: z.number(),
    height: z.number(),
    /** The most pixels that an image of its kind may have. */
    maxPixels: z.number().optional(),
    /** Size of the file, where that is too large. */
    bytes: z.number().optional(),
  }),
  z.object({ code: z.literal("imageHarmful"), path: z.string() }),
  z.object({ code: z.literal("imageChanged"), path: z.string() }),
  z.object({ code: z.literal("imageLost") }),
  z.object({ code: z.literal("workerFailed"), reason: z.string() }),
  z.object({ code: z.literal("noFolder") }),
  // Image hosting: nothing was sent to the service, or nothing was made of it.
  z.object({ code: z.literal("imagesTooLarge"), limit: z.number() }),
  z.object({ code: z.literal("storageNotConfigured"), setting: z.string() }),
  z.object({ code: z.literal("credentialsMissing"), host: z.string() }),
  z.object({
    code: z.literal("storageUnreachable"),
    host: z.string(),
    reason: z.string(),
    /** What stands in the way is the secret storage, where its credentials may lie. */
    locked: z.literal(true).optional(),
  }),
  z.object({
    code: z.literal("storageRefused"),
    host: z.string(),
    status: z.number(),
    reason: z.enum(["credentials", "place", "region", "redirect", "clock", "other"]),
    serviceCode: z.string().optional(),
  }),
  z.object({
    code: z.literal("dataUriRefused"),
    status: z.number(),
    serviceCode: z.number().optional(),
    message: z.string(),
  }),
  // Settings and token: nothing was sent.
  z.object({ code: z.literal("settingInvalid"), setting: z.string(), value: z.string() }),
  /** A path that a person wrote holds something that is filled in elsewhere, but not here. */
  z.object({ code: z.literal("variableUnknown"), where: z.string(), variable: z.string() }),
  z.object({
    code: z.literal("capReached"),
    /** USD: the cap, what the month has cost or is about to, and what this video would add where that is known. */
    cap: z.number(),
    spent: z.number(),
    estimate: z.number().optional(),
  }),
  z.object({ code: z.literal("capUnsure"), cap: z.number() }),
  z.object({ code: z.literal("tokenMissing") }),
  z.object({ code: z.literal("tokenRefused") }),
  z.object({ code: z.literal("tokenStoreFails") }),
  /** The environment variable that a token would be taken from holds none; its value is not kept. */
  z.object({ code: z.literal("tokenMalformed"), variable: z.string() }),
  // The service's answers.
  z.object({ code: z.literal("noBalance") }),
  z.object({ code: z.literal("refused"), status: z.number(), serviceCode: z.number().optional(), message: z.string() }),
  z.object({ code: z.literal("throttled") }),
  z.object({
    code: z.literal("unreachable"),
    host: z.string(),
    reason: z.string(),
    /** Where the proxy is what stands in the way, and why. */
    proxy: z.enum(["unreachable", "signIn", "refused"]).optional(),
  }),
  z.object({ code: z.literal("certificate"), host: z.string(), reason: z.string() }),
  z.object({ code: z.literal("serviceTrouble"), status: z.number().optional(), reason: z.string() }),
  z.object({ code: z.literal("notOurs") }),
  z.object({ code: z.literal("requestUnknown") }),
  /** It was unclear for a while. */
  z.object({ code: z.literal("notSentAfterAll") }),
  /** The user entered the id of a request that another job has. */
  z.object({ code: z.literal("requestFollowed") }),
  z.object({ code: z.literal("watchStopped") }),
  z.object({ code: z.literal("generationFailed"), message: z.string() }),
  z.object({ code: z.literal("noVideo") }),
  // Saving: the video is paid for and can still be had.
  z.object({ code: z.literal("hostNotTrusted"), host: z.string(), never: z.boolean().optional() }),
  z.object({ code: z.literal("videoExpired") }),
  z.object({ code: z.literal("downloadFailed"), reason: z.string() }),
  z.object({ code: z.literal("notAVideo"), reason: notAVideoReasonSchema }),
  z.object({
    code: z.literal("videoCheckFailed"),
    reason: z.enum(["time", "memory", "crashed"]),
    /** Where the video stands, where it had its place already. */
    path: z.string().optional(),
  }),
  z.object({ code: z.literal("videoTooLarge"), limit: z.number() }),
  z.object({ code: z.literal("fileTooLargeToShow"), path: z.string(), limit: z.number() }),
  z.object({
    code: z.literal("folderUnusable"),
    path: z.string(),
    reason: z.enum(["missing", "readOnly", "notAFolder", "full", "other"]),
  }),
  // The journal.
  z.object({ code: z.literal("journalNewer"), path: z.string() }),
  z.object({ code: z.literal("journalUnreadable"), path: z.string() }),
  /** It was emptied or got older content, and what the window knew was put back. */
  z.object({ code: z.literal("journalWentBack") }),
  /** Nobody foresaw it; `reason` is the error's code or name. */
  z.object({ code: z.literal("unexpected"), reason: z.string() }),
  /** Another window or program has it locked for long. */
  z.object({ code: z.literal("journalBusy") }),
  z.object({ code: z.literal("jobUnknown"), id: z.string() }),
  z.object({ code: z.literal("notPossibleNow"), state: z.string() }),
] as const;

/** What became of a paid request is not known. */
const unclearSchema = z.object({
  code: z.literal("submitUnclear"),
  reason: z.string(),
  /** The request that an answer named which was otherwise no acceptance. */
  requestId: z.string().optional(),
  /** It is about an earlier request: why the last one was not sent or not taken, in a word that a later version may not know. */
  refused: z.discriminatedUnion("code", plainSchemas).optional().catch(undefined),
});

export const problemSchema = z.discriminatedUnion("code", [...plainSchemas, unclearSchema]);
export type Problem = z.infer<typeof problemSchema>;

/** An error that a person can understand and act on; everything else that is thrown is a fault of ours. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.code, options);
    this.problem = problem;
  }
}

/** The problem that an error carries; throws an error that carries none. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) {
    return error.problem;
  }
  throw error;
}
