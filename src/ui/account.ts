import * as vscode from "vscode";
import type { Connection } from "../host/connection.ts";
import type { Settings } from "../host/settings.ts";
import type { TokenSource } from "../host/token.ts";
import type { JobService } from "../jobs/service.ts";
import type { Balance } from "../runcomfy/balance.ts";
import type { ModelListing } from "../runcomfy/catalogue.ts";
import { compareSchema, type Difference } from "../runcomfy/drift.ts";
import type { Spend } from "../shared/model/budget.ts";
import { aboutText, unitPriceText } from "../shared/model/money.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import { estimatedCost, type Price } from "../shared/model/price.ts";
import { showDifferences } from "./drift.ts";
import { plain } from "./words/plain.ts";

/** What is known of the user's account. */
export interface Account {
  /** The source of the token in use; undefined if there is none. */
  readonly source: TokenSource | undefined;
  /** The service's response to that token; undefined if there is none. */
  readonly sight: ModelListing | undefined;
  readonly balance: Balance;
  readonly spend: Spend;
  readonly cap: number | null;
  /** The parameters of the next video, unless its draft sets others. */
  readonly defaults: Parameters;
}

/**
 * Reads the facts about the user's account.
 * @throws {ProblemError} if a setting is invalid, or the token cannot be read
 */
export async function readAccount(
  { findToken, check }: Pick<Connection, "findToken" | "check">,
  jobs: Pick<JobService, "spend">,
  settings: Pick<Settings, "monthlyCap" | "defaults">,
): Promise<Account> {
  const found = await findToken();
  const checked = found === undefined ? undefined : await check(found.token);
  return {
    source: found?.source,
    sight: checked?.sight,
    balance: checked?.balance ?? { kind: "unknown" },
    spend: jobs.spend(),
    cap: settings.monthlyCap(),
    defaults: settings.defaults(),
  };
}

/** A fact, and what choosing it does. */
interface FactItem extends vscode.QuickPickItem {
  readonly act?: () => Thenable<unknown>;
}

/**
 * Lists what is known of the account. Each row is a fact; choosing it opens the place to change it. The list opens at once
 * and fills when RunComfy has answered.
 */
export async function showAccount(read: () => Promise<Account>): Promise<void> {
  const pick = vscode.window.createQuickPick<FactItem>();
  pick.title = vscode.l10n.t("RunComfy Account");
  pick.placeholder = vscode.l10n.t("Asking RunComfy; this is free…");
  pick.busy = true;
  const chosen = new Promise<FactItem | undefined>((done) => {
    pick.onDidAccept(() => done(pick.selectedItems[0]));
    pick.onDidHide(() => done(undefined));
  });
  pick.show();
  try {
    pick.items = accountItems(await read(), vscode.env.language);
    pick.placeholder = vscode.l10n.t("Select an item for details");
    pick.busy = false;
    await (await chosen)?.act?.();
  } finally {
    pick.dispose();
  }
}

const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);

/**
 * The facts of an account as rows. A row says so if its fact was not reported.
 * @internal for tests, which load the module in another way than by import
 */
