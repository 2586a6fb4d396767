import { l10n } from "vscode";
import type { wordKeys } from "../../shared/messages/form.ts";

/** The texts around the prompt, the presets and the price, in the user's language. */
export function wordStrings(): Record<(typeof wordKeys)[number], string> {
  return {
    starters: l10n.t("Starters"),
    starterCamera: l10n.t("Camera Move"),
    starterTime: l10n.t("Day to Night"),
    starterPose: l10n.t("Change of Pose"),
    starterMorph: l10n.t("Transformation"),
    starterReveal: l10n.t("Product Reveal"),
    starterScale: l10n.t("Detail to Whole"),
    starterScreen: l10n.t("Screen to Screen"),
    starterLoop: l10n.t("Idle Loop"),
    starterUnlike: l10n.t("Unlike Scenes"),
    starterInserted: l10n.t(
      "Starter inserted. Fill in the braces: Tab goes to the next one. Undo brings your text back.",
    ),
    chipsCamera: l10n.t({ message: "Camera", comment: ["Menu of camera moves to insert"] }),
    chipsPace: l10n.t({ message: "Pace", comment: ["Menu of words for speed to insert"] }),
    chipsAmplitude: l10n.t({ message: "Strength", comment: ["Menu of words for the amount of motion to insert"] }),
    history: l10n.t({ message: "Recent", comment: ["Menu of the user's own earlier prompts"] }),
    historySearch: l10n.t("Search your prompts"),
    historyEmpty: l10n.t("Prompts of your videos appear here."),
    historyNothing: l10n.t("No prompt has these words."),
    historyInserted: l10n.t("Prompt inserted. Undo brings your text back."),
    hints: l10n.t("Hints on the Prompt"),
    hintSample: l10n.t("This is RunComfy’s sample prompt. Describe what happens in your own video."),
    hintPlaceholder: l10n.t({
      message: "Fill in {0}. Tab goes to the next pair of braces.",
      comment: ["{0} is a word in braces"],
    }),
    hintTooLong: l10n.t({
      message: "{0} words. Up to 100 are followed best; shorten it.",
      comment: ["{0} is the number of words"],
    }),
    hintNegation: l10n.t({
      message: "“{0}”: say what you want instead. There is no negative prompt.",
      comment: ["{0} is a word such as no or without"],
    }),
    hintCameraMoves: l10n.t({
      message: "Two camera moves ({0}). One per video works best; make two videos of two.",
      comment: ["{0} is the list of the moves found"],
    }),
    hintStill: l10n.t(
      "Both images are almost the same, so the video is likely to stand still. Ask for motion, or use a middle image in two videos.",
    ),
    hintUnlike: l10n.t(
      "The images are very different. Name what turns one into the other; the starter “Unlike Scenes” shows how.",
    ),
    hintDescription: l10n.t("The images already show this. Say what changes between them."),
    hintNoMotion: l10n.t("Say what moves."),
    presets: l10n.t("Preset"),
    presetStandard: l10n.t("Standard"),
    presetStandardNote: l10n.t("The values that the model is matched to."),
    presetDraft: l10n.t("Draft"),
    presetDraftNote: l10n.t(
      "The smallest size of the same shape, to hunt for prompt and seed. Faster; cheaper only where the price depends on the size.",
    ),
    presetSnappy: l10n.t("Snappy"),
    presetSnappyNote: l10n.t("The same 81 frames played at 24 per second: the answer to slow motion."),
    presetMoreMotion: l10n.t("More Motion"),
    presetMoreMotionNote: l10n.t(
      "Guidance 1.6. It reaches only the first of the model’s two passes as far as is known; slower, and colors can burn.",
    ),
    presetCalm: l10n.t("Faithful, Calm"),
    presetCalmNote: l10n.t(
      "Shift 6, together with “static camera” in the prompt. It reaches only the first of the model’s two passes as far as is known, so the two no longer meet exactly.",
    ),
    presetSmooth: l10n.t("Smooth 24"),
    presetSmoothNote: l10n.t(
      "141 frames at 24 per second, 5.9 s. The model’s home is 81 frames: more drift and flicker are likely.",
    ),
    presetLoop: l10n.t("Loop"),
    presetLoopNote: l10n.t(
      "The same image as start and end. Ask for motion that returns, as the starter “Idle Loop” does.",
    ),
    presetChanged: l10n.t({
      message: "{0}, changed",
      comment: ["{0} is the name of a preset that the user has edited"],
    }),
    presetNone: l10n.t("Your own values."),
    presetRestore: l10n.t({ message: "Restore {0}", comment: ["{0} is the name of a preset"] }),
    presetSettings: l10n.t("Steps come from your settings, not from the preset."),
    presetApplied: l10n.t({ message: "Preset {0} is set.", comment: ["{0} is the name of a preset"] }),
    experimental: l10n.t({ message: "Experimental: {0}", comment: ["{0} says why, in one sentence"] }),
    loopEnd: l10n.t("Use the Start Image as End Image Too"),
    seedRandom: l10n.t("A new one is drawn for each video."),
    seedKept: l10n.t("Kept for every video until you reset it."),
    seedLast: l10n.t({ message: "Use the Last Video’s Seed ({0})", comment: ["{0} is a number"] }),
    seedReset: l10n.t("Draw a New Seed for Each Video"),
    summarySeedRandom: l10n.t("random seed"),
    summarySeedKept: l10n.t({ message: "seed {0}, kept", comment: ["{0} is a number"] }),
    runTime: l10n.t({
      message: "Typically {0}, going by your own videos",
      comment: ["{0} is a length of time such as 1 min 20 s"],
    }),
    seconds: l10n.t("{0} s"),
    minutes: l10n.t("{0} min"),
    minutesSeconds: l10n.t("{0} min {1} s"),
    hoursMinutes: l10n.t("{0} h {1} min"),
    priceTotal: l10n.t({
      message: "{0} USD per {1} → about {2} USD",
      comment: ["A price, its unit, and the sum for the video"],
    }),
    pricePerVideo: l10n.t({ message: "About {0} USD per video", comment: ["{0} is a price"] }),
    pricePerUnit: l10n.t({ message: "{0} USD per {1}", comment: ["A price and its unit in the service's own word"] }),
    priceUnknown: l10n.t("Price unknown"),
    priceNoToken: l10n.t("Price unknown without an API token"),
    priceNote: l10n.t("RunComfy’s base price; the final cost can differ"),
    unitSecond: l10n.t({ message: "second", comment: ["Unit of a price: one second of video"] }),
  };
}
