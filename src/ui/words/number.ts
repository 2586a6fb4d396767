import * as vscode from "vscode";

const bytesPerMegabyte = 1024 * 1024;

/** A number as the user's language writes it, with at most that many decimals. */
export function numberText(value: number, decimals = 0): string {
  return new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: decimals }).format(value);
}

/** Bytes in MB, without the unit. */
export function megabytesText(bytes: number, decimals = 0): string {
  return numberText(bytes / bytesPerMegabyte, decimals);
}
