import * as vscode from "vscode";

/** A length of time in words, from ms: "45 s", "2 min 5 s", "1 h 10 min". */
export function durationText(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 0);
  if (seconds < 60) {
    return vscode.l10n.t("{0} s", seconds);
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return seconds % 60 === 0
      ? vscode.l10n.t("{0} min", minutes)
      : vscode.l10n.t("{0} min {1} s", minutes, seconds % 60);
  }
  return vscode.l10n.t("{0} h {1} min", Math.floor(minutes / 60), minutes % 60);
}
