import { EventEmitter } from "node:events";

/** The socket of a secure connection, as far as the product looks at one. */
export class TLSSocket extends EventEmitter {
  connecting = true;
}
