import * as vscode from "vscode";
import type { Images } from "../../host/images.ts";
import { known, type Settings, targetFor } from "../../host/settings.ts";
import { copyPath } from "../../jobs/copies.ts";
import type { KnownJobs } from "../../jobs/openedVideos.ts";
import type { Catalogue } from "../../runcomfy/catalogue.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import type { JobActions } from "../actions.ts";
import type { JobDescriber } from "../jobDescriber.ts";
import type { ImagePicker } from "../picker.ts";
import { costText } from "../words/job.ts";
import { problemText } from "../words/problem.ts";
import type { PanelDeps } from "./deps.ts";
import { Panel } from "./panel.ts";

interface PanelParts {
  readonly context: vscode.ExtensionContext;
  readonly images: Images;
  readonly makeVideo: PanelDeps["generate"];
  readonly jobs: KnownJobs;
  readonly openVideo: PanelDeps["openVideo"];
  readonly describer: JobDescriber;
  readonly catalogue: Catalogue;
  /** Throws a ProblemError. */
  readonly usedCaps: PanelDeps["usedCaps"];
  readonly actions: JobActions;
  readonly picker: ImagePicker;
  readonly settings: Settings;
  readonly recipes: PanelDeps["recipes"];
  readonly report: (error: unknown) => void;
}

/** Connects the panel to the parts of the product that it shows. */
export function createPanel(parts: PanelParts): Panel {
  const { context, images, makeVideo, jobs, openVideo, describer, catalogue, usedCaps, actions } = parts;
  const { picker, settings, recipes, report } = parts;
  const storage = context.globalStorageUri.fsPath;
  return new Panel(context.extensionUri, {
    images,
    generate: (draft) => makeVideo(draft),
    jobs: {
      list: () => jobs.list(),
      get: (id) => jobs.get(id),
      onDidChange: (listener) => new vscode.Disposable(jobs.onDidChange(listener)),
    },
    copyOf: (job, side) => copyPath({ storage }, job.id, job.order[side]),
    runTime: (parameters) => describer.runTime(parameters),
    folderFor: (start) => {
      try {
        return targetFor(settings, start, undefined).folder;
      } catch (error) {
        if (error instanceof ProblemError) {
          return undefined;
        }
        throw error;
      }
    },
    price: () => catalogue.price(),
    usedCaps: () => known(usedCaps) ?? [],
    act: (id, action) => actions.run(id, action),
    describe: (job) => describer.text(job),
    costText: (job) => costText(job),
    problemText,
    openVideo,
    recipes,
    pickImage: async (side) => (await picker.pick(side))?.fsPath,
    hosting: () => settings.imageHosting(),
    defaults: {
      get: () => settings.defaults(),
      onDidChange: (listener) =>
        vscode.Disposable.from(
          settings.onDidChange(listener),
          context.secrets.onDidChange(() => listener()),
        ),
    },
    kept: {
      get: () => context.workspaceState.get("draft"),
      put: (draft) => void context.workspaceState.update("draft", draft).then(undefined, report),
    },
    report,
  });
}
