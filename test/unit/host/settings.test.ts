// biome-ignore-all lint/suspicious/noTemplateCurlyInString: paths of settings are written like this
import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { played, stage } from "../ui/stage.ts";

const followed = {
  jobsAtOnce: { valid: 7, read: "jobsAtOnce", as: 7 },
  maximumVideoSize: { valid: 3, read: "videoBytes", as: 3 * 1024 * 1024 },
  trustedDownloadHosts: { valid: ["A.example"], read: "trustedHosts", as: ["a.example"] },
} as const;
const wrong = [null, undefined, "", "seven", -1, 1e9, 1.5, {}, [1], [[null]], Number.NaN, () => 1];

test("the limits by default are those of the manifest", () => {
  assert.deepEqual(new played.settings.Settings().limits(), {
    jobsAtOnce: 4,
    videoBytes: 512 * 1024 * 1024,
    deleteUploads: true,
    recipeInVideo: false,
    keepEnded: 90 * 24 * 3_600_000,
    trustedHosts: [],
  });
  assert.deepEqual(new played.settings.Settings().problems(), []);
});

for (const [name, { valid, read, as }] of Object.entries(followed)) {
  test(`${name}: what is not valid leaves the last valid value, and is told until it is mended`, () => {
    const settings = new played.settings.Settings();
    const key = `wanFlf2v.${name}`;
    for (const value of wrong) {
      stage.settings = { [key]: valid };
      assert.deepEqual(settings.limits()[read], as);
      assert.equal(settings.settingsProblem(), undefined);
      stage.settings = { [key]: value };
      assert.deepEqual(settings.limits()[read], as, String(value));
      const problem = settings.settingsProblem();
      assert.ok(problem?.code === "settingInvalid" && problem.setting === key, String(value));
    }
  });

  test(`${name}: what was never valid in this window stops nothing either`, () => {
    for (const value of wrong) {
      stage.settings = { [`wanFlf2v.${name}`]: value };
      assert.notEqual(new played.settings.Settings().limits()[read], undefined);
    }
  });
}

test("no recipe goes into a video for a typing error, whatever was valid before", () => {
  const lasting = new played.settings.Settings();
  stage.settings = { "wanFlf2v.writeRecipeIntoVideo": true };
  assert.equal(lasting.limits().recipeInVideo, true);
  for (const value of [...wrong, "true", 1]) {
    stage.settings = { "wanFlf2v.writeRecipeIntoVideo": value };
    assert.equal(lasting.limits().recipeInVideo, false, String(value));
    assert.equal(lasting.settingsProblem()?.code, "settingInvalid");
  }
});

test("nothing is deleted for a typing error, whatever was valid before", () => {
  const deleting = { "wanFlf2v.deleteUploads": true, "wanFlf2v.keepFinishedJobs": 10 };
  const lasting = new played.settings.Settings();
  for (const value of [...wrong, "false", 0, "no", 5000]) {
    stage.settings = deleting;
    assert.deepEqual([lasting.limits().deleteUploads, lasting.limits().keepEnded], [true, 10 * 24 * 3_600_000]);
    stage.settings = Object.fromEntries(Object.keys(deleting).map((key) => [key, value]));
    for (const settings of [lasting, new played.settings.Settings()]) {
      const { deleteUploads, keepEnded } = settings.limits();
      assert.deepEqual([deleteUploads, keepEnded], [undefined, 3650 * 24 * 3_600_000], String(value));
      assert.equal(settings.settingsProblem()?.code, "settingInvalid");
    }
  }
});

test("trusting a host does not write over a list that is not valid", async () => {
  stage.settings = { "wanFlf2v.trustedDownloadHosts": "a.example" };
  await assert.rejects(new played.settings.Settings().trustHost("b.example"), /settingInvalid/);
  assert.equal(stage.settings["wanFlf2v.trustedDownloadHosts"], "a.example");
});

test("every setting that is not valid is told once until it is mended, with the way to it", async () => {
  const told = () => stage.messages.length;
  const settings = new played.settings.Settings();
  const notice = new played.notice.SettingsNotice(settings);
  assert.equal(told(), 0);
  const names = [
    "jobsAtOnce",
    "apiBaseUrl",
    "imageHosting",
    "defaults.framesPerSecond",
    "confirmAbove",
    "monthlyCap",
    "videosPerDay",
    "videosPerMonth",
    "fileName",
  ];
  for (const name of names) {
    const key = `wanFlf2v.${name}`;
    stage.messages.splice(0);
    stage.answers.push("Open Settings");
    stage.set({ [key]: { not: "valid" } });
    stage.set({ [key]: { still: "not valid" } });
    await new Promise<void>((done) => setImmediate(done));
    assert.equal(told(), 1, name);
    assert.match(
      stage.messages[0]?.message ?? "",
      new RegExp(`The setting ${key} can’t be .*Videos in progress continue`),
    );
    assert.deepEqual(stage.commands.at(-1), { command: "workbench.action.openSettings", args: [`@id:${key}`] });
    stage.set({});
    stage.set({ [key]: { not: "valid" } });
    assert.equal(told(), 2, `${name}, once more after it was mended`);
    stage.set({});
  }
  notice.dispose();
  stage.set({ "wanFlf2v.jobsAtOnce": 0 });
  assert.equal(told(), 2);
});

test("a password in an address is not repeated", () => {
  stage.settings = { "wanFlf2v.apiBaseUrl": "https://me:secret@api.example" };
  const [problem] = new played.settings.Settings().problems();
  assert.ok(problem?.code === "settingInvalid");
  assert.doesNotMatch(JSON.stringify(problem), /secret/);
});

test("what a view asks of settings is undefined where they are not valid, and a fault of ours stays one", () => {
  const settings = new played.settings.Settings();
  stage.settings = { "wanFlf2v.imageHosting": "fax", "wanFlf2v.apiBaseUrl": 7 };
  assert.equal(
    played.settings.known(() => settings.uploader()),
    undefined,
  );
  assert.equal(
    played.settings.known(() => settings.service()),
    undefined,
  );
  assert.throws(() => played.settings.known(() => assert.fail("ours")), /ours/);
});

test("the folder for videos: home and workspace are filled in, the rest is below the start image's folder", () => {
  stage.folders = ["/projects/film", "/projects/other"];
  const settings = new played.settings.Settings();
  const start = played.vscode.Uri.file("/projects/other/images/a.png");
  for (const [written, folder] of [
    ["videos", "/projects/other/videos"],
    ["${workspaceFolder}/out", "/projects/other/out"],
    ["~/Videos", join(homedir(), "Videos")],
    ["~", homedir()],
    ["/data", "/data"],
    ["../out", "/projects/out"],
  ] as const) {
    stage.settings = { "wanFlf2v.outputFolder": written };
    assert.equal(played.settings.outputFolderFor(settings, start), folder, written);
  }
  for (const written of ["${env:HOME}/x", "$HOME/x", "~you/x"]) {
    stage.settings = { "wanFlf2v.outputFolder": written };
    assert.throws(() => played.settings.outputFolderFor(settings, start), /variableUnknown/, written);
  }
  stage.folders = [];
  for (const [written, outcome] of [
    ["~/Videos", join(homedir(), "Videos")],
    ["videos", /noFolder/],
    ["${workspaceFolder}/out", /noFolder/],
  ] as const) {
    stage.settings = { "wanFlf2v.outputFolder": written };
    const folder = () => played.settings.outputFolderFor(settings, undefined);
    if (typeof outcome === "string") {
      assert.equal(folder(), outcome);
    } else {
      assert.throws(folder, outcome);
    }
  }
});
