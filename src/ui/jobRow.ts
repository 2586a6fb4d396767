import * as vscode from "vscode";
import { agedFrom, elapsedSince, waitsForUser } from "../jobs/facts.ts";
import { costOf, isEnded, type Job } from "../jobs/job.ts";
import { signTable, type Tone } from "../shared/jobs/signs.ts";
import { durationText } from "../shared/texts.ts";
import { factLine, factTexts } from "../shared/videoTexts.ts";
import type { JobText } from "./words/job.ts";
import { actionLabel } from "./words/jobActions.ts";
import { iconId, signOf } from "./words/sign.ts";
import { titleOf } from "./words/title.ts";

/** A color, because the names of several rows may begin alike. */
const colors: Readonly<Record<Tone, string>> = {
  good: "testing.iconPassed",
  warning: "list.warningForeground",
  bad: "list.errorForeground",
};

/**
 * A job's row: what its video shows, then why it stands where it stands. Its tooltip is made when it is asked for.
 * @param take its number among the videos of its pair, if known
 */
export function jobRow(job: Job, text: JobText, take: number | undefined): vscode.TreeItem {
  const { progress } = job;
  const item = new vscode.TreeItem(titleOf(job));
  item.id = job.id;
  const facts = isEnded(progress) ? endedFacts(job, take) : elapsedFacts(job);
  const why = text.reason ?? text.trouble ?? text.state;
  // A check says it already.
  const said = progress.state === "saved" ? facts : [why, ...facts];
  item.description = factLine(said);
  const sign = signOf(job, text);
  const { tone } = signTable[sign];
  item.iconPath = new vscode.ThemeIcon(iconId(sign), tone && new vscode.ThemeColor(colors[tone]));
  const ids = text.actions.map(({ id }) => id);
  // The menus look here for the available actions; the first is the next step.
  item.contextValue = ["job", ...(progress.state === "saved" ? ["review"] : []), ...ids].join(" ");
  const sentence = said.includes(text.state) ? [] : [text.state];
  item.accessibilityInformation = {
    label: [item.label, ...sentence, item.description, text.detail].filter(Boolean).join(", "),
  };
  item.command = { command: "wanFlf2v.job.review", title: actionLabel("review"), arguments: [{ id: job.id }] };
  return item;
}

/** Jobs that are waiting for their user aren't redrawn every second. */
function elapsedFacts(job: Job): string[] {
  const since = elapsedSince(job);
  return since === undefined || waitsForUser(job.progress) ? [] : [durationText(Date.now() - since)];
}

function endedFacts(job: Job, take: number | undefined): string[] {
  const { progress } = job;
  const facts = { usd: costOf(progress), agedFrom: agedFrom(job) };
  return factTexts(progress.state === "saved" ? { ...facts, take } : facts, Date.now());
}
