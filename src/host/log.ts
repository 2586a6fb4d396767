import type * as vscode from "vscode";

/** What the product writes into its log. Never throws: the channel of a closing window does, and work goes on without it. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(error: unknown): void;
}

/** The log on a channel of VS Code's. */
export function createLog(channel: vscode.LogOutputChannel): Log {
  const guarded = (write: () => void): void => {
    try {
      write();
    } catch {
      // VS Code has closed the channel.
    }
  };
  return {
    info: (message) => guarded(() => channel.info(message)),
    warn: (message) => guarded(() => channel.warn(message)),
    error: (error) => guarded(() => channel.error(error instanceof Error ? error : String(error))),
  };
}
