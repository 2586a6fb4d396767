/** Presets as parts of a draft. Pure: no DOM, no messages, no texts. */

import type { Form } from "../../shared/messages/form.ts";
import { fieldTexts } from "../../shared/messages/form.ts";
import { fieldValues } from "../../shared/model/fields.ts";
import type { Baseline, PresetId } from "../../shared/model/presets.ts";
import { holds, presetIds, presetParameters } from "../../shared/model/presets.ts";

/** The preset that a draft is based on, and whether its values have changed since. */
export interface ActivePreset {
  readonly id: PresetId;
  readonly changed: boolean;
}

/** A draft with a preset applied. The seed stays, because it is the user's own. */
export function withPreset(draft: Form, id: PresetId, baseline: Baseline): Form {
  const { seed } = draft.parameters;
  const set = fieldTexts(presetParameters(id, baseline));
  return { ...draft, preset: id, parameters: { ...set, ...(seed === undefined ? {} : { seed }) } };
}

/** The preset chosen last, or else the first one whose values the draft has. Undefined if there is none. */
export function activePreset(draft: Form, baseline: Baseline): ActivePreset | undefined {
  const form = fieldValues(draft.parameters);
  if (draft.preset !== undefined) {
    return { id: draft.preset, changed: !holds(draft.preset, form, baseline) };
  }
  const id = presetIds.find((candidate) => holds(candidate, form, baseline));
  return id === undefined ? undefined : { id, changed: false };
}
