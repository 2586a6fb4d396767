import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { folderProblem } from "../files/durable.ts";
import { classify, networkProblem } from "../net/failure.ts";
import { formOf } from "../net/reading.ts";
import type { Fetch } from "../runcomfy/client.ts";
import { ProblemError } from "../shared/model/problem.ts";
import type { SaveCheckpoint } from "./checkpoint.ts";
import { checkTrusted, type Trust } from "./trust.ts";

/** The most redirects that we follow, each to a trusted host only. */
const maximumHops = 5;
/** A transfer that brings no byte for this long (ms) counts as broken. */
const stallTimeout = 30_000;
/** The most attempts within one call, as long as each brings new bytes. */
const maximumAttempts = 5;

export interface DownloadOptions {
  readonly url: string;
  /** Absolute path of the temporary file. An existing file is replaced. */
  readonly file: string;
  readonly trust: Trust;
  readonly fetch: Fetch;
  /** The most bytes to write. */
  readonly limit: number;
  readonly stallTimeout?: number | undefined;
  /** Called between the steps. */
  readonly checkpoint: (name: SaveCheckpoint) => void;
}

/** A broken transfer. The next attempt keeps what was received. */
class Broken extends Error {
  override readonly name = "Broken";
}

/**
 * Streams a video to a file, without any token, and flushes it to disk. A broken transfer resumes where it stopped if the
 * server allows ranges and its file is unchanged, and starts over otherwise.
 * @returns the number of bytes.
 * @throws {ProblemError} `hostNotTrusted`, `unreachable`, `certificate`, `videoExpired`, `videoTooLarge`,
 * `downloadFailed` or `folderUnusable`.
 */
export async function download(options: DownloadOptions): Promise<number> {
  let handle: FileHandle;
  try {
    handle = await open(options.file, "w");
  } catch (error) {
    throw folderProblem(error, dirname(options.file));
  }
  options.checkpoint("temporary");
  try {
    const transfer: Transfer = { handle, received: 0, total: undefined, validator: undefined };
    for (let attempt = 1; ; attempt += 1) {
      const before = { ...transfer };
      try {
        await receive(options, transfer);
        options.checkpoint("received");
        await sync(handle, options.file);
        return transfer.received;
      } catch (error) {
        if (!(error instanceof Broken)) {
          throw error;
        }
        const startsOver = before.validator !== undefined && transfer.validator === undefined;
        if (attempt >= maximumAttempts || (transfer.received <= before.received && !startsOver)) {
          throw new ProblemError({ code: "downloadFailed", reason: error.message }, { cause: error });
        }
      }
    }
  } finally {
    await handle.close();
  }
}

interface Transfer {
  readonly handle: FileHandle;
  received: number;
  /** Bytes of the whole file, if the server said so. */
  total: number | undefined;
  /** Strong validator of the file on the server. Without one a transfer cannot resume. */
  validator: string | undefined;
}

async function sync(handle: FileHandle, file: string): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    throw folderProblem(error, dirname(file));
  }
}

async function receive(options: DownloadOptions, transfer: Transfer): Promise<void> {
  const abort = new AbortController();
  const stall = setTimeout(() => abort.abort(new Broken("stalled")), options.stallTimeout ?? stallTimeout);
  try {
    const response = await request(options, transfer, abort.signal);
    await begin(response, options, transfer);
    if (response.body === null) {
      throw new Broken("empty answer");
    }
    for await (const chunk of response.body) {
      stall.refresh();
      if (transfer.received + chunk.byteLength > options.limit) {
        throw new ProblemError({ code: "videoTooLarge", limit: options.limit });
      }
      await write(options, transfer, chunk);
    }
    const { total } = transfer;
    if (total !== undefined && transfer.received !== total) {
      // Resuming cannot repair a transfer of more bytes than announced.
      transfer.validator = transfer.received > total ? undefined : transfer.validator;
      throw new Broken(`${transfer.received} of ${total} bytes`);
    }
  } catch (error) {
    if (error instanceof ProblemError || error instanceof Broken) {
      throw error;
    }
    if (abort.signal.aborted) {
      throw new Broken("stalled");
    }
    throw new Broken(classify(error).reason, { cause: error });
  } finally {
    clearTimeout(stall);
    abort.abort();
  }
}

