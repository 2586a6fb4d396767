import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { type Commands, createCommands } from "./commands/index.ts";
import { cliTokenFile, createCliToken } from "./host/cliToken.ts";
import { createFetch } from "./host/http.ts";
import { createImages } from "./host/images.ts";
import { createLog, type Log } from "./host/log.ts";
import { known, outputFolderFor, Settings, workspaceFor } from "./host/settings.ts";
import { StorageCredentials } from "./host/storageCredentials.ts";
import { type FoundToken, Tokens } from "./host/token.ts";
import { verifyWorkerIn } from "./host/videos.ts";
import { createInline } from "./hosting/hosting.ts";
import { createStorage } from "./hosting/storage.ts";
import { copyPath } from "./jobs/copies.ts";
import { Journal } from "./jobs/journal/journal.ts";
import { JobService, type Submission } from "./jobs/service.ts";
import { usedFiles } from "./jobs/usedPairs.ts";
import { classify } from "./net/failure.ts";
import { createVerifier } from "./output/verifier.ts";
import { readBalance } from "./runcomfy/balance.ts";
import { createCatalogue } from "./runcomfy/catalogue.ts";
import { createClient, type Fetch } from "./runcomfy/client.ts";
import { bestResolution } from "./shared/model/bestFit.ts";
import { checkDraft, type ImageSource } from "./shared/model/draft.ts";
import { type HostingChoice, hostingKindOf } from "./shared/model/hosting.ts";
import type { PairPlans } from "./shared/model/plan.ts";
import { ProblemError } from "./shared/model/problem.ts";
import { setLanguage } from "./shared/texts.ts";
import type { Account } from "./ui/account.ts";
import { JobActions } from "./ui/actions.ts";
import { askPayment, type Budget } from "./ui/confirm.ts";
import { diagnostics } from "./ui/diagnostics.ts";
import { ModelCheck } from "./ui/drift.ts";
import { HeldUpNotice } from "./ui/heldUpNotice.ts";
import { HostingCommands, tellLeftover } from "./ui/hosting.ts";
import { JobDescriber } from "./ui/jobDescriber.ts";
import { JobsView, type Row } from "./ui/jobsView.ts";
import { Notifications } from "./ui/notifications.ts";
import { PanelManager } from "./ui/panel/panel.ts";
import { ImagePicker } from "./ui/picker.ts";
import { SettingsNotice } from "./ui/settingsNotice.ts";
import { StatusBar } from "./ui/statusBar.ts";
import { tell } from "./ui/tell.ts";
import type { TokenCheck } from "./ui/tokenEntry.ts";
import { costText } from "./ui/words/job.ts";
import { problemText } from "./ui/words/problem.ts";

/** A draft as Generate hands it over; the folder only where a caller chose one. */
export interface GenerateRequest {
  readonly start: ImageSource;
  readonly end: ImageSource;
  readonly prompt: string;
  /** Without a resolution, the one that fits the images best is sent. */
  readonly parameters: unknown;
  readonly plans?: PairPlans | undefined;
  /** How image files get to the service; without it, as the settings say. */
  readonly hosting?: HostingChoice | undefined;
  /** SHA-256 of the picture files as their user has seen them, hex. */
  readonly seen?: Submission["seen"];
  /** Absolute. */
  readonly outputFolder?: string | undefined;
}

/** The whole product behind the commands, built when it is first needed. */
export interface App {
  readonly panel: PanelManager;
  readonly picker: ImagePicker;
  readonly tokens: Tokens;
  /** The token for the service that the settings name; rejects where it cannot be read. */
  findToken(): Promise<FoundToken | undefined>;
  /** Puts a token into use at the service that the settings name. */
  keepToken(token: string): Promise<void>;
  readonly jobs: JobService;
  readonly jobsView: JobsView;
  readonly actions: JobActions;
  readonly hosting: HostingCommands;
  /**
   * Gives the job's id; undefined where the user was asked about the price and decided against it. Throws a ProblemError
   * where nothing was made.
   */
  generate(request: GenerateRequest): Promise<string | undefined>;
  /** Tries a token with calls that cost nothing. */
  checkToken(token: string): Promise<TokenCheck>;
  /** What is known of the user's account. Throws a ProblemError where a setting is wrong. */
  account(): Promise<Account>;
  /** What a report of a fault needs, without secrets. */
  diagnostics(): Promise<string>;
  /** Takes note of a fault of ours. */
  report(error: unknown): void;
}

