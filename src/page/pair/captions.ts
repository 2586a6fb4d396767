/** What an image's caption says about its shape and about the part that is kept. Pure: no DOM. */

import * as l10n from "@vscode/l10n";
import { coverCrop, fitBox } from "../../shared/model/crop.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import type { Size } from "../../shared/model/size.ts";
import { numberText, percentText } from "../../shared/texts.ts";

/** A ratio as people say it: "4:3", or "1.37:1" if no small numbers express it. */
export function aspectText({ width, height }: Size): string {
  const divisor = greatestDivisor(width, height);
  const [across, down] = [width / divisor, height / divisor];
  if (across <= 21 && down <= 21) {
    return `${across}:${down}`;
  }
  return width >= height ? `${ratioText(width / height)}:1` : `1:${ratioText(height / width)}`;
}

function ratioText(ratio: number): string {
  return numberText(ratio, { maximumFractionDigits: 2 });
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** A smaller share of an image than this is lost by rounding alone. */
const invisible = 0.005;

/** What is sent of an image: the share that is kept and where it is cut, or that it is shown whole. */
export function keptText(image: Size, target: Size, plan: CropPlan): string {
  if (plan.mode === "fit") {
    const { box } = fitBox(image, target);
    const share = (box.width * box.height) / (target.width * target.height);
    return share >= 0.995
      ? l10n.t("Fits without cropping")
      : l10n.t({
          message: "Shown in full, fills {0} of the frame",
          args: [percentText(share)],
          comment: ["{0} is a percentage"],
        });
  }
  const { keptShare, lost } = coverCrop(image, target, plan.focus, plan.zoom);
  if (lost.share < invisible || lost.side === null) {
    return l10n.t("Fits without cropping");
  }
  const kept = percentText(keptShare);
  switch (lost.side) {
    case "left and right":
      return l10n.t({
        message: "Keeps {0}, cuts left and right",
        args: [kept],
        comment: ["{0} is a percentage of an image"],
      });
    case "top and bottom":
      return l10n.t({
        message: "Keeps {0}, cuts top and bottom",
        args: [kept],
        comment: ["{0} is a percentage of an image"],
      });
    case "all round":
      return l10n.t({
        message: "Keeps {0}, cuts all sides",
        args: [kept],
        comment: ["{0} is a percentage of an image"],
      });
  }
}

/** True if a part of an image is cut off. */
export function isCut(image: Size, target: Size, plan: CropPlan): boolean {
  return plan.mode === "crop" && coverCrop(image, target, plan.focus, plan.zoom).lost.share >= invisible;
}

/** How much an image is enlarged. Undefined if it is not, or too little for anyone to see. */
export function enlargedText(image: Size, target: Size, plan: CropPlan): string | undefined {
  const scale = scaleOf(image, target, plan);
  if (scale < 1.05) {
    return undefined;
  }
  const factor = numberText(scale, { maximumFractionDigits: 1 });
  return isBlown(image, target, plan)
    ? l10n.t({
        message: "Enlarged {0}×, so it will look soft",
        args: [factor],
        comment: ["{0} is a factor such as 2.5"],
      })
    : l10n.t({ message: "Enlarged {0}×", args: [factor], comment: ["{0} is a factor such as 1.6"] });
}

/** True if an image is enlarged so much that its lack of detail shows in the video. */
export function isBlown(image: Size, target: Size, plan: CropPlan): boolean {
  return scaleOf(image, target, plan) >= 2;
}

function scaleOf(image: Size, target: Size, plan: CropPlan): number {
  return (plan.mode === "fit" ? fitBox(image, target) : coverCrop(image, target, plan.focus, plan.zoom)).scale;
}
