import type * as vscode from "vscode";
import { known, type Settings } from "../host/settings.ts";
import type { Job } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { type RunTimeTable, runTimeTable } from "../jobs/steps/runTimes.ts";
import type { UploadKind } from "../shared/model/hosting.ts";
import type { Parameters } from "../shared/model/parameters.ts";
import { type JobText, jobText } from "./words/job.ts";

/** What the texts of all jobs depend on besides the jobs themselves. */
interface Facts {
  readonly runTimes: RunTimeTable;
  readonly uploader: UploadKind | undefined;
  readonly atOnce: number;
}

/**
 * Puts jobs into words. It gathers what these depend on once after a change of jobs or settings, however many jobs it then
 * describes, and an invalid setting never makes it fail. Create it before the views, so that it hears of a change first.
 */
export class JobDescriber implements vscode.Disposable {
  readonly #jobs: Pick<JobService, "list">;
  readonly #settings: Pick<Settings, "uploader" | "service" | "jobsAtOnce">;
  readonly #ends: readonly (() => void)[];
  #facts: Facts | undefined;

  constructor(
    jobs: Pick<JobService, "list" | "onDidChange">,
    settings: Pick<Settings, "uploader" | "service" | "jobsAtOnce" | "onDidChange">,
  ) {
    this.#jobs = jobs;
    this.#settings = settings;
    const forget = () => {
      this.#facts = undefined;
    };
    const listener = settings.onDidChange(forget);
    this.#ends = [jobs.onDidChange(forget), () => listener.dispose()];
  }

  dispose(): void {
    for (const end of this.#ends) {
      end();
    }
  }

  /** A job in words, and what the user can do with it now. */
  text(job: Job): JobText {
    const { runTimes, ...facts } = this.#gathered();
    return jobText(job, { runTimes: runTimes(job.order), ...facts });
  }

  /** How long videos with such parameters typically rendered, ms; undefined if there are none. */
  runTime(parameters: Parameters): number | undefined {
    const service = known(() => this.#settings.service());
    return service === undefined ? undefined : this.#gathered().runTimes({ service, parameters })?.typical;
  }

  #gathered(): Facts {
    this.#facts ??= {
      runTimes: runTimeTable(this.#jobs.list()),
      uploader: known(() => this.#settings.uploader()),
      atOnce: this.#settings.jobsAtOnce(),
    };
    return this.#facts;
  }
}
