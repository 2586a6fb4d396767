import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { isSetUp } from "../hosting/strategies.ts";
import type { Limits } from "../jobs/limits.ts";
import { isLoopback } from "../net/trust.ts";
import { fileNameSetting, takeNames, unknownPlaceholders } from "../output/naming.ts";
import type { Target } from "../output/target.ts";
import { expandPath } from "../output/writtenPath.ts";
import type { VideoCaps } from "../shared/model/budget.ts";
import { checkParameters, isValid } from "../shared/model/draft.ts";
import { type HostingChoice, hostingChoiceSchema, type UploadKind } from "../shared/model/hosting.ts";
import { namesWithSetting, type Parameters } from "../shared/model/parameters.ts";
import { type Problem, ProblemError } from "../shared/model/problem.ts";
import { uploadKinds } from "../shared/model/uploadKinds.ts";
import { rangeText } from "../shared/texts.ts";
import type { HttpSettings } from "./http.ts";

const section = "wanFlf2v";

/**
 * The user's settings, parsed on each read. An invalid value is an error that names the setting; it is never silently
 * replaced. Each reader throws {@link ProblemError} `settingInvalid`, except {@link limits}: invalid settings must not stop us
 * from following and saving what was paid for. There the last valid value counts, and {@link settingsProblem} reports the
 * problem.
 */
