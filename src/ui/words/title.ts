import { basename } from "node:path";
import type { Job } from "../../jobs/job.ts";
import { titleText } from "../../shared/videoTexts.ts";
import { plain } from "./plain.ts";

/** The most characters of a title: a narrow side bar must have room for the rest of the row. */
const longest = 32;

/** What a video is called where VS Code lists it: the first words of its prompt, or its name if it has none. */
export function titleOf({ order, progress }: Job): string {
  const name = progress.state === "saved" ? basename(progress.video) : order.name;
  return plain(titleText({ prompt: order.prompt, name }, longest));
}
