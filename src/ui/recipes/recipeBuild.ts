import { isAbsolute, relative, sep } from "node:path";
import pLimit from "p-limit";
import * as vscode from "vscode";
import type { Rendered, RenderOptions } from "../../jobs/renderRecipe.ts";
import { type BuildPlan, planBuild } from "../../recipes/plan.ts";
import type { Change } from "../../recipes/problems.ts";
import type { RecipeEntry } from "../../recipes/recipeEntry.ts";
import type { RecipeIndex } from "../../recipes/recipeIndex.ts";
import { aboutText } from "../../shared/model/money.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import { estimatedCost, type Price } from "../../shared/model/price.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { pluralText } from "../../shared/texts.ts";
import type { Budget } from "../confirm.ts";
import { ask } from "../tell.ts";
import { errorText } from "../words/error.ts";
import { basisText, planDetails } from "../words/plan.ts";

/** What building needs. Paths are absolute. */
export interface BuildDeps {
  readonly index: Pick<RecipeIndex, "list" | "fresh" | "whenKnown">;
  /** @throws {ProblemError} what keeps the recipe from being rendered. */
  render(path: string, options: RenderOptions): Promise<Rendered>;
  budget(): Budget;
  /** How long videos with such parameters typically render, ms; undefined if there are none. */
  runTime(parameters: Parameters): number | undefined;
  /** How many videos run at the service at once. */
  atOnce(): number;
  /** Logs an error. */
  report(error: unknown): void;
}

/** A recipe of a plan, for other programs. */
export interface PlannedRecipe {
  /** Absolute path. */
  readonly recipe: string;
  readonly state: RecipeEntry["state"]["state"];
  /** What would be rendered differently, if it is stale. */
  readonly changed: readonly Change[];
  /** USD at the base price, of what would be rendered; missing if it is not told. */
  readonly price?: number;
}

/** What became of a build. */
export interface BuildResult {
  readonly jobs: readonly { readonly recipe: string; readonly id: string }[];
  /** Recipes for which an earlier take counts again: nothing was paid. */
  readonly reused: readonly string[];
  /** In the user's language. */
  readonly failed: readonly { readonly recipe: string; readonly message: string }[];
}

/** Follows a build while it goes on. What is not sent when the signal comes is left out. */
export interface BuildFollower {
  readonly signal: AbortSignal;
  /** @param ids of the jobs that render the recipe */
  started(recipe: string, ids: readonly string[]): void;
  /** @param message in the user's language */
  failed(recipe: string, message: string): void;
}

/** Finds out what is to be rendered, and renders it. One recipe that fails never stops the others. */
export class RecipeBuild {
  readonly #deps: BuildDeps;

  constructor(deps: BuildDeps) {
    this.#deps = deps;
  }

  /** @param folder absolute; without one, all recipes of the workspace */
  async list(folder: string | undefined): Promise<PlannedRecipe[]> {
    const { entries, price } = await this.#known(within(folder));
    return entries.map((entry) => {
      const estimate = estimateOf(price, entry);
      return {
        recipe: entry.path,
        state: entry.state.state,
        changed: entry.state.state === "stale" ? entry.state.changed : [],
        ...(estimate !== undefined && { price: estimate }),
      };
    });
  }

  /**
   * Plans a build, asks once, and renders what is to be rendered.
   * @param folder absolute; without one, all recipes of the workspace
   * @param confirm false for a program that needs no question, where the user's caps and limits allow it
   * @returns undefined if the user said no; without jobs if all is up to date
   */
  renderStale(folder: string | undefined, confirm: boolean): Promise<BuildResult | undefined> {
    return this.#build(within(folder), confirm);
  }

  /** As {@link renderStale}, of these recipes (absolute paths). */
  renderThese(paths: readonly string[], confirm = true, follower?: BuildFollower): Promise<BuildResult | undefined> {
    const meant = new Set(paths);
    return this.#build(({ path }) => meant.has(path), confirm, follower);
  }

  /** Renders recipes (absolute paths) whatever their states are, without a question of its own. */
  renderAll(paths: readonly string[], options: RenderOptions, follower?: BuildFollower): Promise<BuildResult> {
    return this.#render(paths, options, follower);
  }

  /**
   * Renders more takes of a recipe, after one question about all of them.
   * @returns undefined if the user said no
   */
  async renderTakes(path: string, takes: number): Promise<BuildResult | undefined> {
    const budget = this.#deps.budget();
    const price = await budget.price();
    const { request } = await this.#deps.index.fresh(path);
    const each = request?.parameters && estimatedCost(price, request.parameters);
    const details = [
      ...basisText(price),
      vscode.l10n.t("Each take has a seed of its own. You pick the one that counts."),
    ];
    const question = takesQuestion(takes, nameIn(path), each === undefined ? undefined : each * takes);
    return (await ask(question, details, vscode.l10n.t("Render Takes")))
      ? await this.#render([path], { takes, askPayment: paidWith(budget) })
      : undefined;
  }

