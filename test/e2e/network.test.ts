import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { root } from "../../scripts/paths.ts";
import { makeCa } from "../support/servers/ca.ts";
import { type Dav, startDav } from "../support/servers/dav.ts";
import { type Front, startFront } from "../support/servers/front.ts";
import { freePorts } from "../support/servers/program.ts";
import { type ForwardProxy, startProxy } from "../support/servers/proxy.ts";
import { type Service, startService } from "../support/service/service.ts";
import { closeBrowser } from "../support/vscode/browser.ts";
import { showFailures } from "../support/vscode/failure.ts";
import { type JobFacts, jobReaches } from "../support/vscode/job.ts";
import { startVsCode, type VsCode, versionUnderTest } from "../support/vscode/vscode.ts";
import { whenFolderShows } from "../support/vscode/waiting.ts";
import { inputBox, notification, quickPick, runCommand, screenshot } from "../support/vscode/workbench.ts";

// Jobs through a real squid, to a service behind a private certificate authority, under VS Code's network settings. Only
// squid knows the service's name, so there is no way around it: what arrives there comes from squid's own address.

const version = versionUnderTest();
const host = "wan.test";

let folder: string;
let service: Service;
let front: Front;
/** Storage of the user's own, with a name that only squid knows too. */
let dav: Dav;
let open: ForwardProxy;
let closed: ForwardProxy;
let code: VsCode;
let page: Page;
/** Ports of the service: a certificate in order, one of a stranger, one out of date, one of another host, nobody. */
let doors: { good: number; foreign: number; expired: number; mismatch: number; nobody: number };
/** Jobs that wait for a way to the service. */
const waiting: unknown[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wan-network-"));
  await cp(join(root, "test", "support", "project"), folder, { recursive: true });
  const ca = await makeCa(join(folder, "ca"));
  const stranger = await makeCa(join(folder, "stranger"));
  const [good = 0, foreign = 0, expired = 0, mismatch = 0, nobody = 0] = await freePorts(5);
  doors = { good, foreign, expired, mismatch, nobody };
  const names = [host, "127.0.0.3"];
  service = await startService({ publicHost: `https://${host}:${good}`, timing: { queueMs: 0, runMs: 50 } });
  const certificates = new Map([
    [good, await ca.issue({ names })],
    [foreign, await stranger.issue({ names })],
    [expired, await ca.issue({ names, expired: true })],
    [mismatch, await ca.issue({ names: ["elsewhere.test"] })],
  ]);
  front = await startFront(service.url, certificates);
  dav = await startDav({ tls: await ca.issue({ names }) });
  open = await startProxy({ names: [host] });
  closed = await startProxy({ auth: true, names: [host] });
  code = await startVsCode({
    version,
    folder,
    fewBundled: true,
    settings: {
      "wanFlf2v.apiBaseUrl": `https://${host}:${good}`,
      "wanFlf2v.trustedDownloadHosts": [host],
      "wanFlf2v.put.url": `https://${host}:${dav.tlsPort}/\${name}`,
      // The service stands on this machine and reads there without a proxy.
      "wanFlf2v.put.publicUrl": `${dav.url}/\${name}`,
      // The older VS Code's default reads one file of the system only.
      "http.systemCertificatesNode": true,
    },
    env: {
      RUNCOMFY_TOKEN: service.token,
      // The system's certificates, as Node finds them.
      SSL_CERT_FILE: ca.file,
      HTTPS_PROXY: open.url,
      NO_PROXY: "127.0.0.3",
    },
  });
  page = await code.open();
});

