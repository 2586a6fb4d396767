import * as vscode from "vscode";
import type { Connection } from "../host/connection.ts";
import type { Settings } from "../host/settings.ts";
import type { JobService } from "../jobs/service.ts";
import { HeldUpNotice } from "./heldUpNotice.ts";
import { Notifications } from "./notifications.ts";
import { SettingsNotice } from "./settingsNotice.ts";
import { StatusBar } from "./statusBar.ts";
import { TokenState } from "./tokenState.ts";

/** The notices about jobs, settings and the token for a user who is looking elsewhere. */
export function createNotices(
  jobs: JobService,
  settings: Settings,
  { findToken, tokens }: Connection,
  panel: { readonly shownJob: string | undefined; showJob(jobId: string): void },
  report: (error: unknown) => void,
): vscode.Disposable {
  const isFocused = () => vscode.window.state.focused;
  const isShown = (jobId: string) => isFocused() && panel.shownJob === jobId;
  return vscode.Disposable.from(
    new SettingsNotice(settings),
    new HeldUpNotice(jobs, isFocused, isShown),
    new StatusBar(jobs),
    new Notifications(jobs, { isShown, review: (jobId) => panel.showJob(jobId) }, report),
    new TokenState(findToken, tokens, settings),
  );
}
