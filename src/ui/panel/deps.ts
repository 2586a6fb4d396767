import type { ShownPicture } from "../../host/images.ts";
import type { Job } from "../../jobs/job.ts";
import type { KeptForm } from "../../shared/messages/form.ts";
import type { HostMessage } from "../../shared/messages/registry.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
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

/** What the panel needs of the product. */
export interface PanelDeps {
  readonly images: {
    /**
     * @param maxEdge longest edge of the thumbnail in pixels.
     * @throws {ProblemError} where the file is missing or no image that can be used.
     */
    thumbnail(path: string, maxEdge: number): Promise<ShownPicture>;
    /**
     * Makes a file of a picture that came without one.
     * @param name what a problem calls the picture
     * @returns the file's absolute path.
     * @throws {ProblemError} where the bytes are no image that can be used.
     */
    keep(bytes: Uint8Array, name: string): Promise<string>;
    /**
     * The picture as it would be sent, as PNG.
     * @throws {ProblemError} where the file is missing or no image that can be used.
     */
    preview(path: string, size: Size, plan: CropPlan): Promise<Uint8Array>;
  };
  /**
   * Makes a job of a draft.
   * @returns the job's id; undefined where the user was asked and decided against it.
   * @throws {ProblemError} where nothing was made.
   */
  generate(draft: Draft): Promise<string | undefined>;
  /** What the user's own videos of the same work typically took, ms; undefined without any. */
  runTime(parameters: Parameters): number | undefined;
  /** What the service says a video costs. Never throws. */
  price(): Promise<Price>;
  readonly jobs: {
    /** Newest first. */
    list(): readonly Job[];
    get(id: string): Job | undefined;
    onDidChange(listener: () => void): Disposable;
  };
  /** Absolute path of a job's own copy of an image, as it was sent; undefined where none is kept. */
  copyOf(job: Job, side: Side): string | undefined;
  /** Does what one of the actions of {@link describe} names. Throws {@link ProblemError} where it cannot. */
  act(jobId: string, action: string): Promise<void>;
  describe(job: Job): JobText;
  /** What an ended request cost, in words; undefined where nothing was sent, or it is not over. */
  costText(job: Job): string | undefined;
  problemText(problem: Problem): ShownProblem;
  /** Lets the user choose an image file; undefined when they cancel. */
  pickImage(side: Side): Promise<string | undefined>;
  /** How the settings let images get to the service; changes are told with those of `defaults`. */
  hosting(): HostingChoice;
  /** What the user's settings put in place of the model's defaults. */
  readonly defaults: { get(): Parameters; onDidChange(listener: () => void): Disposable };
  /** The last form of this workspace, to be there after the panel's tab was closed. */
  readonly kept: { get(): unknown; put(form: KeptForm): void };
  /** Takes note of a fault of ours. */
  report(error: unknown): void;
}

/** What the panel needs of VS Code. */
export interface SessionHost {
  post(message: HostMessage): void;
  readFile(path: string): Promise<Uint8Array>;
  /** Gives the sentence that the command has for its user, where it has one. */
  runCommand(command: string, setting: string | undefined): Promise<string | undefined>;
  /**
   * The absolute path behind an address.
   * @throws {ProblemError} `notAFile` where it is no file's of this machine
   */
  pathOf(uri: string): string;
  /** A path as people of this workspace write it. */
  relativePath(path: string): string;
  /** Tells the user, wherever they work now, what the page that asked can show no more. */
  notify(problem: ShownProblem, kind: "problem" | "news"): void;
}
