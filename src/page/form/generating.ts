import * as l10n from "@vscode/l10n";
import { generate as generateRequest } from "../../shared/messages/form.ts";
import type { ShownProblem } from "../../shared/messages/shownProblem.ts";
import { sides } from "../../shared/model/side.ts";
import { draftFlaws, firstFlawed } from "../state/form.ts";
import type { Page } from "../state/page.ts";
import { withoutStart, withStart, withStarted } from "../state/stage.ts";
import {
  compose,
  fieldMessages,
  imageOf,
  parametersOf,
  type Starting,
  type State,
  seenOf,
  withAllFlaws,
  withGoodNews,
  withShown,
} from "../state/state.ts";

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
  if (firstFlawed(draftFlaws(pressed.draft)) !== undefined) {
    // Images that can't be read are marked, too, and come first.
    const marked = firstFlawed(fieldMessages(page.state() ?? pressed));
    await (marked && page.focus(marked));
    return false;
  }
  const mayFocus = page.attend();
  page.change((state) => withStart({ ...state, generating: true, asksForToken }));
  const starting = page.state()?.starting;
  try {
    await page.pictures.settle();
    return await send({ page, pressed, starting, mayFocus, asksForToken });
  } finally {
    page.change((state) => {
      const now = { ...state, generating: false, asksForToken: false };
      // Without the id of its job, the video does not come.
      return state.starting?.jobId === undefined ? withoutStart(now, starting) : now;
    });
  }
}

interface Press {
  readonly page: Page;
  /** The state when Generate was pressed. */
  readonly pressed: State;
  /** The video that was then put on the stage. */
  readonly starting: Starting | undefined;
  readonly mayFocus: () => boolean;
  readonly asksForToken: boolean;
}

async function send({ page, pressed, starting, mayFocus, asksForToken }: Press): Promise<boolean> {
  const now = page.state() ?? pressed;
  /** Says why at its place in the form, which is back if the user has not gone elsewhere. */
  const refuse = async (problem: ShownProblem) => {
    page.change((state) => (state.starting === starting ? withShown(state, compose) : state));
    await page.tell(problem, mayFocus);
    return false;
  };
  const { start, end, prompt, hosting } = pressed.draft;
  if (start === undefined || end === undefined || start !== now.draft.start || end !== now.draft.end) {
    return await refuse({
      message: l10n.t("An image changed in the meantime, so nothing was sent and nothing was charged. Generate again."),
    });
  }
  for (const side of sides) {
    const image = imageOf(now, side);
    if (image?.state === "failed") {
      return await refuse({ ...image.problem, field: side });
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
    if (jobId !== undefined) {
      page.change((state) => withStarted(state, starting, jobId));
    }
    return jobId !== undefined;
  } catch (error) {
    const problem = page.shownProblemOf(error);
    if (problem.outdated === true) {
      await Promise.all([start, end].map((path) => page.pictures.readAnew(path)));
    }
    return await refuse(problem);
  }
}
