import { EventEmitter } from "node:events";

/** The socket of a secure connection, as far as the product looks at one. */
export class TLSSocket extends EventEmitter {
  #hasFinished = false;

  /** The handshake is over. */
  secure(): void {
    this.#hasFinished = true;
    this.emit("secureConnect");
  }

  /** The other side's last message of the handshake. */
  getPeerFinished(): Buffer | undefined {
    return this.#hasFinished ? Buffer.alloc(1) : undefined;
  }
}
