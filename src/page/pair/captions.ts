/** What an image's caption says of its shape and of what is kept of it. Pure: no DOM. */
import { coverCrop, fitBox, type LostSide } from "../../shared/model/crop.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import type { Size } from "../../shared/model/size.ts";
import { fill, type Texts } from "../kit/texts.ts";

/** A ratio as people say it: "4:3", or "1.37:1" where no small numbers say it. */
export function aspectText({ width, height }: Size, language: string): string {
  const divisor = greatestDivisor(width, height);
  const [across, down] = [width / divisor, height / divisor];
  if (across <= 21 && down <= 21) {
    return `${across}:${down}`;
  }
  const ratio = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  return width >= height ? `${ratio.format(width / height)}:1` : `1:${ratio.format(height / width)}`;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** What is sent of an image: the share that is kept and where the rest is cut, or that it is shown whole. */
export function keptText({ strings, language }: Texts, image: Size, target: Size, plan: CropPlan): string {
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  if (plan.mode === "fit") {
    const { box } = fitBox(image, target);
    const share = (box.width * box.height) / (target.width * target.height);
    return share >= 0.995 ? strings.keepsWhole : fill(strings.fitsWhole, percent.format(share));
  }
  const { keptShare, lost } = coverCrop(image, target, plan.focus, plan.zoom);
  // Below half a percent the crop is a matter of rounding, not of the picture.
  if (lost.share < 0.005 || lost.side === null) {
    return strings.keepsWhole;
  }
  const texts: Record<LostSide, string> = {
    "left and right": strings.keepsSides,
    "top and bottom": strings.keepsTopBottom,
    "all round": strings.keepsAllRound,
  };
  return fill(texts[lost.side], percent.format(keptShare));
}

/** How much an image is enlarged; undefined where it is not, or not so that anyone would see it. */
export function enlargedText(
  { strings, language }: Texts,
  image: Size,
  target: Size,
  plan: CropPlan,
): string | undefined {
  const { scale } = plan.mode === "fit" ? fitBox(image, target) : coverCrop(image, target, plan.focus, plan.zoom);
  const factor = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return scale < 1.05 ? undefined : fill(strings.enlarged, factor.format(scale));
}
