import { release } from "node:os";
import * as vscode from "vscode";
import type { FoundToken } from "../host/token.ts";
import { requestIdOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { hostingChoiceSchema } from "../shared/model/hosting.ts";

/** The most jobs that a report lists. */
const maximumJobs = 50;

/**
 * The text for a bug report: versions, the source of the token (never the token itself), and the states of the latest jobs. It
 * contains no prompts, no paths of the user's and no URLs.
 * @param origin of the API; undefined if its setting is invalid.
 */
export async function diagnostics(
  context: vscode.ExtensionContext,
  findToken: () => Promise<FoundToken | undefined>,
  service: Pick<JobService, "list" | "uploads">,
  origin: string | undefined,
): Promise<string> {
  const jobs = service.list();
  const version: unknown = context.extension.packageJSON.version;
  const config = vscode.workspace.getConfiguration("wanFlf2v");
  const proxy = vscode.workspace.getConfiguration("http").get<string>("proxy");
  const counts = new Map<string, number>();
  for (const { progress } of jobs) {
    counts.set(progress.state, (counts.get(progress.state) ?? 0) + 1);
  }
  const source = await findToken().then(
    (found) => (found?.source === "cli" ? "the command-line client" : (found?.source ?? "nowhere")),
    () => "a place that cannot be read",
  );
  const time = (ms: number | undefined) => (ms === undefined ? "-" : new Date(ms).toISOString());
  return [
    `wan-flf2v ${String(version)}, VS Code ${vscode.version} (${vscode.env.appHost}${vscode.env.remoteName === undefined ? "" : `, ${vscode.env.remoteName}`})`,
    `Node ${process.versions.node}, ${process.platform} ${process.arch} ${release()}`,
    `API ${apiText(config, origin)}, token from ${source}, proxy ${proxy ? "set" : "not set"}`,
    `Image hosting ${hostingChoiceSchema.safeParse(config.get("imageHosting")).data ?? "not valid"}, uploads not deleted: ${service.uploads.leftovers().length}`,
    `Jobs: ${[...counts].map(([state, count]) => `${count} ${state}`).join(", ") || "none"}`,
    ...jobs.slice(0, maximumJobs).map(({ id, createdAt, submittedAt, endedAt, progress }) => {
      const problem = "problem" in progress && progress.problem !== undefined ? ` ${progress.problem.code}` : "";
      return `${id} ${progress.state}${problem} request ${requestIdOf(progress) ?? "-"} created ${time(createdAt)} submitted ${time(submittedAt)} ended ${time(endedAt)}`;
    }),
    "",
  ].join("\n");
}

/** Whether the API is RunComfy's own. Another URL may reveal who is asking, or contain a password. */
function apiText(config: vscode.WorkspaceConfiguration, origin: string | undefined): string {
  if (origin === undefined) {
    return "not valid";
  }
  return origin === config.inspect("apiBaseUrl")?.defaultValue ? "as by default" : "set by the user";
}
