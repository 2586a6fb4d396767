import * as vscode from "vscode";
import type { Log } from "../host/log.ts";
import type { Settings } from "../host/settings.ts";
import type { StorageCredentials } from "../host/storageCredentials.ts";
import { addressOf, locate, newName, originOf } from "../hosting/storedObject.ts";
import { strategies } from "../hosting/strategies.ts";
import type { SignIn } from "../hosting/strategy.ts";
import type { Upload } from "../jobs/journal/uploads.ts";
import type { TestFailure, TestReport, TestStep } from "../jobs/uploads/probe.ts";
import type { Uploads } from "../jobs/uploads/uploads.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import { tell } from "./tell.ts";
import { plain } from "./words/plain.ts";
import { problemText } from "./words/problem.ts";

/** The commands for image hosting: credentials, a test, and the list of images that could not be deleted. */
export class HostingCommands {
  readonly #uploads: Uploads;
  readonly #settings: Settings;
  readonly #credentials: StorageCredentials;
  readonly #log: Log;

  constructor(uploads: Uploads, settings: Settings, credentials: StorageCredentials, log: Log) {
    this.#uploads = uploads;
    this.#settings = settings;
    this.#credentials = credentials;
    this.#log = log;
  }

  /** Asks for the credentials of the configured image upload, and stores them for its server only. */
  async setCredentials(): Promise<void> {
    const kind = this.#settings.uploader();
    if (kind === undefined) {
      return offerSettings(vscode.l10n.t("First choose and set up an image upload. Then you can set its credentials."));
    }
    const origin = this.#originOf(kind);
    const { host } = new URL(origin);
    const entered = await askCredentials(host, strategies[kind].signIns());
    if (entered === undefined) {
      return;
    }
    if (!(await this.#credentials.store(kind, origin, entered))) {
      void tell("error", vscode.l10n.t("These credentials aren’t valid. Nothing was changed."));
      return;
    }
    const test = vscode.l10n.t("Test Image Hosting");
    const answer = await tell(
      "info",
      vscode.l10n.t("Credentials saved in VS Code’s secret storage. They are sent only to {0}.", host),
      test,
    );
    if (answer === test) {
      await this.test();
    }
  }

  async removeCredentials(): Promise<void> {
    const count = await this.#credentials.removeAll();
    void tell(
      "info",
      count === 0
        ? vscode.l10n.t("There were no image hosting credentials to remove.")
        : vscode.l10n.t("Image hosting credentials removed."),
    );
  }

  /** Tests how images get to the service, and shows which step failed. The log has every step. */
  async test(): Promise<void> {
    const kind = this.#settings.imageHosting() === "dataUri" ? undefined : this.#settings.uploader();
    if (kind === undefined) {
      return offerSettings(vscode.l10n.t("Nothing to test: images are embedded in the request."));
    }
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Testing image hosting…") },
      () => this.#uploads.test(kind),
    );
    await this.#tell(report);
  }

  async #tell({ done, failure, unreachable }: TestReport): Promise<void> {
    for (const step of done) {
      this.#log.info(`image hosting test: ${stepText(step)}`);
    }
    const warning =
      unreachable === undefined
        ? ""
        : ` ${vscode.l10n.t(
            "But RunComfy can’t read images at {0}, which isn’t a public https address.",
            unreachable.host,
          )}`;
    if (failure === undefined) {
      const worked = vscode.l10n.t(
        "Image hosting works. A test image was uploaded, read without credentials, and deleted.",
      );
      if (warning === "") {
        this.#log.info(`image hosting test: ${worked}`);
        void tell("info", worked);
      } else {
        this.#log.warn(`image hosting test: ${worked}${warning}`);
        void tell("warning", `${worked}${warning}`);
      }
      return;
    }
    const text = `${failureText(failure)}${warning}`;
    this.#log.error(`image hosting test: ${text}`);
    const actions = ("problem" in failure && problemText(failure.problem).actions) || [
      { command: "wanFlf2v.openHostingSettings", label: vscode.l10n.t("Image Hosting Settings") },
    ];
    const chosen = await tell("error", text, ...actions.map(({ label }) => label));
    const action = actions.find(({ label }) => label === chosen);
    if (action !== undefined) {
      await vscode.commands.executeCommand(action.command);
    }
  }

  /** Lists the uploaded images that could not be deleted, with what the user can do about each. */
  async showLeftovers(): Promise<void> {
    const leftovers = this.#uploads.leftovers();
    if (leftovers.length === 0) {
      void tell("info", vscode.l10n.t("No leftover uploads."));
      return;
    }
    const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly upload: Upload }>();
    const again: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon("trash"),
      tooltip: vscode.l10n.t("Try Deleting Again"),
    };
    const copy: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon("copy"),
      tooltip: vscode.l10n.t("Copy Address"),
    };
    const forget: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon("close"),
      tooltip: vscode.l10n.t("Remove from List (the image stays on your storage)"),
    };
    const fill = () => {
      pick.items = this.#uploads.leftovers().map((upload) => ({
        upload,
        label: plain(upload.facts.name),
        description: plain(hostOf(upload)),
        detail: leftoverText(upload),
        buttons: [again, copy, forget],
      }));
      if (pick.items.length === 0) {
        pick.hide();
      }
    };
    pick.title = vscode.l10n.t("Uploaded Images That Couldn’t Be Deleted");
    pick.placeholder = vscode.l10n.t("Select an image to try deleting it again");
    fill();
    pick.onDidTriggerItemButton(async ({ button, item: { upload } }) => {
      if (button === copy) {
        await vscode.env.clipboard.writeText(addressOf(upload.facts.place));
        return;
      }
      if (button === forget) {
        await this.#uploads.forget(upload.id);
      } else {
        await this.#uploads.again(upload.id);
      }
      fill();
    });
    pick.onDidAccept(async () => {
      const chosen = pick.selectedItems.map(({ upload }) => upload);
      pick.hide();
      for (const { id } of chosen) {
        await this.#uploads.again(id);
      }
    });
    pick.onDidHide(() => pick.dispose());
    pick.show();
  }

  #originOf(kind: UploadKind): string {
    return originOf(locate(kind, this.#settings.storage(kind), newName()));
  }
}

