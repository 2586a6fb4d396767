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
  panel: { readonly isVisible: boolean },
  report: (error: unknown) => void,
): vscode.Disposable {
  return vscode.Disposable.from(
    new SettingsNotice(settings),
    new HeldUpNotice(jobs, () => vscode.window.state.focused && !panel.isVisible),
    new StatusBar(jobs),
    new Notifications(jobs, () => panel.isVisible && vscode.window.state.focused, report),
    new TokenState(findToken, tokens, settings),
  );
}
