import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { root } from "../../scripts/paths.ts";
import { type Dav, startDav } from "../support/servers/dav.ts";
import { type Service, startService } from "../support/service/service.ts";
import { closeBrowser } from "../support/vscode/browser.ts";
import { showFailures } from "../support/vscode/failure.ts";
import { jobReaches } from "../support/vscode/job.ts";
import { doMainJob } from "../support/vscode/mainJob.ts";
import { startVsCode, type VsCode, versionUnderTest } from "../support/vscode/vscode.ts";
import { panelFrame, screenshot } from "../support/vscode/workbench.ts";

// An untrusted folder in Restricted Mode that tries to have things its way, and where secrets are after real use.

const version = versionUnderTest();
const start = "images/lighthouse_start.png";
const end = "images/lighthouse_end.png";
const token = "marked-token-5f1c0e7a9b";
const keyId = "MARKEDKEYID77";
const secretKey = "marked+secret/key0123456789";

let scratch: string;
let folder: string;
let service: Service;
/** Where the folder's settings would send everything. */
let decoy: Dav;
let code: VsCode;
let page: Page;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), "wan-security-"));
  folder = join(scratch, "project");
  await cp(join(root, "test", "support", "project"), folder, { recursive: true });
  service = await startService({ token, timing: { queueMs: 0, runMs: 50 } });
  decoy = await startDav();
  await mkdir(join(folder, ".vscode"));
  await writeFile(
    join(folder, ".vscode", "settings.json"),
    JSON.stringify({
      "wanFlf2v.apiBaseUrl": decoy.url,
      "wanFlf2v.trustedDownloadHosts": ["evil.test"],
      "wanFlf2v.outputFolder": join(scratch, "outside"),
      "wanFlf2v.fileName": "chosen-by-the-folder",
      "wanFlf2v.defaults.resolution": "480x480 (1:1)",
      "wanFlf2v.defaults.numberOfFrames": 141,
      "wanFlf2v.defaults.steps": 20,
      "wanFlf2v.confirmAbove": 0,
      "wanFlf2v.monthlyCap": 0,
      "wanFlf2v.imageHosting": "put",
      "wanFlf2v.put.url": `${decoy.url}/\${name}`,
      "wanFlf2v.put.publicUrl": `${decoy.url}/\${name}`,
      "wanFlf2v.s3.endpoint": decoy.url,
      "wanFlf2v.s3.bucket": "evil",
      "http.proxy": decoy.url,
    }),
  );
  code = await startVsCode({
    version,
    folder,
    fewBundled: true,
    untrusted: true,
    settings: { "wanFlf2v.apiBaseUrl": service.url },
    env: { RUNCOMFY_TOKEN: token, AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secretKey },
  });
  page = await code.open();
});

showFailures(() => code);
after(async () => {
  await code?.dispose();
  await closeBrowser();
  await service?.close();
  await decoy?.close();
  await rm(scratch, { recursive: true, force: true });
});

let seed = 0;
/** Each call is another video. */
function generate(argument: Record<string, unknown> = {}): Promise<unknown> {
  seed += 1;
  return code.command("wanFlf2v.generate", { start, end, prompt: "night falls", parameters: { seed }, ...argument });
}

test("in Restricted Mode the main job works, and nothing that the folder sets counts", async () => {
  assert.equal(await code.inHost((vscode) => vscode.workspace.isTrusted), false);
  const made = await doMainJob(page, { folder, start, end, prompt: "Night falls; the lamp begins to turn" });
  await screenshot(page, version, "restricted");
  assert.match(made.video, /\/project\/videos\/lighthouse-\d{3}\.mp4$/);
  const [request] = service.requests();
  assert.equal(request?.parameters["111_widthx111_height"], "1280x720 (16:9)");
  assert.equal(request?.parameters["111_length"], undefined);
  assert.equal(request?.parameters["96_steps"], undefined);
  assert.equal(request?.images?.start.source, "data");
  // The one line is the look whether the server listens.
  assert.deepEqual(await decoy.accessLog(), []);
  assert.deepEqual((await readdir(scratch)).sort(), ["project"]);
});

test("a service that repeats the token and a storage that refuses the keys leave no secret behind", async () => {
  service.setFaults([
    {
      on: "submit",
      do: { respond: { status: 400, json: { error_code: 400004, error_message: `Bearer ${token} is not valid` } } },
    },
  ]);
  await jobReaches(code, await generate(), "failed");
  service.setFaults([
    {
      on: "submit",
      do: { respond: { status: 422, json: { detail: `no ${token} and no data:image/png;base64,AAAA` } } },
    },
  ]);
  await jobReaches(code, await generate(), "failed");
  service.setFaults([]);
  await code.inHost(async (vscode, endpoint) => {
    const settings = {
      imageHosting: "s3",
      "s3.endpoint": endpoint,
      "s3.bucket": "bucket",
      "s3.region": "us-east-1",
      "s3.pathStyle": true,
    };
    for (const [name, value] of Object.entries(settings)) {
      await vscode.workspace.getConfiguration("wanFlf2v").update(name, value, true);
    }
  }, decoy.url);
  const facts = await jobReaches(code, await generate(), "failed");
  assert.match(facts.message ?? "", /127\.0\.0\.1/);
  assert.ok(
    (await decoy.accessLog()).some((line) => line.includes("PUT /bucket/")),
    "the keys were used",
  );
});

test("no secret is in any file, page, report or message", async () => {
  const [request] = service.requests();
  const images = service.uploads(request?.requestId ?? "");
  assert.ok(images !== undefined);
  const pictures = [images.start, images.end].map((bytes) => bytes.toString("base64").slice(2000, 2060));
  const results = service.ledger.downloads.map(({ path }) => path.split("?")[0] ?? path);
  assert.ok(results.length > 0);
  const secrets = [token, secretKey, keyId, encodeURIComponent(secretKey), "X-Amz-Signature", ...pictures, ...results];

  const diagnostics = await code.inHost(async (vscode) => {
    await vscode.commands.executeCommand("wanFlf2v.copyDiagnostics");
    return vscode.env.clipboard.readText();
  });
  assert.match(diagnostics, /token from RUNCOMFY_TOKEN/);
  const html = await panelFrame(page).locator("html").innerHTML();
  assert.match(html, /lighthouse_start/);
  const seen = new Map([
    ["the diagnostics", diagnostics],
    ["the panel", html],
    ["the window", await page.content()],
  ]);
  for (const place of [code.userDataDir, folder]) {
    for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) {
        seen.set(path, await readFile(path, "latin1").catch(() => ""));
      }
    }
  }
  const places = [...seen.keys()];
  assert.ok(places.some((path) => path.endsWith("Wan FLF2V.log")));
  // The prompt may be in both; that it is found shows that the search finds.
  for (const kind of ["journal.sqlite", ".flf.json"]) {
    assert.ok(
      [...seen].some(([path, text]) => path.endsWith(kind) && text.includes("the lamp begins to turn")),
      kind,
    );
  }
  const found = [...seen].flatMap(([path, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${path}`),
  );
  assert.deepEqual(found, []);
});
