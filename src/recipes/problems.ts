import type { SettableName } from "../shared/model/parameters.ts";
import type { Problem } from "../shared/model/problem.ts";
import type { Side } from "../shared/model/side.ts";

/** A part of a text, in UTF-16 code units from its beginning, the byte order mark included. */
export interface TextRange {
  readonly offset: number;
  readonly length: number;
}

/** A change of a text: the range gives way to the content. Shaped as `jsonc-parser` has it. */
export interface TextEdit extends TextRange {
  readonly content: string;
}

/** One thing that a user can do about a problem. */
export type RecipeFix =
  | {
      readonly kind: "edit";
      /**
       * - `closest`: take the closest valid value, `shown`
       * - `rename`: call the key `shown`
       * - `remove`: remove the key or text, `shown`
       * - `move`: move the key `shown` to where it counts
       * - `slashes`, `unsigned`, `clean`: the text as it may be, `shown`
       * - `found`: the image was renamed to `shown`
       */
      readonly how: "closest" | "rename" | "remove" | "move" | "slashes" | "unsigned" | "clean" | "found";
      readonly shown: string;
      /** None of them overlap. They are for the text that was read. */
      readonly edits: readonly TextEdit[];
    }
  /** The user picks an image file for the side; `renamedImage` writes its path. */
  | { readonly kind: "pickImage"; readonly side: Side };

/** What is wrong with a recipe, as data. A key is written with dots, as in `parameters.fps`. No fact contains a secret. */
export type RecipeFault =
  /** The text has more than `limit` characters, or is nested more deeply. Nothing else was looked at. */
  | { readonly code: "recipeTooLarge"; readonly limit: number }
  | { readonly code: "recipeTooDeep"; readonly limit: number }
  | { readonly code: "recipeEmpty" }
  /** Marks of an unfinished merge. */
  | { readonly code: "mergeConflict" }
  /** `reason` is the name that `jsonc-parser` has for it, for example `CommaExpected`. */
  | { readonly code: "syntaxInvalid"; readonly reason: string }
  /** A list or a single value in place of an object. */
  | { readonly code: "notAnObject" }
  | { readonly code: "keyDuplicate"; readonly key: string }
  /** A hint; a warning if it resembles a known key, `meant`. */
  | { readonly code: "keyUnknown"; readonly key: string; readonly meant?: string }
  | { readonly code: "keyMissing"; readonly key: string }
  /** A parameter that stands outside `parameters`, where it counts for nothing. */
  | { readonly code: "keyMisplaced"; readonly key: string }
  /** An error, because the service would accept and ignore it. */
  | { readonly code: "parameterUnknown"; readonly key: string; readonly meant?: string }
  /** A recipe of a later version of this program. */
  | { readonly code: "versionUnknown"; readonly value: string }
  | { readonly code: "modelUnknown"; readonly value: string; readonly known: string }
  | {
      readonly code: "typeWrong";
      readonly key: string;
      readonly expected: "text" | "number" | "integer" | "object" | "list" | "boolean" | "image";
    }
  | {
      readonly code: "valueOutOfRange";
      readonly key: string;
      /** As it is written. */
      readonly value: string;
      readonly minimum: number;
      readonly maximum: number;
    }
  | {
      readonly code: "valueNotAllowed";
      readonly key: string;
      readonly value: string;
      readonly choices: readonly string[];
    }
  | { readonly code: "valueInvalid"; readonly key: string }
  | { readonly code: "promptEmpty" }
  /** It has characters that no JSON parser has to accept; they are not sent. */
  | { readonly code: "textUnclean"; readonly key: string }
  /** The image is an object without a path and URL. A hint in a recipe that has its video. */
  | { readonly code: "imageUnnamed"; readonly side: Side }
  | { readonly code: "pathAbsolute"; readonly side: Side }
  | { readonly code: "pathBackslash"; readonly side: Side }
  | { readonly code: "pathOutside"; readonly side: Side }
  | { readonly code: "pathInvalid"; readonly side: Side }
  | { readonly code: "addressInvalid"; readonly side: Side }
  /** A token, a password or a signed address. */
  | { readonly code: "secretInside"; readonly key: string }
  /** The image file's own problem, such as `imageMissing`. */
  | { readonly code: "imageProblem"; readonly side: Side; readonly problem: Problem }
  /** More of the image than `share` (0 to 1) is cut off. */
  | { readonly code: "imageCropped"; readonly side: Side; readonly share: number }
  /** Two recipes name the same video. `other` is the other recipe's path. */
  | { readonly code: "videoShared"; readonly file: string; readonly other: string };

/** A problem at its place. A recipe with an error renders nothing. */
export type RecipeProblem = RecipeFault & {
  readonly severity: "error" | "warning" | "hint";
  readonly range: TextRange;
  /** The best first. */
  readonly fixes: readonly RecipeFix[];
};

/** What can differ between a recipe and its last render. `startCrop` and `endCrop` are how the image is fitted to the frame. */
export type Change = "model" | "start" | "startCrop" | "end" | "endCrop" | "prompt" | SettableName;
