import type { Command, CommandDeps } from "./command.ts";
import type { AppCommandId } from "./ids.ts";

/** The commands for image hosting: how images get to the service. */
export function hostingCommands({ hosting }: Pick<CommandDeps, "hosting">) {
  return {
    setHostingCredentials: () => hosting.setCredentials(),
    removeHostingCredentials: () => hosting.removeCredentials(),
    testHosting: () => hosting.test(),
    showLeftovers: () => hosting.showLeftovers(),
  } satisfies Partial<Record<AppCommandId, Command>>;
}
