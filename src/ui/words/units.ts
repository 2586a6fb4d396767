import * as vscode from "vscode";

const bytesPerMegabyte = 1024 * 1024;
const pixelsPerMegapixel = 1_000_000;

/** Bytes in MB, without the unit and with at most that many decimals. */
export function megabytesText(bytes: number, decimals = 0): string {
  return numberText(bytes / bytesPerMegabyte, decimals);
}

/** Pixels in megapixels, without the unit. */
export function megapixelsText(pixels: number): string {
  return numberText(pixels / pixelsPerMegapixel, 1);
}

function numberText(value: number, decimals: number): string {
  return new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: decimals }).format(value);
}
