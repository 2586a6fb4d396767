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
import { isOpen, lookBack } from "./lookBack.ts";
import { type TestReport, testUpload } from "./probe.ts";

/** Pauses between tries to delete an object, ms. After the last we leave it to the user. */
const pauses = [5_000, 30_000, 120_000, 600_000, 3_600_000] as const;
/** How long the claim of a window that deletes lasts, ms: longer than one request may take. */
const deletingTime = 60_000;
/** The longest timer, ms, so that a clock that is set ahead does not delay us. */
const longestTimer = 60_000;
/** The shortest time between two looks of our own, ms, whatever the journal says is due. */
const shortestTimer = 500;

/**
 * The images of jobs on the user's storage: uploaded before a job is sent, deleted after it has ended, by whichever window
 * comes first. The journal knows each object before the storage does.
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
   * Makes sure that an image is on the storage, and gives an address that anybody can read it from for now. An image that an
   * earlier try of the same job uploaded is used again if the settings still name the same place.
   * @throws {ProblemError} `storageUnreachable` if it may work later; all others stay.
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
    // A storage may clear up by itself, and its user too: a request that names what is gone would be paid for nothing.
    if (upload.state !== "uploaded" || (await this.#look(upload)) === "gone") {
      await this.#upload(upload, png, found === undefined);
    }
    return storage.address(upload.facts.place);
  }

  /** What lies at the public address of an image now, as far as that can be told from here. */
  async #look({ facts }: Upload, png?: Uint8Array): Promise<"gone" | "same" | undefined> {
    try {
      return await lookBack(this.#ports.fetch, await this.#ports.hosting.storage.address(facts.place), png);
    } catch {
      // The settings give no address any more.
      return undefined;
    }
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
      if (isOpen(error) && (await this.#look(upload, png)) === "same") {
        await committed(ports, "uploaded", () => patiently(() => uploads.landed(upload)));
        return;
      }
      await patiently(() => (isFirst && neverArrived(error) ? uploads.forget(upload.id) : uploads.broke(upload)));
      throw error;
    }
    await committed(ports, "uploaded", () => patiently(() => uploads.landed(upload)));
    ports.log(`${upload.job} ${upload.side} image uploaded by ${upload.facts.place.kind}`);
  }

  /** Deletes what nobody needs any more, now and whenever something is due. */
  look(): void {
    this.#schedule(0);
  }

  /** Tests the storage (`probe.ts`). Never throws because of the storage. */
  async test(kind: UploadKind): Promise<TestReport> {
    const report = await testUpload({ journal: this.#journal, ports: this.#ports, owner: this.#owner }, kind);
    this.look();
    return report;
  }

  /** The objects that we could not delete (so far). While the journal is locked, the list is the last one read. */
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

  /** True if nothing is left to delete except what a request that nobody follows may still need. */
  isSettled(): boolean {
    return this.#journal.uploads.nextDue(false) === undefined;
  }

  /**
   * Tries again to delete an object.
   * @throws {ProblemError} `journalBusy`
   */
  async again(id: string): Promise<void> {
    await whenFree(() => this.#journal.uploads.again(id));
    this.look();
  }

  /**
   * Removes an object from the list; it stays where it is.
   * @throws {ProblemError} `journalBusy`
   */
  async forget(id: string): Promise<void> {
    await whenFree(() => this.#journal.uploads.forget(id));
    this.#changed();
  }

  /** Stops deleting and leaves the rest to another window. Call it before the journal is closed. */
  async dispose(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#sweeping;
    try {
      this.#journal.uploads.release(this.#owner);
    } catch {
      // The claims expire by themselves.
    }
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#stop.signal.aborted) {
      this.#timer = setTimeout(() => this.#tick(), delay);
    }
  }

  #tick(): void {
    // The sweep under way looks again when it is done.
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

  /** Deletes everything that is due. Gives the ms until something is due again, undefined for never. */
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
      if (isOpen(error) && (await this.#look(upload)) === "gone") {
        await this.#deleted(upload);
        return;
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
    await this.#deleted(upload);
  }

  async #deleted(upload: Upload): Promise<void> {
    const ports = this.#ports;
    await committed(ports, "deleted", () => patiently(() => this.#journal.uploads.deleted(upload.id, this.#owner)));
    ports.log(`${upload.job} ${upload.side} image deleted`);
    this.#changed();
  }
}
