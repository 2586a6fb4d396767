import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { isSetUp } from "../hosting/strategies.ts";
import type { Limits } from "../jobs/limits.ts";
import { isLoopback } from "../net/trust.ts";
import { unknownPlaceholders } from "../output/naming.ts";
import type { Target } from "../output/target.ts";
import { expandPath } from "../output/writtenPath.ts";
import { checkParameters, isValid } from "../shared/model/draft.ts";
import { type HostingChoice, hostingChoiceSchema, type UploadKind } from "../shared/model/hosting.ts";
import { namesWithSetting, type Parameters } from "../shared/model/parameters.ts";
import { type Problem, ProblemError } from "../shared/model/problem.ts";
import { uploadKinds } from "../shared/model/uploadKinds.ts";
import type { HttpSettings } from "./http.ts";

const section = "wanFlf2v";

/**
 * The user's settings, parsed at each reading. A wrong value is an error that names the setting; it is never replaced in
 * silence. Each reader throws {@link ProblemError} `settingInvalid`, but for {@link limits}: what was paid for is followed
 * and saved whatever they say, so there the last valid value counts, and {@link settingsProblem} tells what is wrong.
 */
export class Settings {
  readonly #jobsAtOnce = new Lasting("jobsAtOnce", z.int().min(1).max(50), 4);
  readonly #maximumVideoSize = new Lasting("maximumVideoSize", z.int().min(1).max(10_000), 512);
  // Not the last valid value: nothing is deleted for a typing error that the user may have meant to keep.
  readonly #deleteUploads = new Lasting("deleteUploads", z.boolean(), undefined, { always: true });
  readonly #keepFinishedJobs = new Lasting("keepFinishedJobs", z.int().min(1).max(longestKept), longestKept, {
    always: true,
  });
  readonly #trustedHosts = new Lasting("trustedDownloadHosts", hostsSchema, []);

  /** Origin of the API: https, or http on this machine. */
  service(): string {
    return read("apiBaseUrl", serviceSchema);
  }

  /** The folder for videos as the user wrote it: absolute, or relative to the workspace folder of the start image. */
  outputFolder(scope: vscode.Uri | undefined): string {
    return read("outputFolder", z.string().trim().min(1), scope);
  }

  /**
   * File name of a video, with what is yet to be filled in.
   * @throws {ProblemError} `settingInvalid`.
   */
  fileName(scope: vscode.Uri | undefined): string {
    return read("fileName", fileNameSchema, scope);
  }

  /** What the engine goes by. Never throws. */
  limits(): Limits {
    return {
      jobsAtOnce: this.#jobsAtOnce.value(),
      videoBytes: this.#maximumVideoSize.value() * 1024 * 1024,
      deleteUploads: this.#deleteUploads.value(),
      keepEnded: this.#keepFinishedJobs.value() * 24 * 3_600_000,
      trustedHosts: this.#trustedHosts.value(),
    };
  }

  /** What is wrong with what {@link limits} is read from: until it is corrected, nothing new is to be sent. */
  settingsProblem(): Problem | undefined {
    const lasting = [
      this.#jobsAtOnce,
      this.#maximumVideoSize,
      this.#deleteUploads,
      this.#keepFinishedJobs,
      this.#trustedHosts,
    ];
    return lasting.map((setting) => setting.problem()).find((problem) => problem !== undefined);
  }

  /** All settings that are not valid now, apart from those of image storage, which may be unfinished. */
  problems(): Problem[] {
    const readers: readonly (() => unknown)[] = [
      () => this.service(),
      () => this.imageHosting(),
      () => this.defaults(),
      () => this.confirmAbove(),
      () => this.monthlyCap(),
      () => this.outputFolder(undefined),
      () => this.fileName(undefined),
    ];
    return [this.settingsProblem(), ...readers.map(problemIn)].filter((problem) => problem !== undefined);
  }

  /** How image files get to the service where a draft does not say it. */
  imageHosting(): HostingChoice {
    return read("imageHosting", hostingChoiceSchema);
  }

  /** The settings of one kind of image storage as they are set; whoever uses them parses them. Never throws. */
  storage(kind: UploadKind): unknown {
    return vscode.workspace.getConfiguration(section).get(kind);
  }

  /** The image upload that is set up: the one chosen, else the one whose settings are filled in; undefined for none. */
  uploader(): UploadKind | undefined {
    const chosen = this.imageHosting();
    return uploadKinds.find((kind) => kind === chosen) ?? uploadKinds.find((kind) => isSetUp(kind, this.storage(kind)));
  }

  /** Base price in USD above which a video is made only once the user has confirmed it; null asks never. */
  confirmAbove(): number | null {
    return read("confirmAbove", z.number().min(0).nullable());
  }

  /** USD that all videos of a calendar month may cost; null for no limit. */
  monthlyCap(): number | null {
    return read("monthlyCap", z.number().min(0).nullable());
  }

  /** What the user's settings put in place of the model's defaults. */
  defaults(): Parameters {
    const values: Record<string, unknown> = {};
    for (const name of namesWithSetting) {
      const value: unknown = vscode.workspace.getConfiguration(section).get(`defaults.${name}`);
      if (value !== null && value !== undefined) {
        if (!isValid(name, value)) {
          throw invalid(`defaults.${name}`, value);
        }
        values[name] = value;
      }
    }
    return checkParameters(values);
  }

  /** VS Code's own settings of the network, as far as its `fetch` needs help to honour them. */
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

  /** Adds a host to those that the user trusts, for all jobs. Throws where what is set now is not valid. */
  async trustHost(host: string): Promise<void> {
    // What is not valid is not written over.
    const hosts = read("trustedDownloadHosts", hostsSchema);
    await vscode.workspace
      .getConfiguration(section)
      .update("trustedDownloadHosts", [...hosts, host], vscode.ConfigurationTarget.Global);
  }
}