showFailures(() => code);
after(async () => {
  await code?.dispose();
  await closeBrowser();
  await front?.close();
  await dav?.close();
  await service?.close();
  await open?.close();
  await closed?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Changes settings of VS Code; null takes one back. */
async function configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
  await code.inHost(async (vscode, changes) => {
    for (const [name, value] of Object.entries(changes)) {
      await vscode.workspace.getConfiguration().update(name, value ?? undefined, true);
    }
  }, settings);
}

let seed = 0;
/** Each call is another video. */
function generate(more: object = {}): Promise<unknown> {
  seed += 1;
  return code.command("wanFlf2v.generate", {
    ...more,
    start: "images/lighthouse_start.png",
    end: "images/lighthouse_end.png",
    prompt: "night falls",
    parameters: { resolution: "480x480 (1:1)", seed },
  });
}

async function makeVideo(): Promise<void> {
  assert.equal((await jobReaches(code, await generate(), "saved", "failed", "unclear")).state, "saved");
}

/** Makes a job that stays on this machine; its words. */
async function staysHere(settings: Readonly<Record<string, unknown>>): Promise<string> {
  await configure(settings);
  const sent = service.ledger.requests.length;
  const id = await generate();
  const facts: JobFacts = await code.inHost(async (vscode, job) => {
    for (;;) {
      const now: JobFacts = await vscode.commands.executeCommand("wanFlf2v.getJob", job);
      if (now.message !== undefined || now.state === "saved") {
        return now;
      }
      await new Promise((again) => setTimeout(again, 20));
    }
  }, id);
  assert.ok(["waiting", "failed"].includes(facts.state), `${facts.state}: ${facts.message}`);
  assert.equal(service.ledger.requests.length, sent);
  if (facts.state === "waiting") {
    waiting.push(id);
  }
  return facts.message ?? "";
}

/** Addresses that the service was reached from since the last call. */
let seen = 0;
async function cameFrom(): Promise<string[]> {
  const lines = await front.accessLog();
  const fresh = lines.slice(seen);
  seen = lines.length;
  return [...new Set(fresh.map((line) => line.split(" ")[0] ?? ""))].sort();
}

test("a job runs through the proxy of the environment, to a service that the system's certificates vouch for", async () => {
  await makeVideo();
  assert.deepEqual(await cameFrom(), ["127.0.0.2"]);
});

test("uploads and their end go the same way", async () => {
  await runCommand(page, "Wan FLF2V: Set Image Hosting Credentials…");
  await quickPick(page, "Username and password");
  for (const [asked, text] of [
    ["Username", dav.user],
    ["Password", dav.password],
  ] as const) {
    await page.locator(".quick-input-widget:visible").getByText(asked).first().waitFor();
    await inputBox(page, text);
  }
  await notification(page, "Credentials saved in VS Code’s secret storage");
  const job = await jobReaches(code, await generate({ hosting: "put" }), "saved", "failed", "unclear");
  assert.equal(job.state, "saved", job.message);
  const writes = async (method: string) =>
    (await dav.accessLog()).filter((line) => line.includes(`"${method} /`)).map((line) => line.split(" ")[0]);
  await whenFolderShows(dav.files, "an empty folder", async () =>
    (await readdir(dav.files)).length === 0 ? true : undefined,
  );
  assert.deepEqual(await writes("PUT"), ["127.0.0.2", "127.0.0.2"]);
  assert.deepEqual(await writes("DELETE"), ["127.0.0.2", "127.0.0.2"]);
  assert.deepEqual(await cameFrom(), ["127.0.0.2"]);
});

test("what the process's fetches share is as it was before the product was loaded", async () => {
  const changed = await code.inHost(() => {
    const { before, now } = Reflect.get(globalThis, "wanTestDispatchers") as {
      before: Map<string, unknown>;
      now: () => Map<string, unknown>;
    };
    const after = now();
    const places = [...new Set([...before.keys(), ...after.keys()])];
    return { places, changed: places.filter((place) => before.get(place) !== after.get(place)) };
  });
  assert.ok(changed.places.includes("Symbol(undici.globalDispatcher.1)"), changed.places.join());
  assert.deepEqual(changed.changed, []);
});

test("a proxy that wants a sign-in is named, and the job is kept", async () => {
  assert.match(await staysHere({ "http.proxy": closed.url }), /The proxy requires authentication/);
  const wrong = closed.signedInUrl.replace(closed.password, "wrong");
  assert.match(await staysHere({ "http.proxy": wrong }), /The proxy requires authentication/);
  assert.deepEqual(await cameFrom(), []);
});

test("a proxy that is not there is named", async () => {
  const message = await staysHere({ "http.proxy": `http://127.0.0.1:${doors.nobody}` });
  assert.match(message, /The proxy can’t be reached \(ECONNREFUSED\)/);
});

test("a name that is not found is named, where the settings lead around the proxy", async () => {
  const off = await staysHere({ "http.proxy": open.url, "http.proxySupport": "off" });
  assert.match(off, /The host name wan\.test:\d+ couldn’t be resolved \(ENOTFOUND\)/);
  const except = await staysHere({ "http.proxySupport": null, "http.noProxy": [host] });
  assert.match(except, /The host name wan\.test:\d+ couldn’t be resolved \(ENOTFOUND\)/);
  await screenshotOfJobs("network-waiting");
});

test("with user and password in the setting the job runs, and what waited is sent", async () => {
  await configure({ "http.noProxy": null, "http.proxy": closed.signedInUrl });
  await makeVideo();
  for (const id of waiting) {
    assert.equal((await jobReaches(code, id, "saved", "failed", "unclear")).state, "saved");
  }
  assert.deepEqual(await cameFrom(), ["127.0.0.2"]);
  await closed.logged("the user's name", ({ user, result }) => user === closed.user && result === "TCP_TUNNEL/200");
});

test("with the proxy support “on” and “fallback” the job runs through the proxy", async () => {
  await configure({ "http.proxy": open.url });
  for (const support of ["on", "fallback"]) {
    await configure({ "http.proxySupport": support });
    await makeVideo();
    assert.deepEqual(await cameFrom(), ["127.0.0.2"], support);
  }
  await configure({ "http.proxySupport": null });
});

test("what NO_PROXY names is reached directly", async () => {
  await configure({ "wanFlf2v.apiBaseUrl": `https://127.0.0.3:${doors.good}` });
  await makeVideo();
  // The video still comes from the other name, through the proxy.
  assert.deepEqual(await cameFrom(), ["127.0.0.1", "127.0.0.2"]);
});

test("a certificate that is wrong is named as what it is, and nothing is sent", async () => {
  const at = (port: number) => staysHere({ "wanFlf2v.apiBaseUrl": `https://${host}:${port}` });
  assert.match(
    await at(doors.expired),
    /certificate of wan\.test:\d+ is expired or not yet valid \(CERT_HAS_EXPIRED\)/,
  );
  assert.match(await at(doors.mismatch), /belongs to another host \(ERR_TLS_CERT_ALTNAME_INVALID\)/);
  assert.match(await at(doors.foreign), /was issued by an authority that this computer doesn’t trust/);
  await screenshotOfJobs("network-certificates");
});

test("without the system's certificates the private authority is not known", async () => {
  const address = `https://${host}:${doors.good}`;
  const message = await staysHere({
    "wanFlf2v.apiBaseUrl": address,
    "http.systemCertificates": false,
  });
  assert.match(message, /was issued by an authority that this computer doesn’t trust/);
  await configure({ "http.systemCertificates": null });
});

test("without the strict check a stranger's certificate is taken, still through the proxy", async () => {
  await cameFrom();
  await configure({ "wanFlf2v.apiBaseUrl": `https://${host}:${doors.foreign}`, "http.proxyStrictSSL": false });
  await makeVideo();
  assert.deepEqual(await cameFrom(), ["127.0.0.2"]);
  assert.match(await staysHere({ "http.proxy": closed.url }), /The proxy requires authentication/);
  const nobody = await staysHere({ "http.proxy": `http://127.0.0.1:${doors.nobody}` });
  assert.match(nobody, /The proxy can’t be reached/);
});

test("the service got each job once, and the token only with the API's calls", () => {
  const { requests, exchanges, tokenLeaks } = service.ledger;
  const posts = exchanges.filter(({ method, path }) => method === "POST" && !path.endsWith("/cancel"));
  assert.equal(posts.length, requests.length);
  assert.deepEqual(tokenLeaks, []);
});

async function screenshotOfJobs(name: string): Promise<void> {
  await runCommand(page, "Wan FLF2V: Show Videos");
  await screenshot(page, version, name);
}
