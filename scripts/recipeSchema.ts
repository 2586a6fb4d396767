import type { knownKeys } from "../src/recipes/file.ts";
import { modelId } from "../src/shared/model/modelId.ts";
import { parameterTable, settableNames, settableRow } from "../src/shared/model/parameters.ts";
import { maximumZoom } from "../src/shared/model/plan.ts";

/** Its place in the project and in the package. */
export const recipeSchemaFile = "media/recipe.schema.json";

type Schema = Readonly<Record<string, unknown>>;

/** Keys that the program writes: VS Code does not propose them. */
const written = (description: string, rest: Schema): Schema => ({ ...rest, description, doNotSuggest: true });

/** A seed has no value of the model's own. */
function parameter(name: (typeof settableNames)[number]): Schema {
  const row = settableRow(name);
  const limits =
    row.kind === "choice"
      ? { enum: row.choices }
      : { type: row.kind === "integer" ? "integer" : "number", minimum: row.minimum, maximum: row.maximum };
  const own = row.default === undefined ? "" : ` Without it, the model uses ${row.default}.`;
  const unset = name === "resolution" ? " Without it, the size that fits the images best is taken." : own;
  return { title: row.title, description: `${row.description}${unset}`, ...limits };
}

const fraction = { type: "number", minimum: 0, maximum: 1 };

const crop: Schema = {
  description: "How the image is fitted to the video’s frame. Without it, the crop keeps the center.",
  oneOf: [
    {
      type: "object",
      required: ["mode", "focus", "zoom"],
      additionalProperties: false,
      properties: {
        mode: { const: "crop", description: "Covers the frame and cuts off the rest." },
        focus: {
          type: "object",
          description: "The point to keep in view: 0 is left or top, 1 is right or bottom.",
          required: ["x", "y"],
          additionalProperties: false,
          properties: { x: fraction, y: fraction },
        },
        zoom: { type: "number", minimum: 1, maximum: maximumZoom, description: "1 keeps as much as possible." },
      },
    },
    {
      type: "object",
      required: ["mode", "fill"],
      additionalProperties: false,
      properties: {
        mode: { const: "fit", description: "Shows the whole image and fills the rest of the frame." },
        fill: {
          oneOf: [
            {
              type: "object",
              required: ["kind"],
              additionalProperties: false,
              properties: { kind: { const: "blur", description: "The image itself, blurred." } },
            },
            {
              type: "object",
              required: ["kind", "color"],
              additionalProperties: false,
              properties: {
                kind: { const: "color", description: "One color." },
                color: { type: "string", format: "color-hex", pattern: "^#[0-9a-f]{6}$" },
              },
            },
          ],
        },
      },
    },
  ],
};

const hash = { type: "string" };

/** Each key of an image. */
const imageKeys: Readonly<Record<string, Schema>> = {
  path: { type: "string", description: "The image’s path, relative to this file’s folder, with / on every system." },
  url: { type: "string", pattern: "^https://", description: "A public https address of the image." },
  crop,
  name: written("The file’s name, if the image is outside the project.", { type: "string" }),
  sha256: written("The hash of the image file that was used.", hash),
  conformedSha256: written("The hash of the image as it was sent.", hash),
};

function image(side: "start" | "end"): Schema {
  const { title, description } = parameterTable[side];
  const place = "A path relative to this file’s folder, with / on every system, or an https address.";
  return {
    title,
    description: `${description} ${place}`,
    oneOf: [
      { type: "string", minLength: 1 },
      { type: "object", properties: imageKeys },
    ],
    defaultSnippets: [
      { label: "path", description: place, body: "$1" },
      { label: "path and crop", body: { path: "$1", crop: { mode: "crop", focus: { x: 0.5, y: 0.5 }, zoom: 1 } } },
    ],
  };
}

/** Each key of a take, and what the program writes there. */
const takeKeys: Readonly<Record<string, Schema>> = {
  video: written("The video that counts. “Use This Take” changes it.", { type: "object" }),
  requestId: written("The service’s id of the request that made the video.", { type: "string" }),
  createdAt: written("When the video was asked for.", { type: "string", format: "date-time" }),
  savedAt: written("When the video was saved.", { type: "string", format: "date-time" }),
  cost: written("What the service charged, USD.", { type: "number", minimum: 0 }),
  rendered: written("What the video was rendered with: what differs from it makes the recipe stale.", {
    type: "object",
  }),
};

/** Each key of a recipe. */
const recipeKeys: Readonly<Record<string, Schema>> = {
  $schema: { type: "string", doNotSuggest: true },
  recipe: { const: 1, description: "The version of this format." },
  start: image("start"),
  end: image("end"),
  prompt: {
    type: "string",
    title: parameterTable.prompt.title,
    description: parameterTable.prompt.description,
    minLength: 1,
  },
  parameters: {
    type: "object",
    description: "What is set for this video. The model’s own values hold for the rest.",
    properties: Object.fromEntries(settableNames.map((name) => [name, parameter(name)])),
    additionalProperties: false,
  },
  model: { const: modelId, description: "The model that makes the video.", doNotSuggest: true },
  ...takeKeys,
  takes: written("The other videos of this recipe.", {
    type: "array",
    items: { type: "object", properties: takeKeys },
  }),
};

/** The JSON schema of a recipe, from the parameter table: what VS Code completes, explains and checks while a person types. */
export function recipeJsonSchema(): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Video recipe",
    description: "A start image, an end image and a prompt that become a video.",
    allowComments: true,
    allowTrailingCommas: true,
    type: "object",
    // A video that was recovered from its request’s id has no prompt.
    required: ["start", "end"],
    properties: recipeKeys,
    defaultSnippets: [{ label: "recipe", body: { recipe: 1, start: "$1", end: "$2", prompt: "$3" } }],
  };
}

/** The keys that the schema explains, to be compared with those that the program reads. */
export const schemaKeys: typeof knownKeys = {
  recipe: Object.keys(recipeKeys),
  image: Object.keys(imageKeys),
  take: Object.keys(takeKeys),
};
