import { basename } from "node:path";
import * as vscode from "vscode";
import type { Change, RecipeFault, RecipeFix } from "../../recipes/problems.ts";
import type { RecipeState } from "../../recipes/state.ts";
import type { Side } from "../../shared/model/side.ts";
import { inputTitle, listText, numberText, percentText, pluralText } from "../../shared/texts.ts";
import { plain } from "./plain.ts";
import { problemText } from "./problem.ts";

/** The most characters of foreign text in a title. */
const brief = 80;

/** A fault's sentence by its code: a fault without one does not compile. */
type Sentences = { readonly [C in RecipeFault["code"]]: (fault: Extract<RecipeFault, { code: C }>) => string };

const sentences: Sentences = {
  recipeTooLarge: ({ limit }) =>
    vscode.l10n.t("This recipe is too large to be read. It can have at most {0} characters.", numberText(limit)),
  recipeTooDeep: ({ limit }) => vscode.l10n.t("This is nested too deeply to be read. At most {0} levels.", limit),
  recipeEmpty: () => vscode.l10n.t("This recipe is empty. It needs a start image, an end image and a prompt."),
  mergeConflict: () => vscode.l10n.t("A merge isn’t finished here. Resolve the conflict."),
  syntaxInvalid: ({ reason }) => syntaxText(reason),
  notAnObject: () => vscode.l10n.t("A recipe is an object: it begins with { and ends with }."),
  keyDuplicate: ({ key }) => vscode.l10n.t("{0} is here more than once.", named(key)),
  keyUnknown: ({ key, meant }) =>
    meant === undefined
      ? vscode.l10n.t("{0} isn’t part of a recipe. It is kept and ignored.", named(key))
      : vscode.l10n.t("{0} isn’t part of a recipe. Did you mean {1}?", named(key), named(meant)),
  keyMissing: ({ key }) => vscode.l10n.t("{0} is missing.", named(key)),
  keyMisplaced: ({ key }) => vscode.l10n.t('{0} counts only inside "parameters".', named(key)),
  parameterUnknown: ({ key, meant }) =>
    meant === undefined
      ? vscode.l10n.t("The model has no parameter {0}.", named(key))
      : vscode.l10n.t("The model has no parameter {0}. Did you mean {1}?", named(key), named(meant)),
  versionUnknown: ({ value }) =>
    vscode.l10n.t("A newer version of this extension wrote this recipe ({0}). Update the extension.", plain(value)),
  modelUnknown: ({ value, known }) =>
    vscode.l10n.t("This extension doesn’t know the model {0}. It renders with {1}.", plain(value), known),
  typeWrong: ({ key, expected }) => wrongTypeText(key, expected),
  valueOutOfRange: ({ key, value, minimum, maximum }) =>
    maximum === Number.MAX_VALUE
      ? vscode.l10n.t("{0} can’t be {1}. It must be at least {2}.", named(key), plain(value), numberText(minimum))
      : vscode.l10n.t(
          "{0} can’t be {1}. Allowed: {2} to {3}.",
          named(key),
          plain(value),
          numberText(minimum),
          numberText(maximum),
        ),
  valueNotAllowed: ({ key, value, choices }) =>
    vscode.l10n.t("{0} can’t be {1}. Allowed: {2}.", named(key), plain(value), listText(choices)),
  valueInvalid: ({ key }) => vscode.l10n.t("{0} has an invalid value.", named(key)),
  promptEmpty: () => vscode.l10n.t("The prompt is empty. Describe what happens between the two images."),
  textUnclean: ({ key }) => vscode.l10n.t("{0} has invisible characters that aren’t sent.", named(key)),
  imageUnnamed: ({ side }) =>
    side === "start"
      ? vscode.l10n.t("The start image has neither a path nor a URL.")
      : vscode.l10n.t("The end image has neither a path nor a URL."),
  pathAbsolute: () => vscode.l10n.t("Use a path relative to this file, so that the recipe works on every computer."),
  pathBackslash: () => vscode.l10n.t("Use / in paths, so that the recipe works on every system."),
  pathOutside: () => vscode.l10n.t("This path leads out of the workspace folder."),
  pathInvalid: () => vscode.l10n.t("This isn’t a valid path."),
  addressInvalid: () => vscode.l10n.t("The image’s address must be a full https URL without a user name."),
  secretInside: ({ key }) =>
    vscode.l10n.t("{0} has a token, a password or a signed address. Recipes are shared: remove it.", named(key)),
  imageProblem: ({ side, problem }) =>
    problem.code === "imageMissing"
      ? vscode.l10n.t("{0} isn’t there.", plain(basename(problem.path)))
      : vscode.l10n.t({
          message: "{0}: {1}",
          args: [sideText(side), problemText(problem).message],
          comment: ["{0} is an input, such as Start image; {1} is what is wrong with it, one or several sentences"],
        }),
  imageCropped: ({ share }) =>
    vscode.l10n.t(
      "{0} of this image is cut off to fit the video. Add a crop, or choose another size.",
      percentText(share),
    ),
  videoShared: ({ file, other }) => vscode.l10n.t("{0} is also the video of {1}.", plain(file), plain(basename(other))),
};

/** What is wrong with a recipe, as a sentence. */
export function recipeFaultText(fault: RecipeFault): string {
  return sentenceFor(fault);
}

