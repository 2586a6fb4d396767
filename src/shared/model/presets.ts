import {
  type Parameters,
  parameterTable,
  type Resolution,
  resolutions,
  type SettableName,
  settableNames,
  sizeOf,
} from "./parameters.ts";

/** The parameters that a preset speaks of besides the size. Steps are left out of every request: the model's own 4 hold. */
const presetNames = ["length", "fps", "cfg", "shift"] as const;
type PresetName = (typeof presetNames)[number];

/** A set of values made for one aim. */
export interface Preset {
  /** `bestFit`: the size that suits the images. `smallest`: the smallest size of the same ratio. */
  readonly size: "bestFit" | "smallest";
  readonly values: Required<Pick<Parameters, PresetName>>;
  /** True where the values leave what the model is matched to. */
  readonly experimental: boolean;
}

const matched = { length: 81, fps: 16, cfg: 1, shift: 8 } as const;

/**
 * The presets in the order in which they are offered. Source: `docs/service.md`, "The model" and
 * "Prompts" (81 frames, guidance 1 and shift 8 belong to the model's own 4 steps). None was calibrated by a run.
 */
export const presets = {
  standard: { size: "bestFit", values: matched, experimental: false },
  draft: { size: "smallest", values: matched, experimental: false },
  snappy: { size: "bestFit", values: { ...matched, fps: 24 }, experimental: false },
  moreMotion: { size: "bestFit", values: { ...matched, cfg: 1.6 }, experimental: true },
  calm: { size: "bestFit", values: { ...matched, shift: 6 }, experimental: true },
  smooth: { size: "bestFit", values: { ...matched, length: 141, fps: 24 }, experimental: true },
  loop: { size: "bestFit", values: matched, experimental: false },
} as const satisfies Record<string, Preset>;
export type PresetId = keyof typeof presets;
export const presetIds: readonly PresetId[] = Object.keys(presets).filter(isPreset);

function isPreset(id: string): id is PresetId {
  return Object.hasOwn(presets, id);
}

/** True for what a preset decides on, and for the seed, which no preset touches. Anything else must be left unset. */
function isForPreset(name: SettableName): boolean {
  const spoken: readonly SettableName[] = [...presetNames, "resolution", "seed"];
  return spoken.includes(name);
}

/** The smallest size of the same ratio. */
export function smallestLike(resolution: Resolution): Resolution {
  const { width, height } = sizeOf({ resolution });
  // The table lists each ratio's sizes in rising order.
  const alike = resolutions.find((candidate) => {
    const size = sizeOf({ resolution: candidate });
    return size.width * height === width * size.height;
  });
  return alike ?? resolution;
}

/** What stands behind a form: the user's settings, and the size that is used where none is set. */
export interface Baseline {
  /** What the user's settings put in place of the model's defaults. */
  readonly defaults: Parameters;
  /** The size in force now. */
  readonly resolution: Resolution;
}

/**
 * What a form must set for a preset to hold. A value that holds anyhow, by the user's settings or the model's default, is
 * left unset, so that it is not sent; so are steps, and the size where the best fit is meant.
 */
export function presetParameters(id: PresetId, baseline: Baseline): Parameters {
  const { size, values }: Preset = presets[id];
  const set: Record<string, string | number> = {};
  for (const name of presetNames) {
    if (values[name] !== (baseline.defaults[name] ?? parameterTable[name].default)) {
      set[name] = values[name];
    }
  }
  if (size === "smallest") {
    set.resolution = smallestLike(baseline.resolution);
  }
  return set;
}

/**
 * True while a form holds what a preset asks for, and sets nothing that no preset speaks of. The seed is the user's own and
 * does not count.
 */
export function holds(id: PresetId, form: Parameters, baseline: Baseline): boolean {
  const { size, values }: Preset = presets[id];
  const sizeHolds =
    size === "bestFit" ? form.resolution === undefined : smallestLike(baseline.resolution) === baseline.resolution;
  return (
    sizeHolds &&
    settableNames.every((name) => isForPreset(name) || form[name] === undefined) &&
    presetNames.every(
      (name) => (form[name] ?? baseline.defaults[name] ?? parameterTable[name].default) === values[name],
    )
  );
}