export class Settings {
  readonly #jobsAtOnce = new Lasting("jobsAtOnce", z.int().min(1).max(50), 4, { allowed: "1–50" });
  readonly #maximumVideoSize = new Lasting("maximumVideoSize", z.int().min(1).max(10_000), 512, {
    allowed: "1–10000",
  });
  // Not the last valid value: after a typo it could delete what the user meant to keep.
  readonly #deleteUploads = new Lasting("deleteUploads", z.boolean(), undefined, { always: true });
  readonly #keepFinishedJobs = new Lasting("keepFinishedJobs", z.int().min(1).max(longestKept), longestKept, {
    always: true,
    allowed: `1–${longestKept}`,
  });
  // Not the last valid value: after a typo it could tell a prompt that its user wants to keep.
  readonly #recipeInVideo = new Lasting("writeRecipeIntoVideo", z.boolean(), false, { always: true });
  readonly #trustedHosts = new Lasting("trustedDownloadHosts", hostsSchema, []);

  /** Origin of the API: https, or http on this machine. */
  service(): string {
    return read("apiBaseUrl", serviceSchema);
  }

  /** The folder for videos as written in the setting: absolute, or relative to the start image's workspace folder. */
  outputFolder(scope: vscode.Uri | undefined): string {
    return read("outputFolder", z.string().trim().min(1), { scope });
  }

  /**
   * The template for a video's file name, with its placeholders.
   * @throws {ProblemError} `settingInvalid` or `variableUnknown`.
   */
  fileName(scope: vscode.Uri | undefined): string {
    const template = read("fileName", z.string().trim().min(1), { scope });
    const [unknown] = unknownPlaceholders(template);
    if (unknown !== undefined) {
      throw new ProblemError({ code: "variableUnknown", where: fileNameSetting, variable: `\${${unknown}}` });
    }
    return template;
  }

  /** How many videos are rendered at once. Never throws. */
  jobsAtOnce(): number {
    return this.#jobsAtOnce.value();
  }

  /** The limits for the engine. Never throws. */
  limits(): Limits {
    return {
      jobsAtOnce: this.jobsAtOnce(),
      videoBytes: this.#maximumVideoSize.value() * 1024 * 1024,
      deleteUploads: this.#deleteUploads.value(),
      recipeInVideo: this.#recipeInVideo.value(),
      keepEnded: this.#keepFinishedJobs.value() * 24 * 3_600_000,
      trustedHosts: this.#trustedHosts.value(),
    };
  }

  /** The problem with a setting that {@link limits} reads. Until it is fixed, nothing new may be sent. */
  settingsProblem(): Problem | undefined {
    const lasting = [
      this.#jobsAtOnce,
      this.#maximumVideoSize,
      this.#deleteUploads,
      this.#keepFinishedJobs,
      this.#recipeInVideo,
      this.#trustedHosts,
    ];
    return lasting.map((setting) => setting.problem()).find((problem) => problem !== undefined);
  }

  /** The problems of all invalid settings, except those of image storage, which may be unfinished. */
  problems(): Problem[] {
    const readers: readonly (() => unknown)[] = [
      () => this.service(),
      () => this.imageHosting(),
      () => this.defaults(),
      () => this.confirmAbove(),
      () => this.monthlyCap(),
      () => this.videoCaps(),
      () => this.outputFolder(undefined),
      () => this.fileName(undefined),
    ];
    return [this.settingsProblem(), ...readers.map(problemIn)].filter((problem) => problem !== undefined);
  }

  /** How image files get to the service if a draft does not specify it. */
  imageHosting(): HostingChoice {
    return read("imageHosting", hostingChoiceSchema, { allowed: hostingChoiceSchema.options.join(", ") });
  }

  /** The raw settings of one kind of image storage. The caller parses them. Never throws. */
  storage(kind: UploadKind): unknown {
    return vscode.workspace.getConfiguration(section).get(kind);
  }

  /** The image upload that is set up: the chosen one, or else one whose settings are filled in; undefined if none. */
  uploader(): UploadKind | undefined {
    const chosen = this.imageHosting();
    return uploadKinds.find((kind) => kind === chosen) ?? uploadKinds.find((kind) => isSetUp(kind, this.storage(kind)));
  }

  /** The base price in USD above which the user must confirm a video; null never asks. */
  confirmAbove(): number | null {
    return read("confirmAbove", z.number().min(0).nullable());
  }

  /** USD that all videos in a calendar month may cost; null for no limit. */
  monthlyCap(): number | null {
    return read("monthlyCap", z.number().min(0).nullable());
  }

  /** How many videos may be made on a calendar day and in a calendar month. */
  videoCaps(): VideoCaps {
    return { day: read("videosPerDay", videoCapSchema), month: read("videosPerMonth", videoCapSchema) };
  }

  /** The user's own values for the model's defaults. */
  defaults(): Parameters {
    const values: Record<string, unknown> = {};
    for (const [name, setting] of namesWithSetting) {
      const value: unknown = vscode.workspace.getConfiguration(section).get(`defaults.${setting}`);
      if (value !== null && value !== undefined) {
        if (!isValid(name, value)) {
          throw invalid(`defaults.${setting}`, value, rangeText(name));
        }
        values[name] = value;
      }
    }
    return checkParameters(values);
  }

  /** VS Code's own network settings that its `fetch` needs help to honor. */
  http(): HttpSettings {
    const http = vscode.workspace.getConfiguration("http");
    return {
      dispatcherAvoidsProxy: http.get("proxySupport") === "on",
      strictCertificates: http.get("proxyStrictSSL") !== false,
    };
  }

  onDidChange(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) {
        listener();
      }
    });
  }

  /** Adds a host to those that the user trusts, for all jobs. Throws if the current value is invalid. */
  async trustHost(host: string): Promise<void> {
    // Throws here, so that an invalid value is not overwritten.
    const hosts = read("trustedDownloadHosts", hostsSchema);
    await vscode.workspace
      .getConfiguration(section)
      .update("trustedDownloadHosts", [...hosts, host], vscode.ConfigurationTarget.Global);
  }
}

/** The most days that ended jobs can be kept. */
const longestKept = 3650;
/** 0 is no limit, as empty is: nobody installs this to make no video. */
const videoCapSchema = z
  .int()
  .min(0)
  .nullable()
  .transform((cap) => (cap === 0 ? null : cap));
const hostsSchema = z.array(z.string().trim().toLowerCase());

/** A setting that work in progress depends on. While it is invalid, its last valid value counts. */
class Lasting<T, F = T> {
  readonly #key: string;
  readonly #schema: z.ZodType<T>;
  readonly #instead: F;
  readonly #always: boolean;
  readonly #allowed: string | undefined;
  #last: T | F;

  /**
   * @param instead the value that counts if the setting has not yet been valid in this window
   * @param always `instead` counts whenever the setting is invalid; for a setting that decides about deleting
   * @param allowed what the setting can be, for the message
   */
  constructor(
    key: string,
    schema: z.ZodType<T>,
    instead: F,
    { always = false, allowed }: { readonly always?: boolean; readonly allowed?: string } = {},
  ) {
    this.#key = key;
    this.#schema = schema;
    this.#instead = instead;
    this.#always = always;
    this.#allowed = allowed;
    this.#last = instead;
  }

