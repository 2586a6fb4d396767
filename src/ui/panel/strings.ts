import { l10n } from "vscode";
import { type PanelStrings, type ParameterTexts, parameterTextsSchema } from "../../shared/messages/panel.ts";
import { parameterNames, parameterTable } from "../../shared/model/parameters.ts";
import { wordStrings } from "./formStrings.ts";
import { studioStrings } from "./pairStrings.ts";
import { reviewStrings } from "./videoStrings.ts";

/** Every text of the page in the user's language. */
export function panelStrings(): PanelStrings {
  return {
    title: l10n.t("Video from Start and End Image"),
    chooseStart: l10n.t("Choose Start Image…"),
    chooseEnd: l10n.t("Choose End Image…"),
    dropHint: l10n.t("Or paste one, or drop one here while holding Shift."),
    replaceStart: l10n.t("Replace Start Image…"),
    replaceEnd: l10n.t("Replace End Image…"),
    clearStart: l10n.t("Clear Start Image"),
    clearEnd: l10n.t("Clear End Image"),
    swap: l10n.t("Swap Start and End Image"),
    loadingImage: l10n.t("Reading the image…"),
    pixels: l10n.t("{0} × {1}"),
    promptPlaceholder: l10n.t("What moves or changes between the two images, and what does the camera do?"),
    promptCount: l10n.t({
      message: "{0} · {1}",
      comment: ["Length of the prompt: “12 words” and “70 characters”"],
    }),
    countWord: l10n.t({ message: "{0} word", comment: ["Where the language has one form for {0}, such as 1"] }),
    countWords: l10n.t("{0} words"),
    countCharacter: l10n.t({
      message: "{0} character",
      comment: ["Where the language has one form for {0}, such as 1"],
    }),
    countCharacters: l10n.t("{0} characters"),
    settings: l10n.t("Settings"),
    advanced: l10n.t("Advanced"),
    advancedSet: l10n.t({ message: "{0} set", comment: ["{0} is how many advanced parameters the user has set"] }),
    hosting: l10n.t("Image Hosting"),
    hostingSettings: l10n.t({
      message: "As in the settings ({0})",
      comment: ["{0} is a way for the images, such as “Inside the request”"],
    }),
    "hosting.auto": l10n.t("Inside the request"),
    "hosting.dataUri": l10n.t("Inside the request"),
    "hosting.s3": l10n.t("Upload to S3 storage"),
    "hosting.put": l10n.t("Upload by HTTP PUT"),
    about: l10n.t({ message: "About {0}", comment: ["{0} is the title of a parameter"] }),
    range: l10n.t({ message: "{0}–{1}", comment: ["Lowest and highest allowed number"] }),
    modelDefault: l10n.t("Model default ({0})"),
    settingDefault: l10n.t("From settings ({0})"),
    useBest: l10n.t({ message: "Use {0} to crop less", comment: ["{0} is a resolution"] }),
    seedPlaceholder: l10n.t("Random for each video"),
    seedDraw: l10n.t("Draw a Seed and Keep It"),
    reset: l10n.t({ message: "Reset {0}", comment: ["{0} is the title of a parameter"] }),
    frames: l10n.t("{0} frames"),
    framesExperimental: l10n.t("{0} frames (experimental)"),
    summary: l10n.t({
      message: "{0} × {1} · {2} frames at {3} fps = {4} s",
      comment: ["Width, height, number of frames, frames per second, seconds"],
    }),
    summaryFlawed: l10n.t("Correct the marked settings first."),
    generate: l10n.t("Generate Video"),
    generating: l10n.t("Starting…"),
    generateKeys: l10n.t({ message: "{0} ({1})", comment: ["A button's label and its keyboard shortcut"] }),
    videos: l10n.t("Videos"),
    noVideos: l10n.t("The videos you generate appear here."),
    elapsed: l10n.t("Elapsed time"),
    savedAs: l10n.t("Saved as {0}"),
    facts: l10n.t({
      message: "{0} × {1} · {2} frames · {3} fps · {4} s",
      comment: ["Width, height, number of frames, frames per second, seconds"],
    }),
    seedFact: l10n.t("Seed {0}"),
    reuseSeed: l10n.t("Use Seed {0} for the Next Video"),
    seedReused: l10n.t("Seed {0} is set for the next video."),
    loadingVideo: l10n.t("Reading the video…"),
    videoLabel: l10n.t("Video {0}"),
    videoFailed: l10n.t("The video cannot be shown here. Open it in another program."),
    announcement: l10n.t({ message: "{0}: {1}", comment: ["Name of a video and what happened to it"] }),
    dismiss: l10n.t("Dismiss"),
    startMissing: l10n.t("Choose the image the video starts with."),
    endMissing: l10n.t("Choose the image the video ends with."),
    promptEmpty: l10n.t("Write a prompt: describe what changes between the two images."),
    notANumber: l10n.t("Enter a number from {0} to {1}, or leave it empty."),
    notWhole: l10n.t("Enter a whole number from {0} to {1}, or leave it empty."),
    outOfRange: l10n.t("Enter a number from {0} to {1}."),
    startAnew: l10n.t("Start Anew"),
    backToDraft: l10n.t("Back to My Draft"),
    draftBack: l10n.t("Your draft is back."),
    startedAnew: l10n.t("The draft is empty. “Back to My Draft” brings the last one back."),
    pairMovedOn: l10n.t("An image was changed meanwhile, so nothing was sent and nothing paid. Generate again."),
    unexpected: l10n.t("Something unexpected went wrong. The log tells more."),
    ...reviewStrings(),
    ...wordStrings(),
    ...studioStrings(),
  };
}

/** Title and help of each input. The texts live in the parameter table, where the export of strings cannot see a call. */
export function parameterTexts(): ParameterTexts {
  const texts = parameterNames.map((name) => {
    const { title, description } = parameterTable[name];
    return [name, { title: l10n.t(title), description: l10n.t(description) }];
  });
  return parameterTextsSchema.parse(Object.fromEntries(texts));
}