/** Builds the graph: one line per part, each knowing the next by its data only. */
function createApp(context: vscode.ExtensionContext, log: Log, view: vscode.TreeView<Row>, journal: Journal): App {
  const storage = context.globalStorageUri.fsPath;
  const report = (error: unknown) => log.error(error);
  const settings = new Settings();
  const cliToken = createCliToken(cliTokenFile(process.env, homedir()), (message) => log.info(`token: ${message}`));
  const tokens = new Tokens(context.secrets, process.env, () => settings.service(), cliToken);
  const findToken = () => tokens.find(settings.service());
  const credentials = new StorageCredentials(context.secrets, process.env);
  const fetch = createFetch(() => settings.http());
  const images = createImages(context.extensionUri, join(storage, "pasted"), (message) => log.info(message));
  const jobs = new JobService(journal, {
    storage,
    client: (service, sentWith) =>
      createClient({
        base: service,
        fetch,
        token: async () => (await tokens.find(service))?.token,
        ...(sentWith !== undefined && { sentWith: () => tokens.named(sentWith, service) }),
        onExchange: ({ method, path, status, ms }) => log.info(`http: ${method} ${path} ${status} ${ms} ms`),
      }),
    fetch: loggedDownload(fetch, log),
    verify: createVerifier({ worker: verifyWorkerIn(context.extensionUri) }),
    conform: images.conform,
    hosting: {
      inline: createInline(images.compress),
      storage: createStorage({
        s3: () => settings.s3(),
        put: () => settings.put(),
        credentials,
        fetch,
        now: Date.now,
      }),
    },
    leftBehind: (host) => void tellLeftover(host),
    answerUnsaved: (requestId) => void tellUnsaved(requestId),
    tokenInUse: async (service) => (await tokens.find(service))?.name,
    limits: () => ({ ...settings.limits(), problem: settings.settingsProblem() }),
    isFocused: () => vscode.window.state.focused,
    now: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    log: (message) => log.info(`jobs: ${message}`),
    checkpoint: () => undefined,
  });
  const modelCheck = new ModelCheck(context.globalState);
  const catalogue = createCatalogue({
    base: () => settings.service(),
    fetch,
    token: async () => (await findToken())?.token,
    onSchema: (schema) => modelCheck.seen(schema),
  });
  const checkToken = async (token: string): Promise<TokenCheck> => {
    const sight = await catalogue.look(token);
    const isValid = sight.kind === "seen";
    return { sight, balance: isValid ? await readBalance(fetch, settings.service(), token) : { kind: "unknown" } };
  };
  const budget = (): Budget => ({
    confirmAbove: settings.confirmAbove(),
    cap: settings.monthlyCap(),
    spend: () => jobs.spend(),
    price: () => catalogue.price(),
    lastPrice: () => catalogue.lastPrice(),
  });
  const fitting = async (sources: readonly ImageSource[]) => {
    const files = sources.filter((source) => source.kind === "file");
    // What is wrong with an image is said when the job is made of it.
    const sizes = await Promise.all(files.map(({ path }) => images.size(path).catch(() => undefined)));
    const resolution = bestResolution(sizes.filter((size) => size !== undefined));
    return resolution === undefined ? {} : { resolution };
  };
  const generate = async (request: GenerateRequest) => {
    const set = { ...settings.defaults(), ...asObject(request.parameters) };
    const parameters = "resolution" in set ? set : { ...(await fitting([request.start, request.end])), ...set };
    // What is wrong with the draft is said before anything is asked about it.
    const draft = checkDraft({ ...request, parameters });
    if ((await findToken()) === undefined) {
      throw new ProblemError({ code: "tokenMissing" });
    }
    const payment = await askPayment(budget(), draft.parameters);
    if (payment === undefined) {
      return undefined;
    }
    const start = request.start.kind === "file" ? vscode.Uri.file(request.start.path) : undefined;
    return jobs.submit({
      ...draft,
      plans: request.plans,
      seen: request.seen,
      hosting: hostingKindOf(request.hosting ?? settings.imageHosting()),
      service: settings.service(),
      folder: request.outputFolder ?? outputFolderFor(settings, start),
      workspace: workspaceFor(start),
      fileName: settings.fileName(start),
      payment,
    });
  };
  const actions = new JobActions(jobs, settings, (parameters) => askPayment(budget(), parameters));
  const picker = new ImagePicker();
  const describer = new JobDescriber(jobs, settings);
  const panel = new PanelManager(context.extensionUri, {
    images,
    generate,
    jobs: { list: () => jobs.list(), onDidChange: (listener) => new vscode.Disposable(jobs.onDidChange(listener)) },
    copyOf: (job, side) => copyPath({ storage }, job.id, job.order[side]),
    runTime: (parameters) => describer.runTime(parameters),
    price: () => catalogue.price(),
    act: (id, action) => actions.run(id, action),
    describe: (job) => describer.text(job),
    costText,
    problemText,
    pickImage: async (side) => (await picker.pick(side))?.fsPath,
    hosting: () => settings.imageHosting(),
    defaults: { get: () => settings.defaults(), onDidChange: (listener) => settings.onDidChange(listener) },
    kept: {
      get: () => context.workspaceState.get("draft"),
      put: (draft) => void context.workspaceState.update("draft", draft).then(undefined, report),
    },
    report,
  });
  const jobsView = new JobsView(jobs, describer, settings, view);
  const showTokenState = async () => {
    // What cannot be read is no reason to ask for another token.
    const hasToken = await findToken().then(
      (found) => found !== undefined,
      () => true,
    );
    await vscode.commands.executeCommand("setContext", "wanFlf2v.hasToken", hasToken);
  };
  context.subscriptions.push(
    panel,
    tokens,
    credentials,
    describer,
    jobsView,
    new SettingsNotice(settings),
    new HeldUpNotice(jobs, () => vscode.window.state.focused && !panel.isVisible),
    new StatusBar(jobs),
    new Notifications(jobs, () => panel.isVisible && vscode.window.state.focused, report),
    tokens.onDidChange(() => {
      void showTokenState();
      jobs.wake();
    }),
    new vscode.Disposable(jobs.onDidChange(() => void tokens.forgetEarlier(() => jobs.tokensInUse()).catch(report))),
    settings.onDidChange(() => void showTokenState()),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && jobs.wake()),
    { dispose: () => void images.dispose() },
  );
  void showTokenState();
  jobs.start();
  void (async () => images.tidy(usedFiles(jobs.list())))().catch(report);
  return {
    panel,
    picker,
    tokens,
    findToken,
    keepToken: (token) => tokens.store(token, settings.service(), jobs.tokensInUse()),
    jobs,
    jobsView,
    actions,
    hosting: new HostingCommands(jobs.uploads, settings, credentials, log),
    generate,
    checkToken,
    async account() {
      const found = await findToken();
      const checked = found === undefined ? undefined : await checkToken(found.token);
      return {
        source: found?.source,
        sight: checked?.sight,
        balance: checked?.balance ?? { kind: "unknown" },
        spend: jobs.spend(),
        cap: settings.monthlyCap(),
        defaults: settings.defaults(),
      };
    },
    diagnostics: () =>
      diagnostics(
        context,
        findToken,
        jobs,
        known(() => settings.service()),
      ),
    report,
  };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** A read in the log, of a video or a test picture: host, status and time. Its address is private and stays out. */
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