function sentenceFor<C extends RecipeFault["code"]>(fault: Extract<RecipeFault, { code: C }> & { code: C }): string {
  return sentences[fault.code](fault);
}

/** What a fix does, as the title of a menu. */
export function fixText(fix: RecipeFix): string {
  if (fix.kind === "pickImage") {
    return fix.side === "start" ? vscode.l10n.t("Choose the Start Image…") : vscode.l10n.t("Choose the End Image…");
  }
  const shown = plain(fix.shown, brief);
  switch (fix.how) {
    case "closest":
      return vscode.l10n.t("Change to {0}", shown);
    case "rename":
      return vscode.l10n.t("Rename to {0}", shown);
    case "remove":
      return vscode.l10n.t("Remove {0}", shown);
    case "move":
      return vscode.l10n.t('Move {0} into "parameters"', shown);
    case "slashes":
      return vscode.l10n.t("Change to {0}", shown);
    case "unsigned":
      return vscode.l10n.t("Remove the Signature from the Address");
    case "clean":
      return vscode.l10n.t("Remove the Invisible Characters");
    case "found":
      return vscode.l10n.t("Use {0}, which Has the Same Content", shown);
  }
}

/** A recipe's state in a few words. */
export function recipeStateText(state: RecipeState): string {
  switch (state.state) {
    case "broken":
      return pluralText(
        state.problems.length,
        vscode.l10n.t("1 error"),
        vscode.l10n.t("{0} errors", state.problems.length),
      );
    case "rendering":
      return state.needsUser ? vscode.l10n.t("Needs your attention") : vscode.l10n.t("Rendering…");
    case "failed":
      return vscode.l10n.t("Failed");
    case "notRendered":
      return vscode.l10n.t("Not rendered");
    case "stale":
      return vscode.l10n.t("Stale: {0}", changesText(state.changed));
    case "upToDate":
      return state.video === "missing"
        ? vscode.l10n.t("Video missing")
        : state.video === "changed"
          ? vscode.l10n.t("Video changed")
          : vscode.l10n.t("Up to date");
  }
}

/** A recipe's state with what there is to know about it: the video's name, or why it failed. */
export function recipeDetailText(state: RecipeState, video: string | undefined): string {
  const said = recipeStateText(state);
  const detail =
    state.state === "failed"
      ? problemText(state.problem).message
      : state.state === "upToDate" && video !== undefined
        ? plain(basename(video))
        : undefined;
  return detail === undefined
    ? said
    : state.state === "failed"
      ? vscode.l10n.t({
          message: "Failed: {0}",
          args: [detail],
          comment: ["{0} is why, one or several sentences"],
        })
      : `${said} · ${detail}`;
}

/** What differs from the last render, for example "end image, prompt". */
export function changesText(changed: readonly Change[]): string {
  return listText(changed.map(changeText));
}

function changeText(change: Change): string {
  switch (change) {
    case "model":
      return vscode.l10n.t("model");
    case "start":
      return vscode.l10n.t("start image");
    case "startCrop":
      return vscode.l10n.t("crop of the start image");
    case "end":
      return vscode.l10n.t("end image");
    case "endCrop":
      return vscode.l10n.t("crop of the end image");
    case "prompt":
      return vscode.l10n.t("prompt");
    default:
      return inputTitle(change);
  }
}

function sideText(side: Side): string {
  return side === "start" ? vscode.l10n.t("Start image") : vscode.l10n.t("End image");
}

/** A key as it stands in the file. */
function named(key: string): string {
  return `"${plain(key, brief)}"`;
}

function wrongTypeText(key: string, expected: Extract<RecipeFault, { code: "typeWrong" }>["expected"]): string {
  switch (expected) {
    case "text":
      return vscode.l10n.t("{0} must be text in quotation marks.", named(key));
    case "number":
      return vscode.l10n.t("{0} must be a number.", named(key));
    case "integer":
      return vscode.l10n.t("{0} must be a whole number.", named(key));
    case "object":
      return vscode.l10n.t("{0} must be an object in { }.", named(key));
    case "list":
      return vscode.l10n.t("{0} must be a list in [ ].", named(key));
    case "boolean":
      return vscode.l10n.t("{0} must be true or false.", named(key));
    case "image":
      return vscode.l10n.t("{0} must be the path or the https address of an image.", named(key));
  }
}

function syntaxText(reason: string): string {
  switch (reason) {
    case "CommaExpected":
      return vscode.l10n.t("A comma is missing here.");
    case "ColonExpected":
      return vscode.l10n.t("A colon is missing here.");
    case "ValueExpected":
      return vscode.l10n.t("A value is missing here.");
    case "PropertyNameExpected":
      return vscode.l10n.t("A name in quotation marks is missing here.");
    case "CloseBraceExpected":
      return vscode.l10n.t("A closing brace is missing here.");
    case "CloseBracketExpected":
      return vscode.l10n.t("A closing bracket is missing here.");
    case "EndOfFileExpected":
      return vscode.l10n.t("The recipe ended before this.");
    case "UnexpectedEndOfString":
      return vscode.l10n.t("A quotation mark is missing here.");
    case "UnexpectedEndOfComment":
      return vscode.l10n.t("This comment isn’t closed.");
    default:
      return vscode.l10n.t("This can’t be read as JSON.");
  }
}
