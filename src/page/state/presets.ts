/** Presets as parts of a draft. Pure: no DOM, no messages, no texts. */

import { type Form, fieldTexts } from "../../shared/messages/form.ts";
import { type Ground, holds, type PresetId, presetIds, presetParameters } from "../../shared/model/presets.ts";
import { formParameters } from "./form.ts";

/** The preset that a draft stands on, and whether its values are still the preset's. */
export interface ActivePreset {
  readonly id: PresetId;
  readonly changed: boolean;
}

/** A draft with a preset put into it. The seed stays: it is the user's own. */
export function withPreset(draft: Form, id: PresetId, ground: Ground): Form {
  const { seed } = draft.parameters;
  const set = fieldTexts(presetParameters(id, ground));
  return { ...draft, preset: id, parameters: { ...set, ...(seed === undefined ? {} : { seed }) } };
}

/** The preset that was chosen last, else the first one that the values happen to be; undefined where none is. */
export function activePreset(draft: Form, ground: Ground): ActivePreset | undefined {
  const form = formParameters(draft);
  if (draft.preset !== undefined) {
    return { id: draft.preset, changed: !holds(draft.preset, form, ground) };
  }
  const id = presetIds.find((candidate) => holds(candidate, form, ground));
  return id === undefined ? undefined : { id, changed: false };
}
