import * as z from "zod";
import { sideSchema } from "./side.ts";

/** Why a file is not a complete video. Rows from earlier versions contain a library's own message instead. */
const notAVideoReasonSchema = z
  .enum(["empty", "unknownFormat", "noVideo", "truncated", "damaged", "encrypted", "noTimes", "tooLong", "other"])
  .catch("other");

/**
 * Everything that can go wrong, as data: a code and its facts. The journal stores problems, and `ui/words/problem.ts` puts
 * them into the user's language only for display. A problem never contains a token, a data URI or a result URL.
 */
const plainSchemas = [
  // Draft and images: nothing was sent.
  z.object({ code: z.literal("promptEmpty") }),
  z.object({ code: z.literal("parameterInvalid"), word: z.string(), value: z.string() }),
  z.object({ code: z.literal("parameterUnknown"), key: z.string() }),
  z.object({ code: z.literal("argumentInvalid"), argument: z.string() }),
  /** About an image's URL. We store only its host, because a URL can contain a permission. */
  z.object({ code: z.literal("imageAddressInvalid"), side: sideSchema }),
  z.object({ code: z.literal("imageAddressPrivate"), side: sideSchema, host: z.string() }),
  z.object({
    code: z.literal("notAFile"),
    /** The last part of its address, for display. */
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
    /** Pixels; 0 if the header was not read. */
    width: z.number(),
    height: z.number(),
    /** The most pixels that we accept in an image of this kind. */
    maxPixels: z.number().optional(),
    /** Size of the file, if that is what is too large. */
    bytes: z.number().optional(),
  }),
  z.object({ code: z.literal("imageHarmful"), path: z.string() }),
  z.object({ code: z.literal("imageChanged"), path: z.string() }),
  z.object({ code: z.literal("imageLost") }),
  z.object({ code: z.literal("workerFailed"), reason: z.string() }),
  z.object({ code: z.literal("noFolder") }),
  // Image hosting: nothing was sent to the service, or the service made nothing of it.
  z.object({ code: z.literal("imagesTooLarge"), limit: z.number() }),
  z.object({ code: z.literal("storageNotConfigured"), setting: z.string() }),
  z.object({ code: z.literal("credentialsMissing"), host: z.string() }),
  z.object({
    code: z.literal("storageUnreachable"),
    host: z.string(),
    reason: z.string(),
    /** The reason is the locked secret storage, which may contain the credentials. */
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
  z.object({
    code: z.literal("settingInvalid"),
    setting: z.string(),
    /** The value found, JSON. */
    value: z.string(),
    /** What it can be, if that is a range or a short list. */
    allowed: z.string().optional(),
  }),
  /** A path that the user wrote contains a variable that is not supported here. */
  z.object({ code: z.literal("variableUnknown"), where: z.string(), variable: z.string() }),
  z.object({
    code: z.literal("capReached"),
    /** USD: the cap, what this month's videos have cost or will cost, and what this video would add, if known. */
    cap: z.number(),
    spent: z.number(),
    estimate: z.number().optional(),
  }),
  z.object({ code: z.literal("capUnsure"), cap: z.number() }),
  z.object({
    code: z.literal("videosReached"),
    per: z.enum(["day", "month"]),
    /** Videos: the cap, and how many were or may be paid for since the day or month began. */
    cap: z.number(),
    made: z.number(),
  }),
  z.object({ code: z.literal("tokenMissing") }),
  z.object({ code: z.literal("tokenRefused") }),
  z.object({ code: z.literal("tokenStoreFails") }),
  /** The environment variable for the token does not contain one. We do not store its value. */
  z.object({ code: z.literal("tokenMalformed"), variable: z.string() }),
  // The service's answers.
  z.object({ code: z.literal("noBalance") }),
  z.object({ code: z.literal("refused"), status: z.number(), serviceCode: z.number().optional(), message: z.string() }),
  z.object({ code: z.literal("throttled") }),
  z.object({
    code: z.literal("unreachable"),
    host: z.string(),
    reason: z.string(),
    /** Why the proxy is the obstacle, if it is. */
    proxy: z.enum(["unreachable", "signIn", "refused"]).optional(),
  }),
  z.object({ code: z.literal("certificate"), host: z.string(), reason: z.string() }),
  z.object({ code: z.literal("serviceTrouble"), status: z.number().optional(), reason: z.string() }),
  z.object({ code: z.literal("notOurs") }),
  z.object({ code: z.literal("requestUnknown") }),
  /** Whether it was sent was unclear for a while. */
  z.object({ code: z.literal("notSentAfterAll") }),
  /** The user entered the id of another job's request. */
  z.object({ code: z.literal("requestFollowed") }),
  /** It has so many errors. Nothing is rendered of it. */
  z.object({ code: z.literal("recipeBroken"), path: z.string(), errors: z.number() }),
  /** A video (absolute path) of a job (id) was made of the very same request, seed included, and is still there, byte for byte. */
  z.object({ code: z.literal("alreadyRendered"), video: z.string(), job: z.string() }),
  /** Its video is there, and nothing has changed since. */
  z.object({ code: z.literal("recipeUpToDate"), path: z.string() }),
  /** Somebody else has rendered a recipe since the caller looked at it: another window, or another program. */
  z.object({ code: z.literal("recipeBusy") }),
  // Creating recipes.
  z.object({ code: z.literal("outsideWorkspace"), path: z.string() }),
  z.object({ code: z.literal("batchTooLarge"), path: z.string(), limit: z.number() }),
  z.object({ code: z.literal("tableUnreadable"), path: z.string() }),
  /** `first` is the first of its errors, in the user's language. */
  z.object({ code: z.literal("tableBroken"), path: z.string(), errors: z.number(), first: z.string() }),
  /** So many were written before. The reason is the file system's code. */
  z.object({ code: z.literal("recipeNotWritten"), path: z.string(), made: z.number(), reason: z.string() }),
  z.object({
    code: z.literal("watchStopped"),
    /** The service said that it doesn't know the request. */
    denied: z.literal(true).optional(),
  }),
  z.object({ code: z.literal("generationFailed"), message: z.string() }),
  z.object({ code: z.literal("noVideo") }),
  // Saving: the video is paid for and can still be downloaded.
  z.object({ code: z.literal("hostNotTrusted"), host: z.string(), never: z.boolean().optional() }),
  z.object({ code: z.literal("videoExpired") }),
  z.object({ code: z.literal("downloadFailed"), reason: z.string() }),
  z.object({ code: z.literal("notAVideo"), reason: notAVideoReasonSchema }),
  z.object({
    code: z.literal("videoCheckFailed"),
    reason: z.enum(["time", "memory", "crashed"]),
    /** Where the video is, if it was already in place. */
    path: z.string().optional(),
  }),
  z.object({ code: z.literal("videoTooLarge"), limit: z.number() }),
  z.object({ code: z.literal("videoMissing"), path: z.string() }),
  z.object({ code: z.literal("notARecipe"), path: z.string() }),
  /** A recipe that has no such take, and one that cannot be written. */
  z.object({ code: z.literal("takeUnknown"), path: z.string() }),
  z.object({ code: z.literal("recipeLocked"), path: z.string() }),
  z.object({ code: z.literal("recipeUnknown"), path: z.string() }),
  z.object({ code: z.literal("fileTooLargeToShow"), path: z.string(), limit: z.number() }),
  z.object({
    code: z.literal("folderUnusable"),
    path: z.string(),
    reason: z.enum(["missing", "readOnly", "notAFolder", "full", "other"]),
  }),
  // The journal.
  z.object({ code: z.literal("journalNewer"), path: z.string() }),
  z.object({ code: z.literal("journalUnreadable"), path: z.string() }),
  /** It was emptied or replaced by an older version, and the window restored what it knew. */
  z.object({ code: z.literal("journalWentBack") }),
  /** An unforeseen error; `reason` is its code or name. */
  z.object({ code: z.literal("unexpected"), reason: z.string() }),
  /** Another window or program has kept it locked for a long time. */
  z.object({ code: z.literal("journalBusy") }),
  z.object({ code: z.literal("jobUnknown"), id: z.string() }),
  z.object({ code: z.literal("notPossibleNow"), state: z.string() }),
] as const;

/** The outcome of a paid request is unknown. */
const unclearSchema = z.object({
  code: z.literal("submitUnclear"),
  reason: z.string(),
  /** The request named in an answer that did not otherwise confirm acceptance. */
  requestId: z.string().optional(),
  /** Set if this is about an earlier request: why the latest one was not sent or accepted. Unknown codes are ignored. */
  refused: z.discriminatedUnion("code", plainSchemas).optional().catch(undefined),
});

export const problemSchema = z.discriminatedUnion("code", [...plainSchemas, unclearSchema]);
export type Problem = z.infer<typeof problemSchema>;

/** An error that the user can understand and act on. Any other thrown error is a bug. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.code, options);
    this.problem = problem;
  }
}

/** The problem in an error. Rethrows an error that contains none. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) {
    return error.problem;
  }
  throw error;
}
