import { l10n } from "vscode";
import type { reviewStringKeys } from "./reviewProtocol.ts";

/** The page's texts about finished videos, in the user's language. */
export function reviewStrings(): Record<(typeof reviewStringKeys)[number], string> {
  return {
    playerLabel: l10n.t({ message: "Player of {0}", comment: ["{0} is the name of a video"] }),
    playerKeys: l10n.t(
      "Space plays and pauses. The left and right arrow keys, comma and period step one frame, with Shift ten. Home and End go to the first and last frame. L loops, P plays forward and back, the square brackets change the speed, Z shows actual pixels.",
    ),
    keyed: l10n.t({ message: "{0} ({1})", comment: ["A button's label and its keyboard shortcut"] }),
    frameOf: l10n.t({ message: "Frame {0} of {1}", comment: ["Both numbers count from 1"] }),
    frameSlider: l10n.t("Frame"),
    play: l10n.t("Play"),
    pause: l10n.t("Pause"),
    previousFrame: l10n.t("Previous Frame"),
    nextFrame: l10n.t("Next Frame"),
    loopVideo: l10n.t("Loop"),
    pingPong: l10n.t("Play Forward and Back"),
    speed: l10n.t("Speed"),
    speedTimes: l10n.t({ message: "{0}×", comment: ["A multiple of the video's own speed"] }),
    actualPixels: l10n.t("Actual Pixels"),
    slowPlayer: l10n.t("This window has no video decoder of its own: every frame is exact, but playing is slow."),
    compareInput: l10n.t("Compare with the image"),
    compareOff: l10n.t("Video only"),
    wipeStart: l10n.t("Start image: wipe"),
    differenceStart: l10n.t("Start image: difference"),
    wipeEnd: l10n.t("End image: wipe"),
    differenceEnd: l10n.t("End image: difference"),
    divider: l10n.t("Divider between image and video"),
    dividerShare: l10n.t({ message: "{0} image", comment: ["{0} is a percentage"] }),
    videoSide: l10n.t("Video"),
    differenceNote: l10n.t({ message: "Difference, {0} times amplified", comment: ["{0} is a number"] }),
    saveFrame: l10n.t("Save Frame as PNG"),
    useFrame: l10n.t("Use Frame as Next Start"),
    frameSaved: l10n.t({ message: "Frame {0} is saved as {1}.", comment: ["{1} is a path"] }),
    frameUsed: l10n.t({
      message: "Frame {0} is saved as {1} and is the start image of the next video.",
      comment: ["{1} is a path"],
    }),
    frameFailed: l10n.t("This frame cannot be shown."),
    measuring: l10n.t("Comparing both ends with the images…"),
    startMatches: l10n.t("The first frame matches the start image."),
    startSlight: l10n.t("The first frame differs slightly from the start image."),
    startVisible: l10n.t("The first frame differs visibly from the start image."),
    endMatches: l10n.t("The last frame matches the end image."),
    endEarlyOne: l10n.t("The end image is best matched 1 frame before the end."),
    endEarly: l10n.t("The end image is best matched {0} frames before the end."),
    endSlight: l10n.t("The last frame differs slightly from the end image."),
    endVisible: l10n.t("The last frame differs visibly from the end image."),
    figures: l10n.t({ message: "SSIM {0} · PSNR {1} dB", comment: ["Two measures of likeness"] }),
    figuresIdentical: l10n.t("SSIM 1 · identical"),
    figuresHelp: l10n.t(
      "Measured on the brightness of all pixels. SSIM: 1 is identical, from 0.92 on hardly anybody sees a difference. PSNR: more is closer.",
    ),
    showFirst: l10n.t("Compare First Frame"),
    showLast: l10n.t("Compare Last Frame"),
    notKept: l10n.t("The images it was made from are not kept here, so its ends were not compared."),
    sizeDiffers: l10n.t({
      message: "The video is {0} × {1} pixels, not {2} × {3} as asked for, so its ends were not compared.",
      comment: ["Widths and heights"],
    }),
    again: l10n.t("Same Settings, New Seed"),
    againStarted: l10n.t("Another video with the same settings and a new seed has been started."),
    againChanged: l10n.t({
      message:
        "{0} is not the picture any more that this video was made of, so nothing was sent and nothing paid. Change and Run shows it first.",
      comment: ["{0} is a file name; Change and Run is the name of a button"],
    }),
    changeAndRun: l10n.t("Change and Run"),
    changeReady: l10n.t({
      message: "Images, prompt and settings of {0} are in the form.",
      comment: ["{0} is the name of a video"],
    }),
    changedSince: l10n.t({
      message: "{0} is not the picture any more that this video was made of. Look at it before you generate.",
      comment: ["{0} is a file name"],
    }),
    compareTake: l10n.t("Compare with Another Take…"),
    compareTakes: l10n.t("Takes in Step"),
    takesLabel: l10n.t({ message: "{0} and {1} in step", comment: ["Names of two videos"] }),
    closeCompare: l10n.t("Close Comparison"),
  };
}
