import { l10n } from "vscode";
import type { studioKeys } from "../../shared/messages/pair.ts";

/** The texts around the pair, its framing and the size, in the user's language. */
export function studioStrings(): Record<(typeof studioKeys)[number], string> {
  return {
    pixelsAspect: l10n.t({ message: "{0} × {1} ({2})", comment: ["Width, height and ratio such as 4:3"] }),
    keepsSides: l10n.t({ message: "Keeps {0}, cuts left and right", comment: ["{0} is a percentage of an image"] }),
    keepsTopBottom: l10n.t({ message: "Keeps {0}, cuts top and bottom", comment: ["{0} is a percentage of an image"] }),
    keepsAllRound: l10n.t({ message: "Keeps {0}, cuts all round", comment: ["{0} is a percentage of an image"] }),
    keepsWhole: l10n.t("Fits without cropping"),
    fitsWhole: l10n.t({ message: "Shown whole, fills {0} of the frame", comment: ["{0} is a percentage"] }),
    enlarged: l10n.t({ message: "Enlarged {0}×", comment: ["{0} is a factor such as 1.6"] }),
    useTwiceStart: l10n.t("Use the End Image Here Too (Loop)"),
    useTwiceEnd: l10n.t("Use the Start Image Here Too (Loop)"),
    pairSame: l10n.t("Start and end look the same: the video loops. Say in the prompt what moves."),
    pairUnlike: l10n.t("Start and end are very different. Name the mechanism of the change in the prompt."),
    recentPairs: l10n.t("Recent Pairs"),
    recentEmpty: l10n.t("The pairs of your videos appear here."),
    recentPair: l10n.t({ message: "{0} → {1}", comment: ["File names of a start and an end image"] }),
    pairRestored: l10n.t({ message: "{0} and {1} are back.", comment: ["File names of a start and an end image"] }),
    framing: l10n.t({ message: "Framing", comment: ["How images are brought to the video's frame"] }),
    framingOf: l10n.t({ message: "Framing: {0}", comment: ["{0} is “Start Image” or “End Image”"] }),
    modeCrop: l10n.t("Crop"),
    modeBlur: l10n.t({ message: "Whole, on Blur", comment: ["The image shown whole, its own blur around it"] }),
    modeColor: l10n.t({ message: "Whole, on Color", comment: ["The image shown whole, a color around it"] }),
    fillColor: l10n.t("Color around the image"),
    edgeColor: l10n.t({ message: "Edge Color", comment: ["Takes the color of the image's own edge"] }),
    zoom: l10n.t("Zoom"),
    zoomValue: l10n.t({ message: "{0}×", comment: ["{0} is a factor such as 1.6"] }),
    center: l10n.t("Center"),
    framedAlike: l10n.t("Both images alike"),
    showResult: l10n.t("Show Exact Pixels"),
    resultOf: l10n.t({ message: "{0}, exactly as it is sent", comment: ["{0} is a file name"] }),
    cropOf: l10n.t({ message: "Crop: {0}", comment: ["{0} is “Start Image” or “End Image”"] }),
    cropKeys: l10n.t("Arrow keys move the crop, with Shift farther; Home centers it; plus and minus zoom."),
    cropAt: l10n.t({
      message: "Center at {0} from the left, {1} from the top; zoom {2}×",
      comment: ["Two percentages and a factor"],
    }),
    bestFit: l10n.t({ message: "Best fit: {0}", comment: ["{0} is a resolution such as 1280 × 720 (16:9)"] }),
    bestFitNone: l10n.t("Best fit for the images"),
    fromSettings: l10n.t({ message: "From settings: {0}", comment: ["{0} is a resolution"] }),
    returns: l10n.t({
      message: "RunComfy will probably return {0} × {1}.",
      comment: ["{0} and {1} are width and height in pixels"],
    }),
    pastedName: l10n.t("Pasted image"),
    readAgain: l10n.t("Try Again"),
    resultFailed: l10n.t("It cannot be shown exactly at the moment."),
    recentFailed: l10n.t("The recent pairs cannot be read at the moment. Try again later."),
    dropNoFile: l10n.t(
      "Only image files of this computer can be used. Save the picture as a file, then drop that file.",
    ),
    dropTooMany: l10n.t("A video is made of two images: only the first two were taken."),
    dropTooLarge: l10n.t({
      message: "{0} is too large. An image file can have at most {1} MB.",
      comment: ["{0} is a file name"],
    }),
    dropUnreadable: l10n.t({
      message: "{0} cannot be read. Drop an image file, not a folder.",
      comment: ["{0} is a file name"],
    }),
  };
}
