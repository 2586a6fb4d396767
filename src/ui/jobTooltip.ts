import * as vscode from "vscode";
import { nameOf, requestOf } from "../jobs/facts.ts";
import type { Job } from "../jobs/job.ts";
import { unitPriceText } from "../shared/model/money.ts";
import { type Side, sides } from "../shared/model/side.ts";
import { videoSummary } from "../shared/texts.ts";
import { costText, type JobText } from "./words/job.ts";
import { plain } from "./words/plain.ts";

/** Width of a picture in CSS pixels. */
const width = 120;
/** Longest edge of a picture in pixels: sharp on a high-density screen. */
const edge = 2 * width;
/** VS Code cuts off what is longer than 100,000 characters, and a cut picture is shown as text. */
const mostBytes = 30_000;
/** How long a tooltip waits for its pictures, ms: a video that is being prepared keeps the image thread busy. */
const patience = 1000;
/** The most characters of a prompt. */
const longestPrompt = 5000;

/** A small picture of an image, if there is one. Rejects if it cannot be read. */
export type PictureOf = (
  job: Job,
  side: Side,
  edge: number,
) => Promise<{ bytes: Uint8Array; mime: string } | undefined>;

/** Everything about a job that its row has no room for, with its images as far as they are there. */
export async function jobTooltip(job: Job, text: JobText, pictureOf: PictureOf): Promise<vscode.MarkdownString> {
  const pictures = await Promise.race([
    Promise.all(sides.map((side) => imageOf(job, side, pictureOf))),
    new Promise<[]>((done) => setTimeout(done, patience, []).unref()),
  ]);
  const { order, progress } = job;
  const requestId = requestOf(progress);
  const paragraphs = [
    [text.state, text.detail],
    [order.prompt.trim() === "" ? undefined : plain(order.prompt, longestPrompt)],
    [
      plain(nameOf(job)),
      order.parameters && videoSummary(order.parameters),
      order.parameters && vscode.l10n.t("Seed {0}", order.parameters.seed),
      requestId === undefined ? undefined : vscode.l10n.t("Request {0}", plain(requestId)),
      vscode.l10n.t("Folder {0}", plain(order.folder)),
      costText(job, unitPriceText),
    ],
  ].map((lines) => lines.flatMap((line) => (line === undefined ? [] : [asMarkdown(line)])).join("\\\n"));
  const images = pictures.filter((image) => image !== undefined).join(" ");
  // Links run no command, and neither HTML nor icons are drawn: what a tooltip says is text.
  return new vscode.MarkdownString([images, ...paragraphs].filter((each) => each !== "").join("\n\n"));
}

async function imageOf(job: Job, side: Side, pictureOf: PictureOf): Promise<string | undefined> {
  const picture = await pictureOf(job, side, edge).catch(() => undefined);
  return picture === undefined || picture.bytes.byteLength > mostBytes
    ? undefined
    : `![](data:${picture.mime};base64,${Buffer.from(picture.bytes).toString("base64")}|width=${width})`;
}

/** Text as Markdown that shows it as it is: a backslash before each mark also keeps addresses from becoming links. */
function asMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, "\\$&");
}
