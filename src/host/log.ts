import type * as vscode from "vscode";

/** The product's log. It never throws, although the channel of a closing window does: work must continue without it. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(error: unknown): void;
}

/** A log that writes to a VS Code output channel. */
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