  async #build(
    isMeant: (entry: RecipeEntry) => boolean,
    confirm: boolean,
    follower?: BuildFollower,
  ): Promise<BuildResult | undefined> {
    const { entries, price } = await this.#known(isMeant);
    const budget = this.#deps.budget();
    const plan = this.#plan(entries, price, budget);
    const count = plan.toRender.length;
    if (count === 0) {
      return { jobs: [], reused: [], failed: [] };
    }
    if (confirm) {
      const question = questionText(count, plan.total);
      const details = planDetails(plan, price, nameIn);
      if (!(await ask(question, details, renderText(count)))) {
        return undefined;
      }
    }
    const paths = plan.toRender.map(({ recipe }) => recipe);
    return await this.#render(paths, confirm ? { askPayment: paidWith(budget) } : {}, follower);
  }

  async #render(paths: readonly string[], options: RenderOptions, follower?: BuildFollower): Promise<BuildResult> {
    const jobs: { recipe: string; id: string }[] = [];
    const reused: string[] = [];
    const failed: { recipe: string; message: string }[] = [];
    // Preparing images takes the processor; the service's own limit comes after that.
    const limit = pLimit(2);
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Sending recipes"), cancellable: true },
      async (progress, token) => {
        const stop = new AbortController();
        token.onCancellationRequested(() => stop.abort());
        const signal = AbortSignal.any([stop.signal, ...(follower === undefined ? [] : [follower.signal])]);
        await Promise.all(
          paths.map((recipe) =>
            limit(async () => {
              if (signal.aborted) {
                return;
              }
              try {
                const made = await this.#deps.render(recipe, { ...options, signal });
                follower?.started(recipe, made.jobs);
                jobs.push(...made.jobs.map((id) => ({ recipe, id })));
                if (made.failed !== undefined) {
                  throw made.failed;
                }
                reused.push(...(made.reused === undefined ? [] : [recipe]));
              } catch (error) {
                if (!isUpToDate(error)) {
                  const message = errorText(error);
                  failed.push({ recipe, message });
                  follower?.failed(recipe, message);
                  this.#deps.report(error);
                }
              }
              progress.report({ increment: 100 / paths.length, message: nameIn(recipe) });
            }),
          ),
        );
      },
    );
    return { jobs, reused, failed };
  }

  async #known(isMeant: (entry: RecipeEntry) => boolean): Promise<{ entries: RecipeEntry[]; price: Price }> {
    const [price] = await Promise.all([this.#deps.budget().price(), this.#deps.index.whenKnown()]);
    return { entries: this.#deps.index.list().filter(isMeant), price };
  }

  #plan(entries: readonly RecipeEntry[], price: Price, budget: Budget): BuildPlan {
    const spend = budget.spend();
    const made = budget.videos();
    const { cap, videoCaps } = budget;
    const left = (limit: number | null, used: number) => (limit === null ? undefined : Math.max(0, limit - used));
    const times = entries
      .map(({ request }) => request?.parameters && this.#deps.runTime(request.parameters))
      .filter((time) => time !== undefined);
    const longest = times.length === 0 ? undefined : Math.max(...times);
    return planBuild(
      entries.map((entry) => ({ recipe: entry.path, state: entry.state, estimate: estimateOf(price, entry) })),
      {
        money: left(cap, spend.reported + spend.expected),
        clipsToday: left(videoCaps.day, made.day),
        clipsThisMonth: left(videoCaps.month, made.month),
      },
      longest === undefined ? undefined : { time: longest, atOnce: this.#deps.atOnce() },
    );
  }
}

/** The terms after one question about all videos. Each is held against the caps when it is made. */
function paidWith(budget: Budget): NonNullable<RenderOptions["askPayment"]> {
  return async (parameters) => ({
    estimate: estimatedCost(budget.lastPrice(), parameters),
    cap: budget.cap,
    videoCaps: budget.videoCaps,
    acceptsUnknown: true,
  });
}

/** Somebody else has rendered it since the plan was made. */
function isUpToDate(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === "recipeUpToDate";
}

/** A recipe's name as the workspace shows it. */
export function nameIn(path: string): string {
  return vscode.workspace.asRelativePath(path).replace(/\.flf\.json$/i, "");
}

function estimateOf(price: Price, { request }: RecipeEntry): number | undefined {
  return request?.parameters && estimatedCost(price, request.parameters);
}

/** Meant are the recipes of a folder (absolute), or all. */
function within(folder: string | undefined): (entry: RecipeEntry) => boolean {
  return ({ path }) => {
    const way = folder === undefined ? "." : relative(folder, path);
    return way.split(sep)[0] !== ".." && !isAbsolute(way);
  };
}

function takesQuestion(takes: number, name: string, total: number | undefined): string {
  return total === undefined
    ? vscode.l10n.t({
        message: "Render {0} takes of {1}? Their cost is unknown.",
        args: [takes, name],
        comment: ["{1} is a recipe. {0} can be 1"],
      })
    : vscode.l10n.t({
        message: "Render {0} takes of {1} for about {2} USD?",
        args: [takes, name, aboutText(total, vscode.env.language)],
        comment: ["{1} is a recipe. {0} can be 1"],
      });
}

function questionText(count: number, total: number | undefined): string {
  if (total === undefined) {
    return pluralText(
      count,
      vscode.l10n.t("Render {0} recipe? Its cost is unknown.", count),
      vscode.l10n.t("Render {0} recipes? Their cost is unknown.", count),
    );
  }
  const usd = aboutText(total, vscode.env.language);
  return pluralText(
    count,
    vscode.l10n.t("Render {0} recipe for about {1} USD?", count, usd),
    vscode.l10n.t("Render {0} recipes for about {1} USD?", count, usd),
  );
}

function renderText(count: number): string {
  return pluralText(count, vscode.l10n.t("Render {0} Recipe", count), vscode.l10n.t("Render {0} Recipes", count));
}
