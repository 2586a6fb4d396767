import { draft as draftRequest, type KeptForm, type Place } from "../../shared/messages/form.ts";
import type { Ask, VsCode } from "../kit/host.ts";
import { latestPlace, readKept } from "./kept.ts";
import { keptOf, type State } from "./state.ts";

/** How long draft changes are collected before they are sent to the host, ms. */
const draftDelay = 200;

/** What is to be stored: the form in the state, and where the page is scrolled to, px. */
interface Current {
  readonly state: State;
  readonly scroll: number;
}

/** Stores the form and the place of the user, in the page at once and at the host soon. */
export class Keeper {
  readonly #vscode: VsCode;
  readonly #ask: Ask;
  readonly #current: () => Current | undefined;
  /** The draft revision that the host knows. */
  #hostRevision = 0;
  /** Where the user is, and when they came to the place that the host knows. */
  #place: Place | undefined;
  #hostPlaceAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param current is undefined until the host has sent the state */
  constructor(vscode: VsCode, ask: Ask, current: () => Current | undefined) {
    this.#vscode = vscode;
    this.#ask = ask;
    this.#current = current;
    document.addEventListener("visibilitychange", () => this.#timer !== undefined && this.#send());
  }

  /** What the page has stored itself. */
  own(): KeptForm | undefined {
    return readKept(this.#vscode.getState());
  }

  /**
   * Goes on from what the page and the host have stored.
   * @param host what the host has stored, of any version
   * @returns where the user was last
   */
  resume(host: unknown): Place | undefined {
    const known = readKept(host);
    this.#hostRevision = known?.revision ?? 0;
    this.#hostPlaceAt = known?.place?.at ?? 0;
    this.#place = latestPlace(this.own(), known);
    return this.#place;
  }

  /** Call this after each change of the form, the stage or the scroll position. */
  keep(): void {
    const kept = this.#take();
    if (kept === undefined) {
      return;
    }
    this.#vscode.setState(kept);
    if (kept.revision !== this.#hostRevision || kept.place.at !== this.#hostPlaceAt) {
      this.#timer ??= setTimeout(() => this.#send(), draftDelay);
    }
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const kept = this.#take();
    if (kept !== undefined) {
      this.#hostRevision = kept.revision;
      this.#hostPlaceAt = kept.place.at;
      // A host that cannot store the draft is no reason to disturb the user: the page stores it as well.
      void this.#ask(draftRequest, { kept }).catch(() => undefined);
    }
  }

  #take(): ReturnType<typeof keptOf> | undefined {
    const current = this.#current();
    const kept = current && keptOf(current.state, current.scroll, this.#place);
    this.#place = kept?.place ?? this.#place;
    return kept;
  }
}