/** Requests the file or the rest of it, and follows trusted redirects only. */
async function request(options: DownloadOptions, transfer: Transfer, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Encoding": "identity" };
  if (transfer.received > 0 && transfer.validator !== undefined) {
    headers.Range = `bytes=${transfer.received}-`;
    headers["If-Range"] = transfer.validator;
  }
  let address = options.url;
  for (let hop = 0; hop <= maximumHops; hop += 1) {
    const url = await checkTrusted(address, options.trust);
    const response = await send(options.fetch, url, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      return response;
    }
    await response.body?.cancel();
    address = URL.parse(location, url)?.href ?? location;
  }
  throw new ProblemError({ code: "downloadFailed", reason: "too many redirects" });
}

/** @throws {ProblemError} `unreachable` or `certificate` if there is no connection: another attempt would not help now. */
async function send(fetch: Fetch, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url.href, init);
  } catch (error) {
    const failure = classify(error, url.href);
    throw failure.kind === "unknown" ? error : new ProblemError(networkProblem(failure, url.host), { cause: error });
  }
}

/** Reads the head of the answer and prepares the file for the body. */
async function begin(response: Response, options: DownloadOptions, transfer: Transfer): Promise<void> {
  switch (response.status) {
    case 403:
    case 404:
    case 410:
      // The service's storage never answers this in plain text: a proxy or a gateway did.
      throw new ProblemError(
        ["page", "words"].includes(await formOf(response))
          ? { code: "downloadFailed", reason: `HTTP ${response.status}` }
          : { code: "videoExpired" },
      );
    case 206: {
      const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
      const total = range?.[2] === "*" ? transfer.total : Number(range?.[2]);
      if (Number(range?.[1]) !== transfer.received || total !== (transfer.total ?? total)) {
        transfer.validator = undefined;
        throw new Broken("wrong range");
      }
      transfer.total = total;
      return;
    }
    case 416:
      transfer.validator = undefined;
      throw new Broken("wrong range");
    case 200: {
      // A compressed answer has another length than the file, and cannot resume.
      const packed = (response.headers.get("content-encoding") ?? "identity") !== "identity";
      const etag = response.headers.get("etag") ?? response.headers.get("last-modified");
      transfer.validator = packed || etag === null || etag.startsWith("W/") ? undefined : etag;
      const length = packed ? null : response.headers.get("content-length");
      transfer.total = length === null ? undefined : Number(length);
      await restart(options, transfer);
      if (transfer.total !== undefined && transfer.total > options.limit) {
        throw new ProblemError({ code: "videoTooLarge", limit: options.limit });
      }
      return;
    }
    default:
      throw new ProblemError({ code: "downloadFailed", reason: `HTTP ${response.status}` });
  }
}

async function restart(options: DownloadOptions, transfer: Transfer): Promise<void> {
  try {
    await transfer.handle.truncate(0);
    transfer.received = 0;
  } catch (error) {
    throw folderProblem(error, dirname(options.file));
  }
}

async function write(options: DownloadOptions, transfer: Transfer, chunk: Uint8Array): Promise<void> {
  try {
    // A disk that is almost full takes a part, and only the count says so.
    for (let written = 0; written < chunk.byteLength; ) {
      const { bytesWritten } = await transfer.handle.write(
        chunk,
        written,
        chunk.byteLength - written,
        transfer.received,
      );
      written += bytesWritten;
      transfer.received += bytesWritten;
    }
  } catch (error) {
    throw folderProblem(error, dirname(options.file));
  }
}