export function accountItems(account: Account, language: string): FactItem[] {
  const { sight, balance, spend, cap, defaults } = account;
  const missing = missingText(account);
  const usd = (sum: number) => vscode.l10n.t("{0} USD", aboutText(sum, language));
  const price: Price = sight?.kind === "seen" ? sight.price : { kind: "unknown" };
  const estimate = estimatedCost(price, defaults);
  const differences = sight?.kind === "seen" ? compareSchema(sight.schema) : undefined;
  return [
    {
      label: vscode.l10n.t("API token"),
      description: tokenText(sight),
      detail: sourceText(account.source),
      iconPath: new vscode.ThemeIcon(tokenIcon(sight)),
      act: () => run("wanFlf2v.setToken"),
    },
    {
      label: vscode.l10n.t("Balance"),
      description: balance.kind === "known" ? usd(balance.usd) : missing,
      iconPath: new vscode.ThemeIcon("credit-card"),
      act: () => run("wanFlf2v.openAccount"),
    },
    {
      label: vscode.l10n.t("Base price"),
      description:
        price.kind === "known"
          ? vscode.l10n.t({
              message: "{0} USD per {1}",
              args: [unitPriceText(price.usd, language), plain(price.unit)],
              comment: ["A price and its unit in the service's own word"],
            })
          : missing,
      iconPath: new vscode.ThemeIcon("tag"),
      act: () => run("wanFlf2v.openAccount"),
    },
    {
      label: vscode.l10n.t("One video with your defaults"),
      description: estimate === undefined ? missing : vscode.l10n.t("about {0} USD", aboutText(estimate, language)),
      iconPath: new vscode.ThemeIcon("device-camera-video"),
      act: () => run("workbench.action.openSettings", "wanFlf2v.defaults"),
    },
    {
      label: vscode.l10n.t("Spent in {0}", new Intl.DateTimeFormat(language, { month: "long" }).format(new Date())),
      description: spendText(spend, language),
      ...(spend.expected > 0 && {
        detail: vscode.l10n.t(
          "At base price, about {0} USD more for videos in progress or with no cost reported",
          aboutText(spend.expected, language),
        ),
      }),
      iconPath: new vscode.ThemeIcon("graph"),
      act: () => run("wanFlf2v.showJobs"),
    },
    {
      label: vscode.l10n.t("Monthly cap"),
      description: cap === null ? vscode.l10n.t("none") : usd(cap),
      iconPath: new vscode.ThemeIcon("dashboard"),
      act: () => run("wanFlf2v.setMonthlyCap"),
    },
    modelItem(differences, missing),
  ];
}

/** Why a fact is unknown: there was no answer, or the answer doesn't contain it. */
function missingText({ sight }: Account): string {
  switch (sight?.kind) {
    case undefined:
      return vscode.l10n.t("needs an API token");
    case "refused":
    case "unread":
      return vscode.l10n.t("unknown");
    case "seen":
      return vscode.l10n.t("not reported by RunComfy");
  }
}

function modelItem(differences: readonly Difference[] | undefined, missing: string): FactItem {
  const base = { label: vscode.l10n.t("Model"), iconPath: new vscode.ThemeIcon("symbol-parameter") };
  if (differences === undefined) {
    return { ...base, description: missing };
  }
  if (differences.length === 0) {
    return { ...base, description: vscode.l10n.t("compatible") };
  }
  return {
    ...base,
    description:
      differences.length === 1
        ? vscode.l10n.t("1 difference from this version")
        : vscode.l10n.t("{0} differences from this version", differences.length),
    detail: vscode.l10n.t("What RunComfy now reports about the model’s parameters, and what it means"),
    act: () => showDifferences(differences),
  };
}

function tokenText(sight: ModelListing | undefined): string {
  switch (sight?.kind) {
    case undefined:
      return vscode.l10n.t("none");
    case "seen":
      return vscode.l10n.t("valid");
    case "refused":
      return vscode.l10n.t("rejected by RunComfy: mistyped, expired or revoked");
    case "unread":
      return vscode.l10n.t("couldn’t be checked ({0})", plain(sight.reason));
  }
}

function tokenIcon(sight: ModelListing | undefined): string {
  switch (sight?.kind) {
    case "seen":
      return "pass";
    case "refused":
      return "error";
    case "unread":
      return "question";
    case undefined:
      return "key";
  }
}

/** Where a token comes from, in words. */
function sourceText(source: TokenSource | undefined): string {
  switch (source) {
    case undefined:
      return vscode.l10n.t("Select this item to set one");
    case "secret":
      return vscode.l10n.t("From VS Code’s secret storage");
    case "cli":
      return vscode.l10n.t("From the token file of RunComfy’s command-line client (read-only)");
    default:
      return vscode.l10n.t("From the environment variable {0}", plain(source));
  }
}

/** What a month has cost, as far as RunComfy reports it. */
function spendText({ reported, unreported }: Spend, language: string): string {
  const sum = aboutText(reported, language);
  if (unreported === 0) {
    return vscode.l10n.t("{0} USD", sum);
  }
  return unreported === 1
    ? vscode.l10n.t("at least {0} USD; 1 video with no cost reported", sum)
    : vscode.l10n.t("at least {0} USD; {1} videos with no cost reported", sum, unreported);
}
