import { basename } from "node:path";
import * as vscode from "vscode";
import type { Rendered, RenderOptions } from "../../jobs/renderRecipe.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { pluralText } from "../../shared/texts.ts";
import { mention, tell } from "../tell.ts";
import { problemText } from "../words/problem.ts";
import { type BuildResult, nameIn } from "./recipeBuild.ts";

/** The most takes of a recipe at once. */
const mostTakes = 12;

/** Tells a user what became of a build; undefined if they said no to it. */
export async function tellBuild(result: BuildResult | undefined, showVideos: () => unknown): Promise<void> {
  if (result === undefined) {
    return;
  }
  const { jobs, reused, failed } = result;
  const [first] = failed;
  if (first !== undefined) {
    const show = vscode.l10n.t("Show Videos");
    const rest = failed.length - 1;
    const why = vscode.l10n.t({
      message: "{0} was not sent: {1}",
      args: [nameIn(first.recipe), first.message],
      comment: ["{0} is a recipe, {1} is why, one or several sentences"],
    });
    const others =
      rest === 0
        ? []
        : [
            pluralText(
              rest,
              vscode.l10n.t("{0} other wasn’t either.", rest),
              vscode.l10n.t("{0} others weren’t either.", rest),
            ),
          ];
    const sent = [...(jobs.length === 0 ? [] : [sentText(jobs.length)]), ...reusedText(reused.length)];
    const text = [why, ...others, ...sent].join(" ");
    if ((await tell("warning", text, ...(jobs.length === 0 ? [] : [show]))) === show) {
      await showVideos();
    }
  } else {
    const said = [...(jobs.length === 0 ? [] : [sentText(jobs.length)]), ...reusedText(reused.length)];
    mention(said.length === 0 ? vscode.l10n.t("All recipes are up to date. Nothing was sent.") : said.join(" "));
  }
}

function sentText(count: number): string {
  return pluralText(
    count,
    vscode.l10n.t("{0} video is on its way.", count),
    vscode.l10n.t("{0} videos are on their way.", count),
  );
}

function reusedText(count: number): string[] {
  return count === 0
    ? []
    : [
        pluralText(
          count,
          vscode.l10n.t("For {0} recipe an earlier take fits, at no cost.", count),
          vscode.l10n.t("For {0} recipes earlier takes fit, at no cost.", count),
        ),
      ];
}

/** Renders a recipe for a user. Where there is nothing to render, it offers another take; where that is not possible, the recipe. */
export async function offerTake(path: string, render: (options: RenderOptions) => Promise<Rendered>): Promise<void> {
  try {
    const { reused } = await render({});
    if (reused !== undefined) {
      const anyway = vscode.l10n.t("Render Anyway");
      const text = vscode.l10n.t({
        message: "{0} is what {1} says now, so it counts again. Nothing was paid.",
        args: [reused, basename(path)],
        comment: ["A video and its recipe"],
      });
      if ((await tell("info", text, anyway)) === anyway) {
        await render({ takes: 1 });
      }
    }
  } catch (error) {
    const problem = error instanceof ProblemError ? error.problem : undefined;
    if (problem?.code === "recipeUpToDate") {
      const another = vscode.l10n.t("Render Another Take");
      const text = vscode.l10n.t("{0} is up to date. Nothing was sent.", basename(path));
      if ((await tell("info", text, another)) === another) {
        await render({ takes: 1 });
      }
    } else if (problem?.code === "recipeBroken") {
      const open = vscode.l10n.t("Open Recipe");
      if ((await tell("error", problemText(problem).message, open)) === open) {
        await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path));
      }
    } else {
      throw error;
    }
  }
}

/** Asks how many takes to render; undefined if the user cancelled. */
export async function askTakes(): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Render Takes"),
    prompt: vscode.l10n.t("How many? Each take has a seed of its own."),
    value: "4",
    validateInput: (typed) =>
      /^\d{1,2}$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= mostTakes
        ? undefined
        : vscode.l10n.t("A number from 1 to {0}", mostTakes),
  });
  return text === undefined ? undefined : Number(text);
}
