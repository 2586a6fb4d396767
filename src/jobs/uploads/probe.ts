import { randomUUID } from "node:crypto";
import { neverArrived, uploadTimeout } from "../../hosting/storage.ts";
import { newName } from "../../hosting/storedObject.ts";
import { classify } from "../../net/failure.ts";
import { readBytes } from "../../net/reading.ts";
import { leadsToPrivate } from "../../net/trust.ts";
import type { UploadKind } from "../../shared/model/hosting.ts";
import { type Problem, problemOf } from "../../shared/model/problem.ts";
import type { Journal } from "../journal/journal.ts";
import { whenFree } from "../journal/sql.ts";
import type { Upload } from "../journal/uploads.ts";
import type { Ports } from "../ports.ts";
import { isOpen, lookBack } from "./lookBack.ts";

/** The steps of a test, in order. */
export type TestStep = "prepare" | "upload" | "read" | "compare" | "delete" | "gone";

/** Where a test stopped: a problem of the storage, or what the public address answered. */
export type TestFailure =
  | { readonly step: "prepare" | "upload" | "delete"; readonly problem: Problem }
  | { readonly step: "read"; readonly host: string; readonly reason: string }
  | { readonly step: "compare"; readonly host: string; readonly type: string }
  | { readonly step: "gone"; readonly host: string };

/** What a test of the storage found. */
export interface TestReport {
  /** The steps that worked. */
  readonly done: readonly TestStep[];
  readonly failure?: TestFailure;
  /** The public address is one that RunComfy cannot reach: not https, or of this machine or a private network. */
  readonly unreachable?: { readonly host: string };
}

/** ms for one read of the public address. */
const readTimeout = 30_000;
/** The most bytes of the test picture that we read. */
const maximumBytes = 65_536;

/** A PNG of 2 × 2 pixels. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR42mP4z8DA0PCfAUIBACFyBP2pJ3SLAAAAAElFTkSuQmCC",
  "base64",
);

/**
 * Tests the image storage the way a job uses it: uploads a small picture, reads it the way the service does (no credentials,
 * no cookies, no redirects), compares the bytes, deletes it and checks that it is gone.
 * @param owner holds the claim on the picture, so that a crash leaves nothing behind.
 */
export async function testUpload(
  { journal, ports, owner }: { readonly journal: Journal; readonly ports: Ports; readonly owner: string },
  kind: UploadKind,
): Promise<TestReport> {
  const { storage } = ports.hosting;
  const done: TestStep[] = [];
  const report = (failure?: TestFailure): TestReport => ({
    done,
    ...(failure && { failure }),
    ...(unreachable && { unreachable }),
  });
  let unreachable: { host: string } | undefined;

  const id = randomUUID();
  const name = newName();
  let upload: Upload;
  try {
    const place = await storage.locate(kind, name);
    upload = {
      id,
      job: "test",
      side: "test",
      created_at: ports.now(),
      state: "uploading",
      facts: { place, name, tries: 0 },
    };
  } catch (error) {
    return report({ step: "prepare", problem: problemOf(error) });
  }
  done.push("prepare");
  // As for a job: where the answer tells nothing, what lies there counts.
  const unlessSeen = (expected: "same" | "gone") => async (error: unknown) => {
    const { place } = upload.facts;
    const seen =
      isOpen(error) &&
      (await lookBack(ports.fetch, await storage.address(place), expected === "same" ? picture : undefined));
    if (seen !== expected) {
      throw error;
    }
  };
  await whenFree(() => journal.uploads.begin(upload, owner, ports.now() + uploadTimeout));

  try {
    await storage.upload(upload.facts.place, picture).catch(unlessSeen("same"));
  } catch (error) {
    if (neverArrived(error)) {
      await whenFree(() => journal.uploads.forget(id));
    } else {
      // If the picture arrived after all, it is deleted like any other.
      await whenFree(() => journal.uploads.broke(upload));
    }
    return report({ step: "upload", problem: problemOf(error) });
  }
  let address: URL;
  try {
    address = new URL(await storage.address(upload.facts.place));
  } catch (error) {
    await whenFree(() => journal.uploads.broke(upload));
    return report({ step: "upload", problem: problemOf(error) });
  }
  done.push("upload");
  unreachable =
    address.protocol !== "https:" || (await leadsToPrivate(address.hostname)) ? { host: address.host } : undefined;

  const trouble = await readBack(ports.fetch, address);
  if (trouble === undefined) {
    done.push("read", "compare");
  } else if (trouble.step === "compare") {
    done.push("read");
  }
  try {
    await storage.remove(upload.facts.place).catch(unlessSeen("gone"));
  } catch (error) {
    await whenFree(() => journal.uploads.broke(upload));
    return report(trouble ?? { step: "delete", problem: problemOf(error) });
  }
  await whenFree(() => journal.uploads.deleted(id, owner));
  if (trouble !== undefined) {
    return report(trouble);
  }
  done.push("delete");
  const left = await readBack(ports.fetch, address);
  if (left?.step !== "read") {
    return report({ step: "gone", host: address.host });
  }
  done.push("gone");
  return report();
}

/** Reads an address without credentials; undefined if it gives the picture. */
async function readBack(
  fetch: Ports["fetch"],
  address: URL,
): Promise<Extract<TestFailure, { step: "read" | "compare" }> | undefined> {
  const { host } = address;
  try {
    const response = await fetch(address.href, {
      redirect: "manual",
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(readTimeout),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { step: "read", host, reason: `HTTP ${response.status}` };
    }
    return (await readBytes(response, maximumBytes))?.equals(picture)
      ? undefined
      : { step: "compare", host, type: response.headers.get("content-type")?.slice(0, 60) ?? "?" };
  } catch (error) {
    return { step: "read", host, reason: classify(error).reason };
  }
}
