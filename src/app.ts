import { join } from "node:path";
import * as vscode from "vscode";
import { commandTable } from "./commands/ids.ts";
import { type Commands, createCommands } from "./commands/index.ts";
import { createConnection } from "./host/connection.ts";
import { createEngine } from "./host/engine.ts";
import { createFetch } from "./host/http.ts";
import { createImages } from "./host/images.ts";
import { createLog, type Log } from "./host/log.ts";
import { openJournal } from "./host/openJournal.ts";
import { known, recipeTarget, Settings, targetFor } from "./host/settings.ts";
import { StorageCredentials } from "./host/storageCredentials.ts";
import { copyPath } from "./jobs/copies.ts";
import { type MakeVideo, videoMaker } from "./jobs/generate.ts";
import type { Journal } from "./jobs/journal/journal.ts";
import { patiently } from "./jobs/journal/sql.ts";
import { jobsAnd, OpenedVideos } from "./jobs/openedVideos.ts";
import { again } from "./jobs/rendered.ts";
import { type RenderOptions, renderRecipe } from "./jobs/renderRecipe.ts";
import { usedFiles } from "./jobs/usedFiles.ts";
import type { Alone } from "./output/recipe.ts";
import { actionIds } from "./shared/jobs/actions.ts";
import { usedCaps } from "./shared/model/budget.ts";
import { hostingKindOf } from "./shared/model/hosting.ts";
import type { Parameters } from "./shared/model/parameters.ts";
import type { Side } from "./shared/model/side.ts";
import { setLanguage } from "./shared/texts.ts";
import { readAccount } from "./ui/account.ts";
import { JobActions } from "./ui/actions.ts";
import { askPayment, budgetOf } from "./ui/confirm.ts";
import { diagnostics } from "./ui/diagnostics.ts";
import { ModelCheck } from "./ui/drift.ts";
import { HostingCommands, tellLeftover } from "./ui/hosting.ts";
import { followJobs } from "./ui/jobChanges.ts";
import { JobDescriber } from "./ui/jobDescriber.ts";
import { JobsView, type Row } from "./ui/jobsView.ts";
import { createNotices } from "./ui/notices.ts";
import { offeringRendered } from "./ui/offerRendered.ts";
import { openRecipe } from "./ui/openRecipe.ts";
import { createPanel } from "./ui/panel/create.ts";
import { usedPairs } from "./ui/panel/usedPairs.ts";
import { sameDraft } from "./ui/panel/videos.ts";
import { ImagePicker } from "./ui/picker.ts";
import { createRecipes } from "./ui/recipes/create.ts";
import { DraftRecipe } from "./ui/recipes/draftRecipe.ts";
import { RecipeBuild } from "./ui/recipes/recipeBuild.ts";
import { RecipeTakes } from "./ui/recipes/recipeTakes.ts";
import { RecipeTask } from "./ui/recipes/recipeTask.ts";
import { tell } from "./ui/tell.ts";
import { tellUnsaved } from "./ui/unsavedAnswer.ts";
import { inWords } from "./ui/words/error.ts";
import { problemText } from "./ui/words/problem.ts";

/** What the entry bundle uses of the application, once it is loaded. */
export interface App {
  readonly commands: Commands;
  /** Fills the tab of a panel that was open when the window closed. */
  restorePanel(tab: vscode.WebviewPanel): Promise<void>;
  readonly jobsView: JobsView;
  /** The id of each job that came, went, or has another state. */
  readonly onDidChangeJob: vscode.Event<string>;
  /** The terminal of a task: its definition, and the absolute path of its workspace folder, if it has one. */
  openTask(definition: unknown, folder: string | undefined): vscode.Pseudoterminal;
  /** Resolves once any payment in progress is recorded. */
  dispose(): Promise<void>;
}

/** @throws Error in the user's language, for example if a newer version's journal must not be touched. */
export async function loadApp(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
  view: vscode.TreeView<Row>,
): Promise<App> {
  setLanguage(vscode.env.language, vscode.l10n.bundle);
  try {
    const log = createLog(channel);
    const journal = await openJournal(context, log, (problem) => void tell("warning", problemText(problem).message));
    return createApp(context, log, view, journal);
  } catch (error) {
    throw inWords(error);
  }
}

