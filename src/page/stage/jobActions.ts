import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type ActionId, actionTable } from "../../shared/jobs/actions.ts";
import { kindOf } from "../../shared/jobs/states.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { Intent } from "../kit/intents.ts";
import { toolButton } from "../kit/toolButton.ts";
import { toolbar } from "../kit/toolbar.ts";

/** The actions on a video's files are icon buttons. Tooltips show the names. */
const onFiles: ReadonlySet<ActionId> = new Set(["open", "reveal", "copyPath", "insertSnippet", "openRecipe"]);

/** Actions that give up a job. None of them is what the user is led to. */
const partings: ReadonlySet<string> = new Set(["cancel", "stopWatching", "drop", "remove"] satisfies ActionId[]);

/** The actions on a job: those that lead to another video as labeled buttons, those on its files as icon buttons. */
export function jobActions(
  job: JobView,
  /** Other takes of the same pair that this one can be compared with. */
  takes: readonly JobView[],
  send: (intent: Intent) => void,
): TemplateResult | typeof nothing {
  const act = (action: ActionId) => () => send({ kind: "act", jobId: job.id, action });
  const isSaved = job.state === "saved";
  const files = isSaved ? job.actions.filter(({ id }) => onFiles.has(id)) : [];
  const others = job.actions.filter((action) => !files.includes(action));
  const isEnded = kindOf(job.state) === "ended";
  const isRemakeable = isEnded && job.pair !== undefined;
  if (job.actions.length === 0 && !isRemakeable) {
    return nothing;
  }
  const newTake = {
    id: "again",
    label: l10n.t("New Take"),
    hint: undefined,
    icon: actionTable.tryAgain.icon,
    press: (event: MouseEvent) => {
      // The second click of a double click must not pay for a second video.
      if (event.detail < 2) {
        send({ kind: "again", jobId: job.id });
      }
    },
  };
  const reuse = {
    id: "reuse",
    label: l10n.t("Edit and Re-render…"),
    hint: undefined,
    icon: "edit",
    press: () => send({ kind: "reuse", jobId: job.id }),
  };
  // First what leads to this video, then what makes another one.
  const buttons = [
    ...(isRemakeable && isSaved ? [newTake] : []),
    ...others.map(({ id, label, hint }) => ({ id, label, hint, icon: undefined, press: act(id) })),
    ...(isRemakeable ? [reuse] : []),
  ];
  const next = kindOf(job.state) === "active" ? undefined : buttons.find(({ id }) => !partings.has(id));
  return html`<div class="actions">
    ${
      // Keyed, because a press may remove its button, and the focus must not stay on the one that takes its place. A press that
      // was begun on one video must not count for the next one on the stage.
      repeat(
        buttons,
        ({ id }) => `${job.id} ${id}`,
        ({ id, label, hint, icon, press }) =>
          html`<vscode-button ?secondary=${id !== next?.id} icon=${icon ?? nothing} title=${hint ?? nothing} @click=${press}
            >${label}</vscode-button
          >`,
      )
    }
    ${
      files.length === 0 && takes.length === 0
        ? nothing
        : html`<div class="files">
            ${
              files.length === 0
                ? nothing
                : html`<div class="toolbar" role="toolbar" aria-label=${l10n.t("File")} ${toolbar()}>
                    ${files.map(({ id, label }) => toolButton({ name: label, icon: actionTable[id].icon, act: act(id) }))}
                  </div>`
            }
            ${takes.length === 0 ? nothing : html`<flf-take-choice .job=${job} .takes=${takes}></flf-take-choice>`}
          </div>`
    }
  </div>`;
}