/** Warns that an uploaded image could not be deleted: anyone who knows its URL can still read it. */
export async function tellLeftover(host: string): Promise<void> {
  const show = vscode.l10n.t("Show");
  const answer = await tell("warning", vscode.l10n.t("An uploaded image couldn’t be deleted from {0}.", host), show);
  if (answer === show) {
    await vscode.commands.executeCommand("wanFlf2v.showLeftovers");
  }
}

/** The server that stores an image; the whole URL if it has none. */
function hostOf({ facts }: Upload): string {
  const address = addressOf(facts.place);
  return URL.parse(address)?.host ?? address;
}

function leftoverText({ state, facts }: Upload): string {
  const why = facts.problem === undefined ? "" : plain(reasonText(facts.problem));
  return state === "left"
    ? vscode.l10n.t("Not deleted: {0}", why)
    : vscode.l10n.t("Not deleted yet, will retry: {0}", why);
}

/** Why an image could not be deleted, briefly. */
function reasonText(problem: NonNullable<Upload["facts"]["problem"]>): string {
  switch (problem.code) {
    case "storageUnreachable":
    case "certificate":
      return problem.reason;
    case "storageRefused":
      return problem.serviceCode ?? `HTTP ${problem.status}`;
    case "credentialsMissing":
      return vscode.l10n.t("no credentials");
    default:
      return problem.code;
  }
}

function stepText(step: TestStep): string {
  switch (step) {
    case "prepare":
      return vscode.l10n.t("settings and credentials found");
    case "upload":
      return vscode.l10n.t("test image uploaded");
    case "read":
      return vscode.l10n.t("test image read at its public address, without credentials");
    case "compare":
      return vscode.l10n.t("test image came back unchanged");
    case "delete":
      return vscode.l10n.t("test image deleted");
    case "gone":
      return vscode.l10n.t("test image no longer readable");
  }
}

function failureText(failure: TestFailure): string {
  switch (failure.step) {
    case "prepare":
    case "upload":
      return vscode.l10n.t("Image hosting doesn’t work yet. {0}", problemText(failure.problem).message);
    case "read":
      return vscode.l10n.t(
        "The test image was uploaded but can’t be read at {0} without credentials ({1}). Allow public read access there, or correct the public address.",
        failure.host,
        failure.reason,
      );
    case "compare":
      return vscode.l10n.t(
        "The test image was uploaded, but {0} returns something else ({1}). Correct the public address.",
        failure.host,
        failure.type,
      );
    case "delete":
      return vscode.l10n.t(
        "The test image was uploaded and can be read, but it couldn’t be deleted, so images would stay there. {0}",
        problemText(failure.problem).message,
      );
    case "gone":
      return vscode.l10n.t(
        "The test image was deleted, but {0} still serves it. A cache may keep serving images for a while after they’re deleted.",
        failure.host,
      );
  }
}

async function offerSettings(message: string): Promise<void> {
  const open = vscode.l10n.t("Image Hosting Settings");
  if ((await tell("info", message, open)) === open) {
    await vscode.commands.executeCommand("wanFlf2v.openHostingSettings");
  }
}

/** Asks for credentials field by field; undefined if the user cancels. It does not validate them. */
async function askCredentials(
  host: string,
  signIns: readonly SignIn[],
): Promise<Readonly<Record<string, string>> | undefined> {
  const common = { title: plain(vscode.l10n.t("Credentials for {0}", host)), ignoreFocusOut: true };
  const chosen = signIns.length === 1 ? signIns[0] : await vscode.window.showQuickPick(signIns, common);
  if (chosen === undefined) {
    return undefined;
  }
  const entered: Record<string, string> = { ...chosen.fixed };
  for (const { name, label, isSecret, keepsSpaces } of chosen.fields) {
    const text = await vscode.window.showInputBox({ ...common, prompt: label, password: isSecret });
    if (text === undefined) {
      return undefined;
    }
    entered[name] = keepsSpaces === true ? text : text.trim();
  }
  return entered;
}
