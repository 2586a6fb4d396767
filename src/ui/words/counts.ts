import * as vscode from "vscode";
import type { Job } from "../../jobs/job.ts";
import { pluralText } from "../../shared/texts.ts";

/** How many videos are in progress, and how many need their user, in words: two facts, because one must not hide the other. */
export function openText(active: readonly Job[], standing: readonly Job[]): string {
  return [
    active.length === 0 ? undefined : progressText(active),
    standing.length === 0 ? undefined : attentionText(standing.length),
  ]
    .filter((fact) => fact !== undefined)
    .join(", ");
}

/** "3 rendering": what the videos in progress do, if they all do the same. */
export function activeText(active: readonly Job[]): string {
  return isRendering(active)
    ? vscode.l10n.t("{0} rendering", active.length)
    : vscode.l10n.t("{0} in progress", active.length);
}

/** "2 need attention". */
export function attentionCount(count: number): string {
  return vscode.l10n.t("{0} need attention", count);
}

function progressText(active: readonly Job[]): string {
  const { length } = active;
  return isRendering(active)
    ? pluralText(length, vscode.l10n.t("{0} video rendering", length), vscode.l10n.t("{0} videos rendering", length))
    : pluralText(
        length,
        vscode.l10n.t("{0} video in progress", length),
        vscode.l10n.t("{0} videos in progress", length),
      );
}

function attentionText(count: number): string {
  return pluralText(
    count,
    vscode.l10n.t("{0} video needs attention", count),
    vscode.l10n.t("{0} videos need attention", count),
  );
}

function isRendering(active: readonly Job[]): boolean {
  return active.every(({ progress }) => progress.state === "running");
}
