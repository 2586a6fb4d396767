import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { type PutSettings, putSettingsSchema, type S3Settings, s3SettingsSchema } from "../hosting/settings.ts";
import type { Limits } from "../jobs/ports.ts";
import { checkParameters, isValid } from "../model/draft.ts";
import { type HostingChoice, hostingChoiceSchema, type UploadKind, uploadKinds } from "../model/hosting.ts";
import type { Parameters, SettableWord } from "../model/parameters.ts";
import { ProblemError } from "../model/problem.ts";
import { unknownPlaceholders } from "../output/naming.ts";
import { isLoopback } from "../output/trust.ts";
import type { HttpSettings } from "./http.ts";

export const section = "wanFlf2v";

/** The parameters that can have a default of the user's own. A seed cannot: it is drawn for each video. */
export const defaultWords = ["resolution", "length", "fps", "steps", "cfg", "shift"] as const satisfies SettableWord[];

/**
 * The user's settings, parsed at each reading. A wrong value is an error that names the setting; it is never replaced in
 * silence. Each reader throws {@link ProblemError} `settingInvalid`.
 */
export class Settings {
  /** Origin of the API: https, or http on this machine. */
  service(): string {
    return read("apiBaseUrl", serviceSchema);
  }

  /** The folder for videos as the user wrote it: absolute, or relative to the workspace folder of the start image. */
  outputFolder(scope: vscode.Uri | undefined): string {
    return read("outputFolder", z.string().trim().min(1), scope);
  }

  fileName(scope: vscode.Uri | undefined): string {
    return read("fileName", fileNameSchema, scope);
  }

  limits(): Limits {
    return {
      jobsAtOnce: read("jobsAtOnce", z.int().min(1).max(50)),
      videoBytes: read("maximumVideoSize", z.int().min(1).max(10_000)) * 1024 * 1024,
      deleteUploads: read("deleteUploads", z.boolean()),
      keepEnded: read("keepFinishedJobs", z.int().min(1).max(3650)) * 24 * 3_600_000,
      trustedHosts: read("trustedDownloadHosts", z.array(z.string().trim().toLowerCase())),
    };
  }

  /** How image files get to the service where a draft does not say it. */
  imageHosting(): HostingChoice {
    return read("imageHosting", hostingChoiceSchema);
  }

  /** @throws {ProblemError} `storageNotConfigured`. */
  s3(): S3Settings {
    return readStorage("s3", s3SettingsSchema);
  }

  /** @throws {ProblemError} `storageNotConfigured`. */
  put(): PutSettings {
    return readStorage("put", putSettingsSchema);
  }

  /** The image upload that is set up: the one chosen, else the one whose settings are filled in; undefined for none. */
  uploader(): UploadKind | undefined {
    const chosen = this.imageHosting();
    const isSetUp = (kind: UploadKind) => {
      try {
        this[kind]();
        return true;
      } catch {
        return false;
      }
    };
    return uploadKinds.find((kind) => kind === chosen) ?? uploadKinds.find(isSetUp);
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
    for (const word of defaultWords) {
      const value: unknown = vscode.workspace.getConfiguration(section).get(`defaults.${word}`);
      if (value !== null && value !== undefined) {
        if (!isValid(word, value)) {
          throw invalid(`defaults.${word}`, value);
        }
        values[word] = value;
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

  async trustHost(host: string): Promise<void> {
    const hosts = this.limits().trustedHosts;
    await vscode.workspace
      .getConfiguration(section)
      .update("trustedDownloadHosts", [...hosts, host], vscode.ConfigurationTarget.Global);
  }
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

/** What is wrong with storage is told without the value: an address or a header may hold a permission. */
function readStorage<T>(part: UploadKind, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(vscode.workspace.getConfiguration(section).get(part));
  if (!parsed.success) {
    const [key = ""] = parsed.error.issues[0]?.path ?? [];
    throw new ProblemError({ code: "storageNotConfigured", setting: `${section}.${part}.${String(key)}` });
  }
  return parsed.data;
}

function invalid(key: string, value: unknown): ProblemError {
  return new ProblemError({ code: "settingInvalid", setting: `${section}.${key}`, value: JSON.stringify(value) ?? "" });
}

/**
 * The absolute folder that a video of `start` goes to: the setting, below the workspace folder of the start image, else
 * below the first workspace folder.
 * @throws {ProblemError} `noFolder` when the setting is relative and no folder is open.
 */
export function outputFolderFor(settings: Settings, start: vscode.Uri | undefined): string {
  const owner =
    (start === undefined ? undefined : vscode.workspace.getWorkspaceFolder(start)) ??
    vscode.workspace.workspaceFolders?.[0];
  const folder = settings.outputFolder(owner?.uri);
  if (isAbsolute(folder)) {
    return folder;
  }
  if (owner === undefined || owner.uri.scheme !== "file") {
    throw new ProblemError({ code: "noFolder" });
  }
  return vscode.Uri.joinPath(owner.uri, folder).fsPath;
}
