import * as vscode from "vscode";
import type { TextRange } from "../../recipes/problems.ts";

/** Turns places in a text into lines and columns, as VS Code counts them, also where no editor has the text. */
export function placesIn(text: string): (range: TextRange) => vscode.Range {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
  const positionOf = (offset: number): vscode.Position => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return new vscode.Position(low, offset - (starts[low] ?? 0));
  };
  return ({ offset, length }) => new vscode.Range(positionOf(offset), positionOf(offset + length));
}
