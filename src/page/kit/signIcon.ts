import type { TemplateResult } from "lit";
import { type Sign, signTable } from "../../shared/jobs/signs.ts";
import { icon } from "./icon.ts";

/** The icon of a job's sign, in the color of what it says. */
export function signIcon(sign: Sign): TemplateResult {
  const { icon: name, spins, tone = "" } = signTable[sign];
  return icon(name, spins ? `codicon-modifier-spin ${tone}` : tone);
}
