import { running } from "../scheduler.ts";

export * from "node:os";

export function hostname(): string {
  return running()?.machine ?? "nowhere";
}

export function networkInterfaces(): Record<string, []> {
  return { simulated: [] };
}
