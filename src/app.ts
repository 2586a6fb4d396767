import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { type Commands, createCommands } from "./commands.ts";
import { cliTokenFile, createCliToken } from "./host/cliToken.ts";
import { createFetch } from "./host/http.ts";
import { createImages } from "./host/images.ts";
import { outputFolderFor, Settings } from "./host/settings.ts";
import { StorageCredentials } from "./host/storageCredentials.ts";
import { Tokens } from "./host/token.ts";
import { createInline } from "./hosting/hosting.ts";
import { createStorage } from "./hosting/storage.ts";
import { bestResolution } from "./images/resolution.ts";
import { runTimesFor } from "./jobs/history.ts";
import { copyPath } from "./jobs/images.ts";
import type { Job } from "./jobs/job.ts";
import { Journal } from "./jobs/journal.ts";
import { JobService, type Submission } from "./jobs/service.ts";
import { checkDraft, type ImageSource } from "./model/draft.ts";
import { type HostingChoice, hostingKindOf } from "./model/hosting.ts";
import type { PairPlans } from "./model/plan.ts";
import { ProblemError } from "./model/problem.ts";
import { readBalance } from "./runcomfy/balance.ts";
import { createCatalogue } from "./runcomfy/catalogue.ts";
import { createClient, type Fetch } from "./runcomfy/client.ts";
import { classify } from "./runcomfy/failure.ts";
import type { Account } from "./ui/account.ts";
import { JobActions } from "./ui/actions.ts";
import { askPayment, type Budget } from "./ui/confirm.ts";
import { diagnostics } from "./ui/diagnostics.ts";
import { ModelCheck } from "./ui/drift.ts";
import { HostingCommands, tellLeftover } from "./ui/hosting.ts";
import { costText, jobText } from "./ui/jobSentences.ts";
import { JobsView, type Row } from "./ui/jobsView.ts";
import { Notifications } from "./ui/notifications.ts";
import { PanelManager } from "./ui/panel/panel.ts";
import { ImagePicker } from "./ui/picker.ts";
import { problemText } from "./ui/problemSentences.ts";
import { StatusBar } from "./ui/statusBar.ts";
import type { TokenCheck } from "./ui/tokenEntry.ts";

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
  readonly jobs: JobService;
  readonly jobsView: JobsView;
  readonly actions: JobActions;
  readonly hosting: HostingCommands;
  /**
   * Gives the job's id; undefined where the user was asked about the price and thought better of it. Throws a ProblemError
   * where nothing was made.
   */
  generate(request: GenerateRequest): Promise<string | undefined>;
  /** Tries a token with calls that cost nothing. */
  checkToken(token: string): Promise<TokenCheck>;
  /** What is known of the user's account. Throws a ProblemError where a setting is wrong. */
  account(): Promise<Account>;
  /** What a report of a fault needs, without secrets. */
  diagnostics(): Promise<string>;
}

/** Builds the graph: one line per part, each knowing the next by its data only. */
export function createApp(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  view: vscode.TreeView<Row>,
): App {
  const storage = context.globalStorageUri.fsPath;
  const report = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const settings = new Settings();
  const cliToken = createCliToken(cliTokenFile(process.env, homedir()), (message) => log.info(`token: ${message}`));
  const tokens = new Tokens(context.secrets, process.env, cliToken);
  const credentials = new StorageCredentials(context.secrets, process.env);
  const fetch = createFetch(() => settings.http());
  const images = createImages(context.extensionUri, join(storage, "pasted"));
  const journal = Journal.open(join(storage, "journal.sqlite"), (path) => {
    log.error(`journal: unreadable, set aside as ${path}`);
    void vscode.window.showWarningMessage(problemText({ code: "journalUnreadable", path }).message);
  });
  const jobs = new JobService(journal, {
    storage,
    client: (service, sentWith) =>
      createClient({
        base: service,
        fetch,
        token: async () => (await tokens.find())?.token,
        ...(sentWith !== undefined && { sentWith: () => tokens.named(sentWith) }),
        onExchange: ({ method, path, status, ms }) => log.info(`http: ${method} ${path} ${status} ${ms} ms`),
      }),
    fetch: loggedDownload(fetch, log),
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
    tokenInUse: async () => (await tokens.find())?.name,
    limits: () => settings.limits(),
    isFocused: () => vscode.window.state.focused,
    now: Date.now,
    random: Math.random,
    log: (message) => log.info(`jobs: ${message}`),
    checkpoint: () => undefined,
  });
  const modelCheck = new ModelCheck(context.globalState);
  const catalogue = createCatalogue({
    base: () => settings.service(),
    fetch,
    token: async () => (await tokens.find())?.token,
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
    if ((await tokens.find()) === undefined) {
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
      fileName: settings.fileName(start),
      payment,
    });
  };
  const actions = new JobActions(jobs, settings, (parameters) => askPayment(budget(), parameters));
  const picker = new ImagePicker();
  const panel = new PanelManager(context.extensionUri, {
    images,
    generate,
    jobs: { list: () => jobs.list(), onDidChange: (listener) => new vscode.Disposable(jobs.onDidChange(listener)) },
    copyOf: (job, side) => copyPath({ storage }, job.id, job.order[side]),
    runTime: (parameters) => runTimesFor({ service: settings.service(), parameters }, jobs.list())?.typical,
    price: () => catalogue.price(),
    act: (id, action) => actions.run(id, action),
    describe: (job: Job) => jobText(job, runTimesFor(job.order, jobs.list()), settings.uploader()),
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
  const jobsView = new JobsView(jobs, settings, view);
  const showTokenState = async () =>
    vscode.commands.executeCommand("setContext", "wanFlf2v.hasToken", (await tokens.find()) !== undefined);
  context.subscriptions.push(
    panel,
    tokens,
    credentials,
    jobsView,
    new StatusBar(jobs),
    new Notifications(jobs, actions, () => panel.isVisible && vscode.window.state.focused),
    tokens.onDidChange(() => {
      void showTokenState();
      jobs.wake();
    }),
    new vscode.Disposable(jobs.onDidChange(() => void tokens.forgetEarlier(() => jobs.tokensInUse()).catch(report))),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && jobs.wake()),
    { dispose: () => void images.dispose() },
  );
  void showTokenState();
  jobs.start();
  return {
    panel,
    picker,
    tokens,
    jobs,
    jobsView,
    actions,
    hosting: new HostingCommands(jobs.uploads, settings, credentials, log),
    generate,
    checkToken,
    async account() {
      const found = await tokens.find();
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
    diagnostics: () => diagnostics(context, tokens, jobs),
  };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** A read in the log, of a video or a test picture: host, status and time. Its address is private and stays out. */
function loggedDownload(fetch: Fetch, log: vscode.LogOutputChannel): Fetch {
  return async (input, init) => {
    const started = Date.now();
    const tell = (status: number | string) =>
      log.info(`http: GET ${new URL(String(input)).host} ${status} ${Date.now() - started} ms`);
    try {
      const response = await fetch(input, init);
      tell(response.status);
      return response;
    } catch (error) {
      tell(classify(error).reason);
      throw error;
    }
  };
}

/** The app with its commands, as the entry bundle loads them. */
export interface Loaded {
  readonly app: App;
  readonly commands: Commands;
}

/** @throws Error in the user's words, for example when a newer version's journal must not be touched. */
export function loadApp(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  view: vscode.TreeView<Row>,
): Loaded {
  try {
    const app = createApp(context, log, view);
    return { app, commands: createCommands(app) };
  } catch (error) {
    throw error instanceof ProblemError ? new Error(problemText(error.problem).message, { cause: error }) : error;
  }
}
