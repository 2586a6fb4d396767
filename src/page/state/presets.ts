/** Presets as parts of a draft. Pure: no DOM, no messages, no texts. */

import type { PageDraft } from "../../shared/messages/panel.ts";
import { type Baseline, holds, type PresetId, presetIds, presetParameters } from "../../shared/model/presets.ts";
import { effectiveParameters } from "./form.ts";

/** The preset that a draft stands on, and whether its values are still the preset's. */
export interface ActivePreset {
  readonly id: PresetId;
  readonly changed: boolean;
}

/** A draft with a preset put into it. The seed stays: it is the user's own. */
export function withPreset(draft: PageDraft, id: PresetId, baseline: Baseline): PageDraft {
  const { seed } = draft.parameters;
  const set = Object.entries(presetParameters(id, baseline)).map(([word, value]) => [word, String(value)]);
  return { ...draft, preset: id, parameters: { ...Object.fromEntries(set), ...(seed === undefined ? {} : { seed }) } };
}

/** The preset that was chosen last, else the first one that the values happen to be; undefined where none is. */
export function activePreset(draft: PageDraft, baseline: Baseline): ActivePreset | undefined {
  const form = effectiveParameters(draft, {});
  if (draft.preset !== undefined) {
    return { id: draft.preset, changed: !holds(draft.preset, form, baseline) };
  }
  const id = presetIds.find((candidate) => holds(candidate, form, baseline));
  return id === undefined ? undefined : { id, changed: false };
}