/** Connects the parts of the application. Each part gets only what it needs from the others. */
function createApp(context: vscode.ExtensionContext, log: Log, view: vscode.TreeView<Row>, journal: Journal): App {
  const { extensionUri, secrets } = context;
  const storage = context.globalStorageUri.fsPath;
  const report = (error: unknown) => log.error(error);
  const settings = new Settings();
  const credentials = new StorageCredentials(secrets, process.env);
  const fetch = createFetch(() => settings.http());
  const images = createImages(extensionUri, join(storage, "pasted"), (message) => log.info(message));
  const modelCheck = new ModelCheck(context.globalState);
  const connection = createConnection(secrets, settings, fetch, (schema) => modelCheck.seen(schema), log);
  const { catalogue, findToken, tokens } = connection;
  const jobs = createEngine({
    ...{ extensionUri, storage, journal, settings, credentials, connection, images, fetch, log },
    leftBehind: (host) => void tellLeftover(host),
    answerUnsaved: (requestId) => void tellUnsaved(requestId),
  });
  const pay = (parameters: Parameters) => askPayment(budgetOf(settings, jobs, catalogue), parameters);
  const makeVideo = videoMaker({
    settings,
    target: (start, folder) => targetFor(settings, start, folder),
    recipeTarget,
    imageSize: (path) => images.size(path),
    askPayment: pay,
    submit: (submission) => jobs.submit(submission),
  });
  const opened = new OpenedVideos(
    () => jobs.list(),
    { service: () => settings.service(), hosting: () => hostingKindOf(settings.imageHosting()) },
    {
      get: () => context.workspaceState.get("openedVideos"),
      put: (paths) => void context.workspaceState.update("openedVideos", paths).then(undefined, report),
    },
  );
  const showRecipe = (path: string) => openRecipe(path, jobs.list());
  const openVideo = async (path: string): Promise<void> => panel.showJob(await opened.open(path));
  const actions = new JobActions(jobs, {
    settings,
    askPayment: pay,
    makeAgain: (job) => makeVideo(sameDraft(job), again(job, jobs.list())),
    review: (id) => panel.showJob(id),
    openRecipe: showRecipe,
    useTake: (recipe, requestId) => takes.use(recipe, { requestId }),
    opened,
  });
  const picker = new ImagePicker(() => usedPairs(jobs.list()).flatMap(({ start, end }) => [start, end]));
  const describer = new JobDescriber(jobs, settings);
  const makeForUser: MakeVideo = offeringRendered(makeVideo, (job) => panel.showJob(job));
  const panel = createPanel({
    context,
    images,
    makeVideo: makeForUser,
    jobs: jobsAnd(opened, jobs),
    openVideo: (path) => opened.open(path),
    describer,
    catalogue,
    usedCaps: () => usedCaps(jobs.videos(), settings.videoCaps()),
    actions,
    picker,
    settings,
    recipes: {
      pickedIn: (path) => {
        const entry = recipes.index.get(path);
        return entry && { requestId: entry.recipe?.requestId };
      },
      onDidChange: (listener) => new vscode.Disposable(recipes.index.onDidChange(listener)),
    },
    report,
  });
  const jobsView = new JobsView(jobs, describer, settings, view, async (job, side, edge) => {
    const copy = copyPath({ storage }, job.id, job.order[side]);
    return copy === undefined ? undefined : images.thumbnail(copy, edge);
  });
  const ids = new Set([...Object.keys(commandTable), ...actionIds.map((id) => `job.${id}`)]);
  const recipes = createRecipes({
    ...{ jobs, picker, report },
    imageSize: (path) => images.size(path),
    storage: context.storageUri?.fsPath,
    has: (id) => ids.has(id),
  });
  const alone: Alone = (work) => patiently(() => journal.alone(work));
  const takes = new RecipeTakes({ index: recipes.index, alone });
  const renderWith = (make: MakeVideo) => (path: string, options: RenderOptions) =>
    renderRecipe(
      {
        fresh: (recipe) => recipes.index.fresh(recipe),
        useTake: (recipe, file) => takes.use(recipe, { file }),
        makeVideo: make,
        jobs: () => jobs.list(),
      },
      path,
      options,
    );
  const build = new RecipeBuild({
    index: recipes.index,
    render: renderWith(makeVideo),
    budget: () => budgetOf(settings, jobs, catalogue),
    runTime: (parameters) => describer.runTime(parameters),
    atOnce: () => settings.jobsAtOnce(),
    report,
  });
  const jobChanges = new vscode.EventEmitter<string>();
  context.subscriptions.push(
    ...[panel, tokens, credentials, describer, jobsView, recipes, jobChanges],
    followJobs(jobs, (id) => jobChanges.fire(id)),
    createNotices(jobs, settings, connection, panel, report),
    tokens.onDidChange(() => jobs.wake()),
    new vscode.Disposable(jobs.onDidChange(() => void tokens.forgetEarlier(() => jobs.tokensInUse()).catch(report))),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && jobs.wake()),
    { dispose: () => void images.dispose() },
  );
  jobs.start();
  void (async () => images.tidy(usedFiles(jobs.list())))().catch(report);
  const sampleImage = (side: Side) =>
    vscode.Uri.joinPath(extensionUri, "media", "sample", `lighthouse_${side}.webp`).fsPath;
  const origin = () => known(() => settings.service());
  const commands = createCommands({
    ...{ panel, picker, makeVideo, openVideo, jobs, jobsView, actions, connection, report },
    openRecipe: showRecipe,
    recipes: {
      ...{ index: recipes.index, build, takes },
      draft: new DraftRecipe({ form: () => context.workspaceState.get("draft"), alone }),
      render: renderWith(makeVideo),
      renderForUser: renderWith(makeForUser),
    },
    samplePair: { start: sampleImage("start"), end: sampleImage("end") },
    keepToken: (token) => tokens.store(token, settings.service(), jobs.tokensInUse()),
    hosting: new HostingCommands(jobs.uploads, settings, credentials, log),
    account: () => readAccount(connection, jobs, settings),
    diagnostics: () => diagnostics(context, findToken, jobs, origin()),
  });
  const restorePanel = async (tab: vscode.WebviewPanel) => {
    // The video on its stage may be one of them.
    await opened.reopened();
    panel.restore(tab);
  };
  const openTask = (definition: unknown, folder: string | undefined) =>
    new RecipeTask({ index: recipes.index, build, jobs, report }, definition, folder);
  const onDidChangeJob = jobChanges.event;
  return { commands, restorePanel, jobsView, onDidChangeJob, openTask, dispose: () => jobs.dispose() };
}
