import { createHash } from "node:crypto";
import { promptOf } from "../shared/model/draft.ts";
import { effectiveParameters } from "../shared/model/effective.ts";
import { modelId } from "../shared/model/modelId.ts";
import { type Parameters, type SettableName, settableNames, settableRow } from "../shared/model/parameters.ts";
import { type CropPlan, centerCrop } from "../shared/model/plan.ts";
import type { Recipe, RecipeImage } from "../shared/model/recipe.ts";
import { sides } from "../shared/model/side.ts";
import type { Size } from "../shared/model/size.ts";
import type { RecipeFile, Render, RenderedImage } from "./file.ts";
import type { Change } from "./problems.ts";

/** Everything that decides a request. What is missing is not known, except the seed, which each video draws. */
export interface RequestFacts {
  readonly model: string;
  readonly start: RenderedImage;
  readonly end: RenderedImage;
  readonly prompt?: string | undefined;
  readonly parameters?: Parameters | undefined;
}

/** An image file's bytes and its size with the orientation applied. Without a size, it could not be measured. */
export interface ImageFacts {
  /** Hex. */
  readonly sha256: string;
  readonly size?: Size | undefined;
}
export interface PairFacts {
  readonly start?: ImageFacts | undefined;
  readonly end?: ImageFacts | undefined;
}

/**
 * Equal for equal requests: the same model, pictures, crops, prompt and parameters, the model's defaults filled in. How the file
 * is written does not count, nor do paths, nor the Unicode form of the prompt.
 * @returns SHA-256, hex; undefined if an image, the prompt or the parameters are not known.
 */
export function fingerprintOf(request: RequestFacts): string | undefined {
  const { start, end, prompt, parameters } = request;
  const images = [identityOf(start), identityOf(end)];
  if (images.includes(undefined) || prompt === undefined || parameters === undefined) {
    return undefined;
  }
  // Without the model's own values, a parameter that the model gets later changes no fingerprint. Sorted, because the order of
  // the table is the form's.
  const values = settableNames
    .toSorted()
    .flatMap((name) => (valueIn(parameters, name) === ownValue(name) ? [] : [[name, valueIn(parameters, name)]]));
  const facts = [1, request.model, images, [cropOf(start), cropOf(end)], plainPrompt(prompt), values];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

/**
 * What differs between what a recipe says now and what its video was rendered with. What is not known does not differ, and
 * without a seed of its own a recipe keeps the one that was drawn.
 */
export function whatChanged(now: RequestFacts, rendered: RequestFacts): Change[] {
  const changed: Change[] = now.model === rendered.model ? [] : ["model"];
  for (const side of sides) {
    const [present, past] = [identityOf(now[side]), identityOf(rendered[side])];
    if (present === undefined || past === undefined) {
      continue;
    }
    if (present !== past) {
      changed.push(side);
    }
    if (JSON.stringify(cropOf(now[side])) !== JSON.stringify(cropOf(rendered[side]))) {
      changed.push(`${side}Crop`);
    }
  }
  if (now.prompt !== undefined && rendered.prompt !== undefined) {
    changed.push(...(plainPrompt(now.prompt) === plainPrompt(rendered.prompt) ? [] : (["prompt"] as const)));
  }
  const [present, past] = [now.parameters, rendered.parameters];
  if (present === undefined || past === undefined) {
    return changed;
  }
  const isDrawn = present.seed === undefined || past.seed === undefined;
  const names = settableNames.filter((name) => !(name === "seed" && isDrawn));
  return [...changed, ...names.filter((name) => valueIn(present, name) !== valueIn(past, name))];
}

/**
 * What a recipe says now: what its next video is rendered with, exactly and completely. Its parameters are not known while its
 * images decide the size and are not measured.
 * @param images of the files that it names, as far as they are known
 */
export function requestOf(recipe: RecipeFile, images: PairFacts): RequestFacts {
  const sizes = sides.map((side) => images[side]?.size).filter((size) => size !== undefined);
  const isMeasured = sides.every((side) => recipe[side].url !== undefined || images[side]?.size !== undefined);
  const own = recipe.parameters ?? {};
  // The program wrote what was sent; nothing was added to it then.
  const isRecord = recipe.rendered === undefined && recipe.requestId !== undefined;
  const past = recipe.rendered?.parameters;
  const seed = own.seed ?? past?.seed;
  const fitted = isRecord ? own : effectiveParameters(own, {}, isMeasured ? sizes : []);
  // The size that the images decide stays as it was until both are measured; before a first render nothing is known of it.
  const isOpen = !isRecord && !isMeasured && fitted.resolution === undefined;
  const resolution = isOpen ? past?.resolution : fitted.resolution;
  const isKnown = !isOpen || past !== undefined;
  return {
    model: recipe.model ?? modelId,
    start: presentImage(recipe.start, images.start),
    end: presentImage(recipe.end, images.end),
    ...(recipe.prompt !== undefined && { prompt: promptOf(recipe.prompt) }),
    ...(isKnown && {
      parameters: { ...fitted, ...(resolution !== undefined && { resolution }), ...(seed !== undefined && { seed }) },
    }),
  };
}

/**
 * What a recipe's picked video was rendered with; undefined if there is none. A recipe of an earlier version tells it by what it
 * was written with: changes of its prompt and parameters since then cannot be seen.
 */
export function lastRender(recipe: RecipeFile): Render | undefined {
  if (recipe.rendered !== undefined || recipe.video === undefined) {
    return recipe.video && recipe.rendered;
  }
  const { model, start, end, prompt, parameters } = recipe;
  const seed = parameters?.seed;
  return {
    model: model ?? modelId,
    start: recordedImage(start),
    end: recordedImage(end),
    ...(prompt !== undefined && { prompt }),
    ...(parameters !== undefined && seed !== undefined && { parameters: { ...parameters, seed } }),
  };
}

/** What identifies an image at an address, as a render records it: the address itself may be private. */
export function addressed(url: string): RenderedImage {
  return { address: createHash("sha256").update(url).digest("hex") };
}

function presentImage(image: RecipeImage, facts: ImageFacts | undefined): RenderedImage {
  if (image.url !== undefined) {
    return addressed(image.url);
  }
  return facts === undefined ? {} : { sha256: facts.sha256, ...(image.crop && { crop: image.crop }) };
}

function recordedImage({ url, sha256, conformedSha256, crop }: Recipe["start"]): RenderedImage {
  return url === undefined ? { sha256, conformedSha256, crop } : addressed(url);
}

function identityOf({ sha256, address }: RenderedImage): string | undefined {
  return sha256 === undefined ? address && `address ${address}` : `file ${sha256.toLowerCase()}`;
}

/** In a fixed order: how the plan is written does not count. An image at an address is not cropped by us, whatever is written. */
function cropOf({ address, crop = centerCrop }: RenderedImage): readonly unknown[] {
  return planFacts(address === undefined ? crop : centerCrop);
}

function planFacts(plan: CropPlan): readonly unknown[] {
  if (plan.mode === "crop") {
    return ["crop", plan.focus.x, plan.focus.y, plan.zoom];
  }
  return plan.fill.kind === "blur" ? ["fit", "blur"] : ["fit", plan.fill.color];
}

function valueIn(parameters: Parameters, name: SettableName): string | number | null {
  return parameters[name] ?? ownValue(name);
}

/** The model's own value. The seed has none: each video draws one. */
function ownValue(name: SettableName): string | number | null {
  return settableRow(name).default ?? null;
}

function plainPrompt(prompt: string): string {
  return promptOf(prompt).normalize("NFC");
}
