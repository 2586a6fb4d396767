import { nameOf } from "../../jobs/facts.ts";
import type { Job } from "../../jobs/job.ts";
import { titleText } from "../../shared/videoTexts.ts";
import { plain } from "./plain.ts";

/** The most characters of a title: a narrow side bar must have room for the rest of the row. */
const longest = 32;

/** What a video is called where VS Code lists it: the first words of its prompt, or its name if it has none. */
export function titleOf(job: Job): string {
  return plain(titleText({ prompt: job.order.prompt, name: nameOf(job) }, longest));
}
