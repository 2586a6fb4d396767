import {
  type Parameters,
  parameterTable,
  type Resolution,
  resolutions,
  type SettableName,
  settableNames,
  sizeOf,
} from "./parameters.ts";

/** The parameters that a preset sets besides the size. It never sends steps, so the model uses its own 4. */
const presetNames = ["length", "fps", "cfg", "shift"] as const;
type PresetName = (typeof presetNames)[number];

/** A set of values for one purpose. */
export interface Preset {
  /** `bestFit` is the size that suits the images, `smallest` the smallest size with the same ratio. */
  readonly size: "bestFit" | "smallest";
  readonly values: Required<Pick<Parameters, PresetName>>;
  /** True if the values differ from those that the model is tuned for. */
  readonly experimental: boolean;
}

const matched = { length: 81, fps: 16, cfg: 1, shift: 8 } as const;

/**
 * The presets in the order in which the panel offers them. Source: `docs/service.md`, "The model" and "Prompts" (81 frames,
 * guidance 1 and shift 8 belong to the model's own 4 steps). No preset has been calibrated by generating videos.
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

/** The smallest resolution with the same ratio. */
export function smallestLike(resolution: Resolution): Resolution {
  const { width, height } = sizeOf({ resolution });
  // The table lists the sizes of each ratio in ascending order.
  const alike = resolutions.find((candidate) => {
    const size = sizeOf({ resolution: candidate });
    return size.width * height === width * size.height;
  });
  return alike ?? resolution;
}

/** What a form starts from: the user's settings, and the size that applies if none is set. */
export interface Baseline {
  /** The user's own values for the model's defaults. */
  readonly defaults: Parameters;
  /** The size that currently applies. */
  readonly resolution: Resolution;
}

/**
 * What a form must set to match a preset. It leaves unset what already applies through the user's settings or the model's
 * default, so that it is not sent. It also leaves unset the steps, and the size if the preset wants the best fit.
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
