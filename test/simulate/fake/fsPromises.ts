import * as real from "node:fs";
import { world } from "../current.ts";
import { mustBeRunning } from "../scheduler.ts";

// The real files in a folder in memory, each operation whole at one simulated moment: slow, refused or done.

function operation<A extends unknown[], R>(name: string, run: (...values: A) => R): (...values: A) => Promise<R> {
  return async (...values) => {
    await world().disk.operation(name, String(values[0]));
    return run(...values);
  };
}

export const { constants } = real;
export const access = operation("access", real.accessSync);
export const chmod = operation("chmod", real.chmodSync);
export const copyFile = operation("copyFile", real.copyFileSync);
export const link = operation("link", real.linkSync);
export const lstat = operation("lstat", real.lstatSync);
export const mkdir = operation("mkdir", real.mkdirSync);
export const readFile = operation("open", real.readFileSync);
export const realpath = operation("realpath", real.realpathSync);
export const rename = operation("rename", real.renameSync);
export const rm = operation("rm", real.rmSync);
export const rmdir = operation("rmdir", real.rmdirSync);
export const stat = operation("stat", real.statSync);
export const statfs = operation("statfs", real.statfsSync);
export const unlink = operation("unlink", real.unlinkSync);
export const utimes = operation("utimes", real.utimesSync);
export const writeFile = operation("writeFile", real.writeFileSync);

export const readdir = operation("scandir", (path: string) => real.readdirSync(path).sort());

/** An open file. What is open when its process ends is closed. */
class Handle {
  readonly #path: string;
  readonly #end: () => void;
  #fd: number | undefined;

  constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
    this.#end = mustBeRunning().atEnd(() => this.#release()) ?? (() => undefined);
  }

  get fd(): number {
    if (this.#fd === undefined) {
      throw Object.assign(new Error("file closed"), { code: "EBADF", syscall: "read" });
    }
    return this.#fd;
  }

  async #do<R>(name: string, run: (fd: number) => R): Promise<R> {
    await world().disk.operation(name, this.#path);
    return run(this.fd);
  }

  read(buffer: Uint8Array, offset = 0, length = buffer.byteLength - offset, position: number | null = null) {
    return this.#do("read", (fd) => ({ bytesRead: real.readSync(fd, buffer, offset, length, position), buffer }));
  }

  readFile() {
    return this.#do("read", (fd) => real.readFileSync(fd));
  }

  stat(options?: real.StatOptions) {
    return this.#do("fstat", (fd) => real.fstatSync(fd, options));
  }

  sync() {
    return this.#do("fsync", () => undefined);
  }

  datasync() {
    return this.#do("fsync", () => undefined);
  }

  truncate(length = 0) {
    return this.#do("ftruncate", (fd) => real.ftruncateSync(fd, length));
  }

  write(bytes: Uint8Array, offset = 0, length = bytes.byteLength - offset, position: number | null = null) {
    return this.#do("write", (fd) => ({ bytesWritten: real.writeSync(fd, bytes, offset, length, position) }));
  }

  writeFile(content: string | Uint8Array) {
    return this.#do("write", (fd) => real.writeFileSync(fd, content));
  }

  async close(): Promise<void> {
    await world().disk.latency();
    this.#release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #release(): void {
    if (this.#fd !== undefined) {
      real.closeSync(this.#fd);
      this.#fd = undefined;
      this.#end();
    }
  }
}

export async function open(path: string, flags: string | number = "r", mode?: number): Promise<Handle> {
  await world().disk.operation("open", path);
  return new Handle(path, real.openSync(path, flags, mode));
}
