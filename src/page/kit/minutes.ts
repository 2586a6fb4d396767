import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isHidden } from "./hidden.ts";

/** How often ages are looked at again, ms. */
const every = 20_000;

/** The current time for an element that shows ages. It renders the element again now and then while the page is visible. */
export class Minutes implements ReactiveController {
  /** Ms since 1970. */
  now = Date.now();
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.#look);
    this.#timer = setInterval(this.#look, every);
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.#look);
    clearInterval(this.#timer);
  }

  hostUpdate(): void {
    this.now = Date.now();
  }

  readonly #look = (): void => {
    if (!isHidden()) {
      this.#host.requestUpdate();
    }
  };
}
