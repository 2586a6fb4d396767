import type { Change, RecipeProblem } from "./problems.ts";
import type { RecipeState } from "./state.ts";

/** A recipe as a build sees it. */
export interface BuildEntry {
  /** Absolute path. */
  readonly recipe: string;
  readonly state: RecipeState;
  /** What its next video costs at the base price, USD; undefined if no price is told. */
  readonly estimate?: number | undefined;
}

/** Why a recipe would be rendered. */
export type BuildReason =
  | { readonly kind: "notRendered" }
  | { readonly kind: "stale"; readonly changed: readonly Change[] }
  /** Its last job failed. */
  | { readonly kind: "failed" };

/** What the caps leave. Undefined where there is no cap. */
export interface CapsLeft {
  /** USD of this month. */
  readonly money?: number | undefined;
  /** Videos of this day and of this month. */
  readonly clipsToday?: number | undefined;
  readonly clipsThisMonth?: number | undefined;
}

/** What a build would do, before anything is sent. Each recipe is in one list. */
export interface BuildPlan {
  readonly toRender: readonly {
    readonly recipe: string;
    readonly reason: BuildReason;
    readonly estimate?: number | undefined;
  }[];
  readonly upToDate: readonly string[];
  /** What they say was rendered, but the video is gone or another: a clone without its videos is not paid for again unasked. */
  readonly videoMissing: readonly string[];
  readonly rendering: readonly string[];
  readonly broken: readonly { readonly recipe: string; readonly problems: readonly RecipeProblem[] }[];
  /** USD of all in `toRender` at the base price; undefined if it is not told for one of them. */
  readonly total: number | undefined;
  /** How many of `toRender` the caps allow, from the first on, and the cap that ends it. Without a price, money limits nothing. */
  readonly allowed: number;
  readonly limit?: keyof CapsLeft;
  /** How long all of them typically take, ms; undefined if nothing is known. */
  readonly time: number | undefined;
}

/**
 * Plans a build. The recipes stay in their order.
 * @param caps what they leave now
 * @param typical how long one video typically takes, ms, and how many run at once
 */
export function planBuild(
  entries: readonly BuildEntry[],
  caps: CapsLeft = {},
  typical?: { readonly time: number; readonly atOnce: number },
): BuildPlan {
  const toRender = entries.flatMap(({ recipe, state, estimate }) => {
    const reason = reasonOf(state);
    return reason === undefined ? [] : [{ recipe, reason, estimate }];
  });
  const named = (is: (state: RecipeState) => boolean) =>
    entries.filter(({ state }) => is(state)).map(({ recipe }) => recipe);
  const isGone = (state: RecipeState) =>
    state.state === "upToDate" && (state.video === "missing" || state.video === "changed");
  const { allowed, limit } = within(toRender, caps);
  return {
    toRender,
    upToDate: named((state) => state.state === "upToDate" && !isGone(state)),
    videoMissing: named(isGone),
    rendering: named(({ state }) => state === "rendering"),
    broken: entries.flatMap(({ recipe, state }) =>
      state.state === "broken" ? [{ recipe, problems: state.problems }] : [],
    ),
    total: sumOf(toRender),
    allowed,
    ...(limit && { limit }),
    time: typical && Math.ceil(toRender.length / Math.max(1, typical.atOnce)) * typical.time,
  };
}

function reasonOf(state: RecipeState): BuildReason | undefined {
  switch (state.state) {
    case "notRendered":
    case "failed":
      return { kind: state.state };
    case "stale":
      return { kind: "stale", changed: state.changed };
    case "broken":
    case "rendering":
    case "upToDate":
      return undefined;
  }
}

type Priced = readonly { readonly estimate?: number | undefined }[];

function sumOf(priced: Priced): number | undefined {
  return priced.reduce<number | undefined>(
    (sum, { estimate }) => (sum === undefined || estimate === undefined ? undefined : sum + estimate),
    0,
  );
}

function within(toRender: Priced, caps: CapsLeft): { allowed: number; limit?: keyof CapsLeft } {
  // Compared in millionths, as the cap on money is.
  const micro = (usd: number): number => Math.round(usd * 1e6);
  let spent = 0;
  for (const [index, { estimate = 0 }] of toRender.entries()) {
    spent += micro(estimate);
    const limit =
      index >= (caps.clipsToday ?? Number.POSITIVE_INFINITY)
        ? "clipsToday"
        : index >= (caps.clipsThisMonth ?? Number.POSITIVE_INFINITY)
          ? "clipsThisMonth"
          : caps.money !== undefined && spent > micro(caps.money)
            ? "money"
            : undefined;
    if (limit !== undefined) {
      return { allowed: index, limit };
    }
  }
  return { allowed: toRender.length };
}
