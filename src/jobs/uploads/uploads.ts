import { randomUUID } from "node:crypto";
import { neverArrived, uploadTimeout } from "../../hosting/storage.ts";
import { isSameObject, newName, originOf } from "../../hosting/storedObject.ts";
import { messageOf } from "../../shared/errors.ts";
import type { UploadKind } from "../../shared/model/hosting.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { committed } from "../checkpoint.ts";
import type { Journal } from "../journal/journal.ts";
import { isBusy, patiently, whenFree } from "../journal/sql.ts";
import type { Upload } from "../journal/uploads.ts";
import { isGone } from "../owner.ts";
import type { Ports } from "../ports.ts";
import { type TestReport, testUpload } from "./probe.ts";

/** Pauses before an object that could not be deleted is tried again, ms; after the last it is left to the user. */
const pauses = [5_000, 30_000, 120_000, 600_000, 3_600_000] as const;
/** How long a window that deletes keeps others away, ms: longer than one request may take. */
const deletingTime = 60_000;
/** Timers are no longer than this, ms: a clock that is set ahead must not hold them up. */
const longestTimer = 60_000;
/** The program looks by itself no sooner than this after it has looked, ms, whatever the journal says is due. */
const shortestTimer = 500;

/**
 * The images that jobs have on the user's storage: uploaded before a job is sent, deleted when it has ended, by whichever
 * window comes first. Each object is in the journal before it is on the storage.
 */
export class Uploads {
  readonly #journal: Journal;
  readonly #ports: Ports;
  readonly #owner: string;
  readonly #changed: () => void;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #leftovers: Upload[] = [];

  /** @param changed called when an object was deleted or could not be. */
  constructor(journal: Journal, ports: Ports, owner: string, changed: () => void) {
    this.#journal = journal;
    this.#ports = ports;
    this.#owner = owner;
    this.#changed = changed;
  }

