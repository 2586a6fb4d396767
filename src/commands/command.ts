import type { Connection } from "../host/connection.ts";
import type { Tokens } from "../host/token.ts";
import type { MakeVideo } from "../jobs/generate.ts";
import type { JobService } from "../jobs/service.ts";
import type { Account } from "../ui/account.ts";
import type { JobActions } from "../ui/actions.ts";
import type { HostingCommands } from "../ui/hosting.ts";
import type { JobsView } from "../ui/jobsView.ts";
import type { Panel } from "../ui/panel/panel.ts";
import type { ImagePicker } from "../ui/picker.ts";

/** What a command does with the arguments that VS Code, a keybinding or another extension hands over. */
export type Command = (...args: readonly unknown[]) => unknown;

/** What the commands need of the application. */
export interface CommandDeps {
  readonly panel: Pick<Panel, "show" | "isHere">;
  readonly picker: ImagePicker;
  readonly makeVideo: MakeVideo;
  readonly connection: Pick<Connection, "check" | "findToken"> & { readonly tokens: Pick<Tokens, "remove"> };
  /** Puts a token into use at the service that the settings name. */
  keepToken(token: string): Promise<void>;
  readonly jobs: Pick<JobService, "list" | "get">;
  readonly jobsView: Pick<JobsView, "show" | "has">;
  readonly actions: Pick<JobActions, "run" | "recover">;
  readonly hosting: HostingCommands;
  /** What is known of the user's account. Throws a ProblemError where a setting is wrong. */
  account(): Promise<Account>;
  /** What a report of a fault needs, without secrets. */
  diagnostics(): Promise<string>;
  /** Takes note of a fault of ours. */
  report(error: unknown): void;
}
