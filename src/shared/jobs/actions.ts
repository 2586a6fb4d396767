interface ActionRow {
  /** In English. A job may show a more specific label. */
  readonly label: string;
  /** The name of a codicon. */
  readonly icon: string;
  /** Its position among a row's buttons, if it is one; `next`: in front, and only as the job's next step. */
  readonly inline?: number | "next";
  /** Its group in a row's menu. */
  readonly group: "1_job" | "5_account" | "9_remove";
}

/**
 * What the user can do with a job. Each action is also a command, `wanFlf2v.job.<id>`. The manifest's commands and menus
 * derive from this table (`npm run manifest`); menus list the actions of a group in its order.
 */
export const actionTable = {
  review: { label: "Review", icon: "preview", inline: "next", group: "1_job" },
  open: { label: "Open", icon: "go-to-file", inline: 2, group: "1_job" },
  setToken: { label: "Set API Token…", icon: "key", inline: 1, group: "1_job" },
  setTokenAndSend: { label: "Set API Token and Send Again…", icon: "key", inline: "next", group: "1_job" },
  addCredit: { label: "Add Credit at RunComfy", icon: "credit-card", inline: "next", group: "1_job" },
  openSettings: { label: "Open Settings", icon: "settings-gear", inline: 1, group: "1_job" },
  chooseFolder: { label: "Choose Folder…", icon: "folder-opened", inline: 1, group: "1_job" },
  trustHost: { label: "Download Once from This Host", icon: "shield", inline: 1, group: "1_job" },
  alwaysTrustHost: { label: "Always Trust This Host", icon: "verified", group: "1_job" },
  retry: { label: "Retry", icon: "refresh", inline: 2, group: "1_job" },
  takeUp: { label: "Resume Watching", icon: "eye", inline: 1, group: "1_job" },
  sendWithUpload: { label: "Send with Image Upload", icon: "cloud-upload", inline: 1, group: "1_job" },
  setUpUpload: { label: "Set Up Image Upload…", icon: "settings-gear", inline: 1, group: "1_job" },
  tryAgain: { label: "Try Again", icon: "debug-rerun", inline: "next", group: "1_job" },
  adopt: { label: "I Have the Request ID…", icon: "key", inline: 2, group: "1_job" },
  sendAgain: { label: "Send Again…", icon: "redo", inline: "next", group: "1_job" },
  reveal: { label: "Reveal in Explorer", icon: "folder-opened", inline: 3, group: "1_job" },
  copyPath: { label: "Copy Path", icon: "copy", group: "1_job" },
  insertSnippet: { label: "Insert into HTML or Markdown", icon: "insert", group: "1_job" },
  useTake: { label: "Use This Take", icon: "check", group: "1_job" },
  openRecipe: { label: "Open Recipe", icon: "json", group: "1_job" },
  openAccount: { label: "Open RunComfy History", icon: "link-external", inline: "next", group: "5_account" },
  copyRequestId: { label: "Copy Request ID", icon: "copy", inline: "next", group: "5_account" },
  cancel: { label: "Cancel", icon: "close", inline: 2, group: "9_remove" },
  stopWatching: { label: "Stop Watching…", icon: "eye-closed", group: "9_remove" },
  drop: { label: "Discard", icon: "trash", group: "9_remove" },
  remove: { label: "Remove from List", icon: "trash", inline: "next", group: "9_remove" },
} as const satisfies Record<string, ActionRow>;
export type ActionId = keyof typeof actionTable;

/** The actions in the order in which menus list them. */
export const actionRows: readonly (readonly [ActionId, ActionRow])[] = Object.entries(actionTable).flatMap(
  ([id, row]) => (isAction(id) ? [[id, row]] : []),
);
export const actionIds: readonly ActionId[] = actionRows.map(([id]) => id);

function isAction(id: string): id is ActionId {
  return Object.hasOwn(actionTable, id);
}