  /**
   * Sees to it that an image is on the storage, and gives an address of this moment that anybody can read it at. What an
   * earlier try of the same job uploaded is used again as long as the settings still name the same place.
   * @throws {ProblemError} `storageUnreachable` where it may work later; all others stand.
   */
  async host(job: string, side: string, kind: UploadKind, png: Uint8Array): Promise<string> {
    const { storage } = this.#ports.hosting;
    let found: Upload | undefined;
    for (const upload of await patiently(() => this.#journal.uploads.usable(job, side))) {
      if (isSameObject(upload.facts.place, await storage.locate(kind, upload.facts.name))) {
        found = upload;
        break;
      }
    }
    const upload = found ?? (await this.#fresh(job, side, kind));
    if (upload.state !== "uploaded") {
      await this.#upload(upload, png, found === undefined);
    }
    return storage.address(upload.facts.place);
  }

  async #fresh(job: string, side: string, kind: UploadKind): Promise<Upload> {
    const name = newName();
    const place = await this.#ports.hosting.storage.locate(kind, name);
    const facts = { place, name, tries: 0 };
    return { id: randomUUID(), job, side, created_at: this.#ports.now(), state: "uploading", facts };
  }

  async #upload(upload: Upload, png: Uint8Array, isFirst: boolean): Promise<void> {
    const { uploads } = this.#journal;
    const ports = this.#ports;
    await committed(ports, "uploading", () =>
      // Longer than the upload may take, so that nobody deletes the object before it has arrived.
      patiently(() => uploads.begin(upload, this.#owner, ports.now() + uploadTimeout + deletingTime)),
    );
    try {
      await ports.hosting.storage.upload(upload.facts.place, png);
    } catch (error) {
      await patiently(() => (isFirst && neverArrived(error) ? uploads.forget(upload.id) : uploads.broke(upload)));
      throw error;
    }
    await committed(ports, "uploaded", () => patiently(() => uploads.landed(upload)));
    ports.log(`${upload.job} ${upload.side} image uploaded by ${upload.facts.place.kind}`);
  }

  /** Deletes what has no use any more, now and whenever something is due. */
  look(): void {
    this.#schedule(0);
  }

  /** Tries the storage out (`probe.ts`). Never throws for reasons of storage. */
  async test(kind: UploadKind): Promise<TestReport> {
    const report = await testUpload({ journal: this.#journal, ports: this.#ports, owner: this.#owner }, kind);
    this.look();
    return report;
  }

  /** Objects that could not be deleted (so far); as they were last read, while the journal is locked. */
  leftovers(): Upload[] {
    try {
      this.#leftovers = this.#journal.uploads.leftovers();
    } catch (error) {
      if (!isBusy(error)) {
        throw error;
      }
    }
    return this.#leftovers;
  }

  /** True when the program has nothing to delete but what a request that nobody follows may still need. */
  isSettled(): boolean {
    return this.#journal.uploads.nextDue(false) === undefined;
  }

  /**
   * Tries once more to delete an object.
   * @throws {ProblemError} `journalBusy`
   */
  async again(id: string): Promise<void> {
    await whenFree(() => this.#journal.uploads.again(id));
    this.look();
  }

  /**
   * Takes an object out of the list; it stays where it is.
   * @throws {ProblemError} `journalBusy`
   */
  async forget(id: string): Promise<void> {
    await whenFree(() => this.#journal.uploads.forget(id));
    this.#changed();
  }

  /** Breaks off what is being deleted, for another window to finish. To be called before the journal is closed. */
  async dispose(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#sweeping;
    try {
      this.#journal.uploads.release(this.#owner);
    } catch {
      // The claims run out by themselves.
    }
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#stop.signal.aborted) {
      this.#timer = setTimeout(() => this.#tick(), delay);
    }
  }

  #tick(): void {
    // The one under way looks again when it is done.
    this.#sweeping ??= this.#sweep()
      .catch((error: unknown) => {
        this.#ports.log(`uploads: ${messageOf(error)}`);
        return isBusy(error) ? 2 * shortestTimer : longestTimer;
      })
      .then((pause) => {
        this.#sweeping = undefined;
        if (pause !== undefined) {
          this.#schedule(Math.min(Math.max(pause, shortestTimer), longestTimer));
        }
      });
  }

  /** Deletes all that is due. Gives the ms until something is again, undefined for never. */
  async #sweep(): Promise<number | undefined> {
    const { uploads } = this.#journal;
    const now = this.#ports.now();
    if (uploads.nextDue() === undefined) {
      return undefined;
    }
    const { deleteUploads } = this.#ports.limits();
    if (deleteUploads === undefined) {
      return longestTimer;
    }
    if (!deleteUploads) {
      uploads.forgetDeletable();
    }
    for (const upload of uploads.claim(this.#owner, now, now + deletingTime, isGone)) {
      if (this.#stop.signal.aborted) {
        return undefined;
      }
      await this.#delete(upload);
    }
    const due = uploads.nextDue();
    return due === undefined ? undefined : due - this.#ports.now();
  }

  async #delete(upload: Upload): Promise<void> {
    const { uploads } = this.#journal;
    const ports = this.#ports;
    const { facts } = upload;
    ports.checkpoint("before:deleting");
    try {
      await ports.hosting.storage.remove(facts.place, this.#stop.signal);
    } catch (error) {
      if (this.#stop.signal.aborted) {
        return;
      }
      if (!(error instanceof ProblemError)) {
        throw error;
      }
      const { problem } = error;
      const pause = problem.code === "storageUnreachable" ? pauses[facts.tries] : undefined;
      const tried = { ...upload, facts: { ...facts, tries: facts.tries + 1, problem } };
      await patiently(() => uploads.notDeleted(tried, pause === undefined ? "left" : ports.now() + pause));
      ports.log(`${upload.job} ${upload.side} image not deleted: ${problem.code}`);
      if (pause === undefined) {
        ports.leftBehind(new URL(originOf(facts.place)).host);
      }
      this.#changed();
      return;
    }
    await committed(ports, "deleted", () => patiently(() => uploads.deleted(upload.id, this.#owner)));
    ports.log(`${upload.job} ${upload.side} image deleted`);
    this.#changed();
  }
}
