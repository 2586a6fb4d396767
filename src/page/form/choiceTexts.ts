/** What the buttons of the settings say: each its value. Pure: no DOM, no messages. */

import * as l10n from "@vscode/l10n";
import type { Form } from "../../shared/messages/form.ts";
import { fieldValues } from "../../shared/model/fields.ts";
import {
  fpsOf,
  framesOf,
  type Parameters,
  type Resolution,
  resolutions,
  sizeOf,
} from "../../shared/model/parameters.ts";
import { lengthText } from "../../shared/texts.ts";

interface Values {
  /** Texts of the fields that are set. */
  readonly values: Form["parameters"];
  /** Values from the user's settings. */
  readonly defaults: Parameters;
  /** The resolution that fits the images best; undefined without images. */
  readonly fitting: Resolution | undefined;
}

/** The resolution that is used; undefined while it depends on images that are not known, or is invalid. */
export function usedResolution({ values, defaults, fitting }: Values): Resolution | undefined {
  return resolutions.find((resolution) => resolution === (values.resolution ?? defaults.resolution ?? fitting));
}

/** The size, and whether it is the best fit or comes from the settings. */
export function sizeValue(form: Values): string {
  const used = usedResolution(form);
  if (used === undefined) {
    return form.values.resolution ?? l10n.t("Best fit");
  }
  const { width, height } = sizeOf({ resolution: used });
  if (form.values.resolution !== undefined) {
    return l10n.t("{0} × {1}", width, height);
  }
  return form.defaults.resolution === undefined
    ? l10n.t({ message: "{0} × {1} · best fit", args: [width, height], comment: ["Width and height in pixels"] })
    : l10n.t({ message: "{0} × {1} · from settings", args: [width, height], comment: ["Width and height in pixels"] });
}

/** The number of frames. */
export function framesValue(form: Values): string {
  return l10n.t("{0} frames", typed(form, "length") ?? framesOf(validParameters(form)));
}

/** The rate, with the duration that it gives the video. */
export function rateValue(form: Values): string {
  const fps = typed(form, "fps");
  return fps === undefined
    ? l10n.t({
        message: "{0} fps · {1}",
        args: [fpsOf(validParameters(form)), lengthText(validParameters(form))],
        comment: ["Frames per second, and a length such as 5.06 sec"],
      })
    : l10n.t({ message: "{0} fps", args: [fps], comment: ["Frames per second"] });
}

/** The seed, or that there is none. */
export function seedValue({ values: { seed = "" } }: Values): string {
  return seed === ""
    ? l10n.t("New seed each time")
    : l10n.t({ message: "Seed {0}", args: [seed], comment: ["{0} is a number"] });
}

/** The name of a button: what it sets, and its value. */
export function choiceLabel(title: string, value: string): string {
  return l10n.t({ message: "{0}: {1}", args: [title, value], comment: ["A setting and its value"] });
}

/** The values that are sent, as far as they are valid, but for a size that depends on the images. */
export function validParameters({ values, defaults }: Values): Parameters {
  return { ...defaults, ...fieldValues(values) };
}

/** A field's text, if it is no valid value. */
function typed({ values }: Values, name: "length" | "fps"): string | undefined {
  const text = values[name];
  const isValid = fieldValues(values)[name] !== undefined;
  return text === undefined || text.trim() === "" || isValid ? undefined : text;
}