/** The app with its commands, as the entry bundle loads them. */
export interface Loaded {
  readonly app: App;
  readonly commands: Commands;
}

/** Opens the journal, however long another program has it locked: its user is told so once. */
async function openJournal(context: vscode.ExtensionContext, log: Log): Promise<Journal> {
  const setAside = (path: string) => {
    log.error(`journal: unreadable, a copy of it is ${path}`);
    void tell("warning", problemText({ code: "journalUnreadable", path }).message);
  };
  const wentBack = () => {
    log.error("journal: it was emptied or replaced by an older one; what was known here was put back");
    void tell("warning", problemText({ code: "journalWentBack" }).message);
  };
  let isClosed = false;
  context.subscriptions.push({
    dispose: () => {
      isClosed = true;
    },
  });
  for (let isTold = false; ; isTold = true) {
    try {
      const file = join(context.globalStorageUri.fsPath, "journal.sqlite");
      return await Journal.opened(file, setAside, undefined, wentBack);
    } catch (error) {
      if (isClosed || !(error instanceof ProblemError) || error.problem.code !== "journalBusy") {
        throw error;
      }
      if (!isTold) {
        void tell("warning", problemText(error.problem).message);
      }
    }
  }
}

/** An id that is paid for and stands nowhere but here. */
async function tellUnsaved(requestId: string): Promise<void> {
  const copy = vscode.l10n.t("Copy Request ID");
  const answer = await tell(
    "error",
    vscode.l10n.t(
      "RunComfy took request {0}, but it cannot be written down here: the disk is full or locked. It keeps trying. If this window closes first, “Recover Video from Request ID…” fetches the video.",
      requestId,
    ),
    copy,
  );
  if (answer === copy) {
    await vscode.env.clipboard.writeText(requestId);
  }
}

/** @throws Error in the user's words, for example when a newer version's journal must not be touched. */
export async function loadApp(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
  view: vscode.TreeView<Row>,
): Promise<Loaded> {
  setLanguage(vscode.env.language, vscode.l10n.bundle);
  try {
    const log = createLog(channel);
    const app = createApp(context, log, view, await openJournal(context, log));
    return { app, commands: createCommands(app) };
  } catch (error) {
    throw error instanceof ProblemError ? new Error(problemText(error.problem).message, { cause: error }) : error;
  }
}
