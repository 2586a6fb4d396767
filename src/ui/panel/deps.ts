import type { ShownPicture } from "../../host/images.ts";
import type { Job } from "../../jobs/job.ts";
import type { ActionId } from "../../shared/jobs/actions.ts";
import type { KeptForm } from "../../shared/messages/form.ts";
import type { HostMessage } from "../../shared/messages/registry.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import type { UsedCap } from "../../shared/model/budget.ts";
import type { Draft } from "../../shared/model/draft.ts";
import type { HostingChoice } from "../../shared/model/hosting.ts";
import type { Parameters } from "../../shared/model/parameters.ts";
import type { CropPlan } from "../../shared/model/plan.ts";
import type { Price } from "../../shared/model/price.ts";
import type { Problem } from "../../shared/model/problem.ts";
import type { Side } from "../../shared/model/side.ts";
import type { Size } from "../../shared/model/size.ts";
import type { JobText } from "../words/job.ts";

export interface Disposable {
  dispose(): void;
}

/** What the panel needs from the product. */
export interface PanelDeps {
  readonly images: {
    /**
     * @param maxEdge longest edge of the thumbnail in pixels.
     * @throws {ProblemError} if the file is missing or is not a usable image.
     */
    thumbnail(path: string, maxEdge: number): Promise<ShownPicture>;
    /**
     * Saves a picture that has no file.
     * @param name what a problem calls the picture
     * @returns the file's absolute path.
     * @throws {ProblemError} if the bytes are not a usable image.
     */
    keep(bytes: Uint8Array, name: string): Promise<string>;
    /**
     * The picture as it would be sent, as a PNG.
     * @throws {ProblemError} if the file is missing or is not a usable image.
     */
    preview(path: string, size: Size, plan: CropPlan): Promise<Uint8Array>;
  };
  /**
   * Makes a job from a draft.
   * @returns the job's id; undefined if the user declined when asked.
   * @throws {ProblemError} if no job was made.
   */
  generate(draft: Draft): Promise<string | undefined>;
  /** How long the user's own videos with the same workload typically rendered, ms; undefined if there are none. */
  runTime(parameters: Parameters): number | undefined;
  /**
   * Absolute path of the folder that a video is saved in; undefined while none can be used.
   * @param start absolute path of its start image
   */
  folderFor(start: string | undefined): string | undefined;
  /** The service's price for a video. Never throws. */
  price(): Promise<Price>;
  /** The caps on the number of videos that are set, and how much of each is used; none while that can't be read. */
  usedCaps(): UsedCap[];
  readonly jobs: {
    /** Newest first. */
    list(): readonly Job[];
    get(id: string): Job | undefined;
    onDidChange(listener: () => void): Disposable;
  };
  /** Absolute path of a job's own copy of an image, exactly as sent; undefined if none was kept. */
  copyOf(job: Job, side: Side): string | undefined;
  /** Runs one of the actions that {@link describe} lists. Throws a {@link ProblemError} if it cannot. */
  act(jobId: string, action: ActionId): Promise<void>;
  describe(job: Job): JobText;
  /** The cost of an ended request, in words; undefined if none was sent or it has not ended. */
  costText(job: Job): string | undefined;
  problemText(problem: Problem): ShownProblem;
  /** Lets the user choose an image file; undefined if they cancel. */
  pickImage(side: Side): Promise<string | undefined>;
  /**
   * Adds a video to the list, by the absolute path of its file or of its recipe.
   * @returns the id of its job.
   * @throws {ProblemError} if there is neither.
   */
  openVideo(path: string): Promise<string>;
  readonly recipes: {
    /** The request whose video counts in a recipe (absolute path), if any does; undefined if the recipe is not known. */
    pickedIn(path: string): { readonly requestId: string | undefined } | undefined;
    onDidChange(listener: () => void): Disposable;
  };
  /** How images get to the service, according to the settings. `defaults` reports changes to this too. */
  hosting(): HostingChoice;
  /** The user's own values for the model's defaults. Reports changes to any setting, the token and other secrets. */
  readonly defaults: { get(): Parameters; onDidChange(listener: () => void): Disposable };
  /** The last form of this workspace, which survives closing the panel's tab. */
  readonly kept: { get(): unknown; put(form: KeptForm): void };
  /** Logs an unexpected error. */
  report(error: unknown): void;
}

/** What the panel needs from VS Code. */
export interface SessionHost {
  post(message: HostMessage): void;
  readFile(path: string): Promise<Uint8Array>;
  /** Returns the command's message to the user, if it has one. */
  runCommand(command: string, setting: string | undefined): Promise<string | undefined>;
  /**
   * The absolute path that a URI refers to.
   * @throws {ProblemError} `notAFile` if it is not a file on this machine
   */
  pathOf(uri: string): string;
  /** A path relative to the workspace; unchanged outside it. */
  relativePath(path: string): string;
  /** Tells the user, wherever they are working, what the page that asked can no longer show. */
  notify(problem: ShownProblem, kind: "problem" | "news"): void;
}
