import * as vscode from "vscode";
import * as z from "zod";
import { compareSchema, type Difference } from "../runcomfy/drift.ts";
import { type ParameterName, parameterTable } from "../shared/model/parameters.ts";
import { tell } from "./tell.ts";
import { textScheme } from "./textScheme.ts";
import { plain } from "./words/plain.ts";

const stateKey = "wanFlf2v.modelCheck";
/** A day, ms. */
const every = 24 * 3_600_000;
/** The most differences that are remembered as reported. */
const mostTold = 200;

const stateSchema = z.object({ at: z.number(), told: z.array(z.string()) }).catch({ at: 0, told: [] });

/**
 * Compares what the service says about the model's inputs with what this version knows, once a day, and reports each
 * difference once. It changes nothing: the documented behavior is still offered and sent.
 */
export class ModelCheck {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Takes a description that the service just gave. If a day has passed, it reports what is new. */
  seen(schema: unknown): void {
    const { at, told } = stateSchema.parse(this.#memory.get(stateKey));
    const since = Date.now() - at;
    const differences = since >= 0 && since < every ? undefined : compareSchema(schema);
    if (differences === undefined) {
      return;
    }
    const fresh = differences.filter((difference) => !told.includes(JSON.stringify(difference)));
    const all = [...told, ...fresh.map((difference) => JSON.stringify(difference))].slice(-mostTold);
    void this.#memory.update(stateKey, { at: Date.now(), told: all });
    if (fresh.length > 0) {
      void tellOf(fresh);
    }
  }
}

async function tellOf(differences: readonly Difference[]): Promise<void> {
  const [first] = differences;
  const show = vscode.l10n.t("Show Details");
  const answer = await tell(
    "info",
    differences.length === 1 && first !== undefined
      ? differenceText(first)
      : vscode.l10n.t(
          "RunComfy now describes the model differently in {0} ways. Videos are generated as before.",
          differences.length,
        ),
    show,
  );
  if (answer === show) {
    await showDifferences(differences);
  }
}

/** Shows all differences and what each means as a read-only document. Its text is in its address (`extension.ts`). */
export async function showDifferences(differences: readonly Difference[]): Promise<void> {
  const content = [
    `# ${vscode.l10n.t("What RunComfy Now Reports About the Model")}`,
    "",
    vscode.l10n.t(
      "This version of the extension still offers and sends what the model’s documentation described. Nothing changes automatically.",
    ),
    "",
    ...differences.map((difference) => `- ${differenceText(difference)}`),
    "",
  ].join("\n");
  const uri = vscode.Uri.from({ scheme: textScheme, path: `/${vscode.l10n.t("RunComfy Model")}.md`, query: content });
  await vscode.window.showTextDocument(uri, { preview: true });
}

/** The most characters of a difference in words. */
const longest = 1000;

/**
 * A difference in words: the fact, and what it means. The service's own words in it are rendered harmless.
 * @internal for tests, which load the module in another way than by import
 */
export function differenceText(difference: Difference): string {
  return plain(wordsFor(difference), longest);
}

function wordsFor(difference: Difference): string {
  switch (difference.kind) {
    case "newChoices":
      return vscode.l10n.t(
        "{0}: RunComfy now also offers {1}. This version can’t request that yet.",
        title(difference.word),
        difference.values.join(", "),
      );
    case "goneChoices":
      return vscode.l10n.t(
        "{0}: RunComfy no longer lists {1}. A video that uses it may be rejected or rendered with another value.",
        title(difference.word),
        difference.values.join(", "),
      );
    case "limit":
      return limitText(difference);
    case "default":
      return vscode.l10n.t(
        "{0}: RunComfy’s default is now {1}, no longer {2}. The model’s default shown here is out of date; set {2} to keep it.",
        title(difference.word),
        difference.there,
        difference.here,
      );
    case "gone":
      return vscode.l10n.t(
        "{0}: RunComfy no longer lists this parameter. It is still sent and may be ignored.",
        title(difference.word),
      );
    case "new":
      return difference.required
        ? vscode.l10n.t(
            "{0}: RunComfy now requires this new parameter, which this version can’t send. Videos may be rejected until you update the extension.",
            difference.title,
          )
        : vscode.l10n.t(
            "{0}: This parameter is new at RunComfy. This version leaves it at the model’s default.",
            difference.title,
          );
    case "imagesMoved":
      return vscode.l10n.t(
        "RunComfy now expects the start and end images under different names than this version sends. Videos may be rejected, play backwards or show a sample. Update the extension before you generate one.",
      );
  }
}

function limitText({ word: name, end, here, there }: Extract<Difference, { kind: "limit" }>): string {
  const isWider = end === "maximum" ? there > here : there < here;
  if (isWider) {
    return end === "maximum"
      ? vscode.l10n.t(
          "{0}: RunComfy now accepts values up to {1}; this version offers up to {2}.",
          title(name),
          there,
          here,
        )
      : vscode.l10n.t(
          "{0}: RunComfy now accepts values down to {1}; this version offers {2} and above.",
          title(name),
          there,
          here,
        );
  }
  return end === "maximum"
    ? vscode.l10n.t(
        "{0}: RunComfy now accepts values only up to {1}. You can still set a value up to {2} here, but RunComfy may reject it.",
        title(name),
        there,
        here,
      )
    : vscode.l10n.t(
        "{0}: RunComfy now accepts only {1} and above. You can still set a value down to {2} here, but RunComfy may reject it.",
        title(name),
        there,
        here,
      );
}

function title(name: ParameterName): string {
  return vscode.l10n.t(parameterTable[name].title);
}
