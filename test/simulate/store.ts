import type { Answered } from "./network.ts";

/** The user's own storage for images. */
export class Store {
  readonly objects = new Map<string, Buffer>();

  answer(method: string, path: string, body: Buffer): Answered {
    const status = this.#do(method, path, body);
    return { status, headers: {}, body: Buffer.alloc(0) };
  }

  #do(method: string, path: string, body: Buffer): number {
    switch (method) {
      case "PUT":
        this.objects.set(path, body);
        return 201;
      case "DELETE":
        return this.objects.delete(path) ? 204 : 404;
      default:
        return this.objects.has(path) ? 200 : 404;
    }
  }
}
