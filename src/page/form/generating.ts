import * as l10n from "@vscode/l10n";
import { generate as generateRequest } from "../../shared/messages/form.ts";
import { sides } from "../../shared/model/side.ts";
import { draftFlaws, firstFlawed } from "../state/form.ts";
import type { Page } from "../state/page.ts";
import { imageOf, parametersOf, type State, seenOf, withAllFlaws, withGoodNews } from "../state/state.ts";

/**
 * Makes a video from the current draft if nothing is wrong with it. Sends only pictures that are shown: waits for those
 * that are loading, and requests failed ones once more.
 * @param asksForToken true if the user was told that they set a token first, if there is none
 * @returns whether a job was created
 */
export async function generate(page: Page, asksForToken: boolean): Promise<boolean> {
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
  const flawed = firstFlawed(draftFlaws(pressed.draft));
  if (flawed !== undefined) {
    await page.focus(flawed);
    return false;
  }
  const mayFocus = page.attend();
  page.change((state) => ({ ...state, generating: true }));
  try {
    await page.pictures.settle();
    return await send(page, pressed, page.state() ?? pressed, { mayFocus, asksForToken });
  } finally {
    page.change((state) => ({ ...state, generating: false }));
  }
}

async function send(
  page: Page,
  pressed: State,
  now: State,
  { mayFocus, asksForToken }: { readonly mayFocus: () => boolean; readonly asksForToken: boolean },
): Promise<boolean> {
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
    const order = { start, end, prompt, plans, hosting, parameters, seen };
    const { jobId, said } = await page.ask(generateRequest, { ...order, ...(asksForToken && { asksForToken }) });
    if (said !== undefined) {
      page.change((state) => withGoodNews(state, said));
    }
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
