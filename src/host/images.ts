import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import type { Compress } from "../hosting/inline.ts";
import { createConformer } from "../images/conformer.ts";
import { ConformerError, ImageError } from "../images/errors.ts";
import { imageProblem } from "../images/imageProblem.ts";
import { keepPicture, seePicture, tidyPictures } from "../images/pasted.ts";
import type { Assumption } from "../images/protocol.ts";
import type { Conformed } from "../jobs/ports.ts";
import type { CropPlan } from "../shared/model/plan.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { Size } from "../shared/model/size.ts";

/** A thumbnail that a webview can show, with the size of its original in pixels, orientation applied. */
export interface ShownPicture extends Size {
  readonly bytes: Uint8Array;
  readonly mime: string;
  /** What had to be assumed about its colors, as a sentence. */
  readonly assumed?: string;
  /** SHA-256 of the original's bytes, hex. */
  readonly sha256: string;
}

/** Work with images. Every method can throw {@link ProblemError}. */
export interface Images {
  conform(image: { bytes: Uint8Array; path: string }, size: Size, plan: CropPlan): Promise<Conformed>;
  /** The same picture in at most that many bytes; undefined if it does not fit. */
  readonly compress: Compress;
  /** The picture as it would be sent now, as a PNG. */
  preview(path: string, size: Size, plan: CropPlan): Promise<Uint8Array>;
  /** Size in pixels, with the orientation applied. */
  size(path: string): Promise<Size>;
  /** Saves a picture that has no file, and returns the absolute path. A problem refers to it by `name`. */
  keep(bytes: Uint8Array, name: string): Promise<string>;
  /** `maxEdge` in pixels. */
  thumbnail(path: string, maxEdge: number): Promise<ShownPicture>;
  /**
   * Removes saved pictures that had no file and are no longer needed.
   * @param needed absolute paths of the pictures that are still in use
   */
  tidy(needed: ReadonlySet<string>): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Image work in a thread of its own, whose program is in the extension's folder.
 * @param pasted absolute folder for pictures that have no file
 */
export function createImages(extensionUri: vscode.Uri, pasted: string, log: (message: string) => void): Images {
  const beside = (...names: string[]) => pathToFileURL(vscode.Uri.joinPath(extensionUri, "dist", ...names).fsPath);
  const conformer = createConformer({ worker: beside("conform-worker.mjs"), vips: beside("vips", "vips-node.mjs") });
  return {
    conform: ({ bytes, path }, target, plan) =>
      asProblem(path, () => conformer.conform({ source: { bytes }, target, plan })),
    compress: (bytes, maxBytes) => asProblem("", () => conformer.compress({ source: { bytes }, maxBytes })),
    preview: (path, target, plan) =>
      asProblem(path, async () => (await conformer.conform({ source: { path }, target, plan })).png),
    size: (path) => asProblem(path, () => conformer.inspect({ path })),
    keep: (bytes, name) => asProblem(name, () => keepPicture(pasted, bytes)),
    thumbnail: (path, maxEdge) =>
      asProblem(path, async () => {
        await seePicture(pasted, path);
        // Read only once, so that we hash exactly the bytes that we show.
        const { webp, source, sourceSha256 } = await conformer.thumbnail({ source: { path }, maxEdge });
        const { width, height, assumed } = source;
        const said = assumed && { assumed: assumptionText(assumed) };
        return { bytes: webp, mime: "image/webp", width, height, ...said, sha256: sourceSha256 };
      }),
    tidy: async (needed) => {
      const removed = await tidyPictures(pasted, needed, Date.now());
      if (removed > 0) {
        log(`images: removed ${removed} pasted pictures that nothing needs any more from ${pasted}`);
      }
    },
    dispose: () => conformer.dispose(),
  };
}

async function asProblem<T>(path: string, work: () => Promise<T>): Promise<T> {
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

function assumptionText(assumed: Assumption): string {
  switch (assumed) {
    case "hdr":
      return vscode.l10n.t("HDR: anything brighter than white is shown and sent as white.");
    case "range":
      return vscode.l10n.t(
        "Its values have no color scale: the lowest is shown and sent as black, the highest as white.",
      );
  }
}
