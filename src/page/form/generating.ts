import * as l10n from "@vscode/l10n";
import { generate as generateRequest } from "../../shared/messages/form.ts";
import { sides } from "../../shared/model/side.ts";
import { draftFlaws, firstFlawed } from "../state/form.ts";
import type { Page } from "../state/page.ts";
import { fieldMessages, imageOf, parametersOf, type State, seenOf, withAllFlaws } from "../state/state.ts";

/**
 * Makes a video from the current draft if nothing is wrong with it. Sends only pictures that are shown: waits for those
 * that are loading, and requests failed ones once more.
 * @returns whether a job was created
 */
export async function generate(page: Page): Promise<boolean> {
  const pressed = page.state();
  if (pressed === undefined) {
    return false;
  }
  if (!page.isAsShown()) {
    await page.tell(
      {
        message: l10n.t(
          "The form or your settings changed while you pressed, so nothing was sent and nothing was charged. Generate again.",
        ),
      },
      page.attend(),
    );
    return false;
  }
  page.change((state) => withAllFlaws({ ...state, notice: undefined, problems: {} }));
  if (firstFlawed(draftFlaws(pressed.draft)) !== undefined) {
    // Images that can't be read are marked, too, and come first.
    const marked = firstFlawed(fieldMessages(page.state() ?? pressed));
    await (marked && page.focus(marked));
    return false;
  }
  const mayFocus = page.attend();
  page.change((state) => ({ ...state, generating: true }));
  try {
    await page.pictures.settle();
    return await send(page, pressed, page.state() ?? pressed, mayFocus);
  } finally {
    page.change((state) => ({ ...state, generating: false }));
  }
}

async function send(page: Page, pressed: State, now: State, mayFocus: () => boolean): Promise<boolean> {
  const { start, end, prompt, hosting } = pressed.draft;
  if (start === undefined || end === undefined || start !== now.draft.start || end !== now.draft.end) {
    await page.tell(
      {
        message: l10n.t(
          "An image changed in the meantime, so nothing was sent and nothing was charged. Generate again.",
        ),
      },
      mayFocus,
    );
    return false;
  }
  for (const side of sides) {
    const image = imageOf(now, side);
    if (image?.state === "failed") {
      await page.tell({ ...image.problem, field: side }, mayFocus);
      return false;
    }
  }
  // The current framing counts, because a choice that was waiting for a picture has been applied to it.
  const { plans } = now.draft;
  const parameters = parametersOf({ ...now, draft: pressed.draft });
  try {
    const seen = seenOf(now);
    const { jobId } = await page.ask(generateRequest, { start, end, prompt, plans, hosting, parameters, seen });
    return jobId !== undefined;
  } catch (error) {
    const problem = page.shownProblemOf(error);
    if (problem.outdated === true) {
      await Promise.all([start, end].map((path) => page.pictures.readAnew(path)));
    }
    await page.tell(problem, mayFocus);
    return false;
  }
}
