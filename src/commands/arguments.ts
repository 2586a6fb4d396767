import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { type IsHere, pathOf } from "../host/files.ts";
import { expandPath } from "../output/writtenPath.ts";
import { checkParameters, type Draft, type ImageSource } from "../shared/model/draft.ts";
import { hostingChoiceSchema } from "../shared/model/hosting.ts";
import { pairPlansSchema } from "../shared/model/plan.ts";
import { ProblemError } from "../shared/model/problem.ts";

/** A file on this machine: a URI, an absolute path, or a path relative to the first workspace folder. */
export const pathArgument = z.union([z.string().min(1), z.custom<vscode.Uri>((value) => value instanceof vscode.Uri)]);
/** Such a file, or an https URL. */
const imageArgument = pathArgument;

const generateArgument = z.strictObject({
  start: imageArgument,
  end: imageArgument,
  prompt: z.string(),
  parameters: z.unknown().optional(),
  /** How each image file is fitted to the video's frame, in the format of recipes. */
  crop: pairPlansSchema.optional(),
  /** How image files get to the service; if missing, the settings decide. */
  hosting: hostingChoiceSchema.optional(),
  outputFolder: pathArgument.optional(),
});

/** A draft from a keybinding or another extension, and the absolute folder for its video, if specified. */
interface GenerateArgument {
  readonly draft: Draft;
  readonly folder: string | undefined;
}

/**
 * Parses the argument of `wanFlf2v.generate`.
 * @throws {ProblemError} `argumentInvalid` with the argument's name, or the problem with a parameter or a path
 */
export function parseGenerate(value: unknown, isHere: IsHere): GenerateArgument {
  const { start, end, prompt, parameters, crop, hosting, outputFolder } = parseOptions(generateArgument, value);
  const path = (given: string | vscode.Uri, argument: string) => localPath(given, argument, isHere);
  const source = (given: string | vscode.Uri, argument: string): ImageSource => {
    const url = addressIn(given, argument);
    return url === undefined ? { kind: "file", path: path(given, argument) } : { kind: "url", url };
  };
  return {
    draft: {
      start: source(start, "start"),
      end: source(end, "end"),
      prompt,
      parameters: checkParameters(parameters ?? {}),
      plans: crop,
      hosting,
    },
    folder: outputFolder === undefined ? undefined : path(outputFolder, "outputFolder"),
  };
}

/** True for the options of a program's call. What a menu adds is a list, or says where an editor is. */
export function isOptions(value: unknown): value is object {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof vscode.Uri) && !("groupId" in value);
}

/** @throws {ProblemError} `argumentInvalid` with the name of the option. */
export function parseOptions<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new ProblemError({ code: "argumentInvalid", argument: parsed.error.issues[0]?.path.join(".") || "?" });
  }
  return parsed.data;
}

/** The https URL that an argument is, if any. Refuses a URI with a query, whose original encoding is lost. */
function addressIn(value: string | vscode.Uri, argument: string): string | undefined {
  if (typeof value === "string") {
    return /^https:/i.test(value) ? value : undefined;
  }
  if (value.scheme !== "https") {
    return undefined;
  }
  if (value.query !== "") {
    throw new ProblemError({ code: "argumentInvalid", argument });
  }
  return value.toString();
}

/**
 * The absolute path that an argument is.
 * @throws {ProblemError} `argumentInvalid`, `variableUnknown` or `notAFile`.
 */
export function localPath(value: string | vscode.Uri, argument: string, isHere: IsHere): string {
  // A drive letter is not a scheme.
  const uri =
    typeof value !== "string" ? value : /^[a-z][a-z\d+.-]+:/i.test(value) ? vscode.Uri.parse(value) : undefined;
  if (uri !== undefined) {
    return pathOf(uri, "host", isHere);
  }
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const path = expandPath(value.toString(), { home: homedir(), workspace }, argument);
  if (isAbsolute(path)) {
    return path;
  }
  if (workspace === undefined) {
    throw new ProblemError({ code: "argumentInvalid", argument });
  }
  return resolve(workspace, path);
}