  value(): T | F {
    if (this.#always) {
      this.#last = this.#instead;
    }
    problemIn(() => {
      this.#last = this.#read();
    });
    return this.#last;
  }

  problem(): Problem | undefined {
    return problemIn(() => this.#read());
  }

  #read(): T {
    return read(this.#key, this.#schema, { allowed: this.#allowed });
  }
}

/** The problem that a reader of a setting throws, if any. */
function problemIn(reader: () => unknown): Problem | undefined {
  try {
    reader();
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) {
      return error.problem;
    }
    throw error;
  }
}

/** The value of a setting for display; undefined if it is invalid, which is reported elsewhere. */
export function known<T>(reader: () => T): T | undefined {
  let value: T | undefined;
  problemIn(() => {
    value = reader();
  });
  return value;
}

const serviceSchema = z
  .string()
  .trim()
  .refine((text) => {
    const url = URL.parse(text);
    if (
      url === null ||
      url.username !== "" ||
      url.password !== "" ||
      url.pathname !== "/" ||
      url.search !== "" ||
      url.hash !== ""
    ) {
      return false;
    }
    return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
  })
  .transform((text) => new URL(text).origin);

/** @param allowed what the setting can be, for the message */
function read<T>(
  key: string,
  schema: z.ZodType<T>,
  { scope, allowed }: { readonly scope?: vscode.Uri | undefined; readonly allowed?: string | undefined } = {},
): T {
  const value: unknown = vscode.workspace.getConfiguration(section, scope).get(key);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw invalid(key, value, allowed);
  }
  return parsed.data;
}

/** Omits a password in a URL. */
function invalid(key: string, value: unknown, allowed: string | undefined): ProblemError {
  const shown = (JSON.stringify(value) ?? "").replace(/\/\/[^/@]*@/g, "//…@");
  return new ProblemError({
    ...{ code: "settingInvalid", setting: `${section}.${key}`, value: shown },
    ...(allowed !== undefined && { allowed }),
  });
}

/** The workspace folder that contains a start image, or else the first one. */
function ownerOf(start: vscode.Uri | undefined): vscode.WorkspaceFolder | undefined {
  return (
    (start === undefined ? undefined : vscode.workspace.getWorkspaceFolder(start)) ??
    vscode.workspace.workspaceFolders?.[0]
  );
}

/** The absolute path of the workspace folder for a video of `start`; undefined if none is open. */
function workspaceFor(start: vscode.Uri | undefined): string | undefined {
  const owner = ownerOf(start);
  return owner?.uri.scheme === "file" ? owner.uri.fsPath : undefined;
}

/**
 * The absolute folder for a video of `start`. A relative setting is below the start image's workspace folder, or else below
 * the first workspace folder.
 * @throws {ProblemError} `noFolder` if the setting is relative and no folder is open; `variableUnknown`.
 */
export function outputFolderFor(settings: Settings, start: vscode.Uri | undefined): string {
  const workspace = workspaceFor(start);
  const written = settings.outputFolder(ownerOf(start)?.uri);
  const folder = expandPath(written, { home: homedir(), workspace }, `${section}.outputFolder`);
  if (isAbsolute(folder)) {
    return folder;
  }
  if (workspace === undefined) {
    throw new ProblemError({ code: "noFolder" });
  }
  return join(workspace, folder);
}

/**
 * Where a video goes, and its file name.
 * @param startPath absolute path of its start image, if that is a file
 * @param folder absolute path of a folder chosen for this video, instead of the setting's
 * @throws {ProblemError} `settingInvalid`, `noFolder`, `variableUnknown`
 */
export function targetFor(settings: Settings, startPath: string | undefined, folder: string | undefined): Target {
  const start = startPath === undefined ? undefined : vscode.Uri.file(startPath);
  return {
    folder: folder ?? outputFolderFor(settings, start),
    workspace: workspaceFor(start),
    fileName: settings.fileName(start),
  };
}

/**
 * Where the videos of a recipe (absolute path) go: beside it, under its name.
 * @param video the file name of the video that it has already
 */
export function recipeTarget(recipe: string, video: string | undefined): Target {
  return {
    folder: dirname(recipe),
    workspace: workspaceFor(vscode.Uri.file(recipe)),
    fileName: takeNames(recipe, video),
  };
}
