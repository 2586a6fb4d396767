import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { createConformer } from "../images/conformer.ts";
import { CENTRE_CROP } from "../images/crop.ts";
import { ConformerError, ImageError, type ImageErrorCode } from "../images/errors.ts";
import type { Conformed } from "../jobs/ports.ts";
import type { Size } from "../model/parameters.ts";
import { type Problem, ProblemError } from "../model/problem.ts";

/** A small picture that a webview can show, with the size of its original in pixels, turned upright. */
export interface Thumbnail extends Size {
  readonly bytes: Uint8Array;
  readonly mime: string;
}

/** Image work in the product's own words; every method throws {@link ProblemError}. */
export interface Images {
  conform(image: { bytes: Uint8Array; path: string }, size: Size): Promise<Conformed>;
  /** `maxEdge` in pixels. */
  thumbnail(path: string, maxEdge: number): Promise<Thumbnail>;
  dispose(): Promise<void>;
}

/** The image thread as it lies in the extension's folder. */
export function createImages(extensionUri: vscode.Uri): Images {
  const beside = (...names: string[]) => pathToFileURL(vscode.Uri.joinPath(extensionUri, "dist", ...names).fsPath);
  const conformer = createConformer({ worker: beside("conform-worker.mjs"), vips: beside("vips", "vips-node.mjs") });
  return {
    conform: ({ bytes, path }, target) =>
      inOurWords(path, () => conformer.conform({ source: { bytes }, target, plan: CENTRE_CROP })),
    thumbnail: (path, maxEdge) =>
      inOurWords(path, async () => {
        const { width, height } = await conformer.inspect({ path });
        const { webp } = await conformer.thumbnail({ source: { path }, maxEdge });
        return { bytes: webp, mime: "image/webp", width, height };
      }),
    dispose: () => conformer.dispose(),
  };
}

const problems: Record<
  Exclude<ImageErrorCode, "tooLarge">,
  "imageMissing" | "imageEmpty" | "notAnImage" | "imageUnsupported" | "imageUnreadable"
> = {
  missing: "imageMissing",
  empty: "imageEmpty",
  notAnImage: "notAnImage",
  unsupported: "imageUnsupported",
  unreadable: "imageUnreadable",
};

async function inOurWords<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImageError) {
      throw new ProblemError(imageProblem(error, path), { cause: error });
    }
    if (error instanceof ConformerError) {
      throw new ProblemError({ code: "workerFailed", reason: error.code }, { cause: error });
    }
    throw error;
  }
}

function imageProblem({ code, facts }: ImageError, path: string): Problem {
  return code === "tooLarge"
    ? { code: "imageTooLarge", path, width: facts.width ?? 0, height: facts.height ?? 0 }
    : { code: problems[code], path };
}