/** Days that ended jobs can be kept at most. */
const longestKept = 3650;
const hostsSchema = z.array(z.string().trim().toLowerCase());

/** A setting that work under way depends on: its last valid value counts until it is corrected. */
class Lasting<T, F = T> {
  readonly #key: string;
  readonly #schema: z.ZodType<T>;
  readonly #instead: F;
  readonly #always: boolean;
  #last: T | F;

  /**
   * @param instead what counts where the setting has not been valid in this window yet
   * @param always it counts wherever the setting is not valid: for one by which something is deleted
   */
  constructor(key: string, schema: z.ZodType<T>, instead: F, { always = false } = {}) {
    this.#key = key;
    this.#schema = schema;
    this.#instead = instead;
    this.#always = always;
    this.#last = instead;
  }

  value(): T | F {
    if (this.#always) {
      this.#last = this.#instead;
    }
    problemIn(() => {
      this.#last = read(this.#key, this.#schema);
    });
    return this.#last;
  }

  problem(): Problem | undefined {
    return problemIn(() => read(this.#key, this.#schema));
  }
}

/** What a reader of a setting objects to. */
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

/** What settings say, as a view shows it: undefined where they are not valid, which is told elsewhere. */
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

const fileNameSchema = z
  .string()
  .trim()
  .min(1)
  .refine((template) => unknownPlaceholders(template).length === 0);

function read<T>(key: string, schema: z.ZodType<T>, scope?: vscode.Uri): T {
  const value: unknown = vscode.workspace.getConfiguration(section, scope).get(key);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw invalid(key, value);
  }
  return parsed.data;
}

/** A password in an address is not repeated. */
function invalid(key: string, value: unknown): ProblemError {
  const shown = (JSON.stringify(value) ?? "").replace(/\/\/[^/@]*@/g, "//…@");
  return new ProblemError({ code: "settingInvalid", setting: `${section}.${key}`, value: shown });
}

/** The folder that a start image belongs to, else the first one that is open. */
function ownerOf(start: vscode.Uri | undefined): vscode.WorkspaceFolder | undefined {
  return (
    (start === undefined ? undefined : vscode.workspace.getWorkspaceFolder(start)) ??
    vscode.workspace.workspaceFolders?.[0]
  );
}

/** The absolute path of the workspace folder that a video of `start` belongs to; undefined where none is open. */
function workspaceFor(start: vscode.Uri | undefined): string | undefined {
  const owner = ownerOf(start);
  return owner?.uri.scheme === "file" ? owner.uri.fsPath : undefined;
}

/**
 * The absolute folder that a video of `start` goes to: the setting, below the workspace folder of the start image, else
 * below the first workspace folder.
 * @throws {ProblemError} `noFolder` when the setting is relative and no folder is open; `variableUnknown`.
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
 * Where a video goes and what it is called.
 * @param startPath absolute path of its start image, where that is a file
 * @param folder absolute path of a folder chosen for it, in place of the setting's
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
