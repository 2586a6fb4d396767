import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { kindOf } from "../../shared/jobs/states.ts";
import type { JobView } from "../../shared/messages/jobs.ts";
import type { Intent } from "../kit/intents.ts";
import { toolButton } from "../kit/toolButton.ts";

/** Icons of the actions on files. Tooltips show the names. */
const fileIcons: Readonly<Record<string, string>> = {
  open: "go-to-file",
  reveal: "folder-opened",
  copyPath: "copy",
  insertSnippet: "insert",
  openRecipe: "json",
};

/** The actions on a job: those that lead to another video as labeled buttons, those on its files as icon buttons. */
export function jobActions(
  job: JobView,
  /** Other takes of the same pair that this one can be compared with. */
  takes: readonly JobView[],
  send: (intent: Intent) => void,
): TemplateResult | typeof nothing {
  const act = (action: string) => () => send({ kind: "act", jobId: job.id, action });
  const isSaved = job.state === "saved";
  const files = isSaved ? job.actions.filter(({ id }) => id in fileIcons) : [];
  const others = job.actions.filter((action) => !files.includes(action));
  const isEnded = kindOf(job.state) === "ended";
  const isRemakeable = isEnded && job.pair !== undefined;
  if (job.actions.length === 0 && !isRemakeable) {
    return nothing;
  }
  const newTake = {
    label: l10n.t("New Take"),
    icon: "debug-rerun",
    press: (event: MouseEvent) => {
      // The second click of a double click must not pay for a second video.
      if (event.detail < 2) {
        send({ kind: "again", jobId: job.id });
      }
    },
  };
  const reuse = {
    label: l10n.t("Edit and Re-render…"),
    icon: "edit",
    press: () => send({ kind: "reuse", jobId: job.id }),
  };
  // First what leads to this video, then what makes another one.
  const buttons = [
    ...(isRemakeable && isSaved ? [newTake] : []),
    ...others.map(({ id, label }) => ({ label, icon: undefined, press: act(id) })),
    ...(isRemakeable ? [reuse] : []),
  ];
  return html`<div class="actions">
    ${
      // Keyed, because a press may remove its button, and the focus must not stay on the one that takes its place.
      repeat(
        buttons,
        ({ label }) => label,
        ({ label, icon, press }, index) =>
          html`<vscode-button ?secondary=${index > 0 || kindOf(job.state) === "active"} icon=${icon ?? nothing} @click=${press}
            >${label}</vscode-button
          >`,
      )
    }
    ${
      files.length === 0 && takes.length === 0
        ? nothing
        : html`<div class="files">
            ${files.map(({ id, label }) => toolButton({ name: label, icon: fileIcons[id] ?? "file", act: act(id) }))}
            ${takes.length === 0 ? nothing : takeChoice(job, takes, send)}
          </div>`
    }
  </div>`;
}

/**
 * Chooses another take to play in step with this one. The list only selects and the button starts.
 */
function takeChoice(job: JobView, takes: readonly JobView[], send: (intent: Intent) => void): TemplateResult {
  return html`<select
            class="takes"
            aria-label=${l10n.t("Compare with another take")}
            title=${l10n.t("Compare with another take")}
          >
            ${takes.map(({ name }) => html`<option>${name}</option>`)}
          </select>
          ${toolButton({
            ...{ name: l10n.t("Compare Takes"), icon: "split-horizontal" },
            act: (event) => {
              const list = event.currentTarget.parentElement?.querySelector<HTMLSelectElement>("select.takes");
              const take = takes[list?.selectedIndex ?? 0];
              if (take !== undefined) {
                send({ kind: "compareTakes", jobIds: [job.id, take.id] });
              }
            },
          })}`;
}
