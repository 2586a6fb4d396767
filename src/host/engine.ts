import * as vscode from "vscode";
import { createInline } from "../hosting/inline.ts";
import { createStorage } from "../hosting/storage.ts";
import type { Journal } from "../jobs/journal/journal.ts";
import type { Ports } from "../jobs/ports.ts";
import { JobService } from "../jobs/service.ts";
import { classify } from "../net/failure.ts";
import type { Fetch } from "../net/fetch.ts";
import { createVerifier } from "../output/verifier.ts";
import type { Connection } from "./connection.ts";
import type { Images } from "./images.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./settings.ts";
import type { StorageCredentials } from "./storageCredentials.ts";
import { verifyWorkerIn } from "./videos.ts";

interface EngineParts extends Pick<Ports, "storage" | "leftBehind" | "answerUnsaved"> {
  readonly extensionUri: vscode.Uri;
  readonly journal: Journal;
  readonly settings: Settings;
  readonly credentials: StorageCredentials;
  readonly connection: Connection;
  readonly images: Images;
  readonly fetch: Fetch;
  readonly log: Log;
}

/** Creates the job engine for a VS Code window. */
export function createEngine({
  extensionUri,
  journal,
  settings,
  credentials,
  connection,
  images,
  fetch,
  log,
  ...parts
}: EngineParts): JobService {
  return new JobService(journal, {
    ...parts,
    client: connection.client,
    fetch: loggedDownload(fetch, log),
    verify: createVerifier({ worker: verifyWorkerIn(extensionUri) }),
    conform: images.conform,
    hosting: {
      inline: createInline(images.compress),
      storage: createStorage({
        settings: (kind) => settings.storage(kind),
        credentials: (kind, origin) => credentials.find(kind, origin),
        fetch,
        now: Date.now,
      }),
    },
    tokenInUse: async (service) => (await connection.tokens.find(service))?.name,
    limits: () => ({ ...settings.limits(), problem: settings.settingsProblem() }),
    isFocused: () => vscode.window.state.focused,
    now: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    log: (message) => log.info(`jobs: ${message}`),
    checkpoint: () => undefined,
  });
}

/** Logs each read of a video or a test picture: host, status and time, but not the URL, which is private. */
function loggedDownload(fetch: Fetch, log: Log): Fetch {
  return async (input, init) => {
    const started = Date.now();
    const note = (status: number | string) =>
      log.info(`http: GET ${new URL(String(input)).host} ${status} ${Date.now() - started} ms`);
    try {
      const response = await fetch(input, init);
      note(response.status);
      return response;
    } catch (error) {
      note(classify(error).reason);
      throw error;
    }
  };
}
