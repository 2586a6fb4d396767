interface CommandRow {
  /** In English; without one the command is for keybindings and other extensions only. */
  readonly title?: string;
  /** Name of a codicon. */
  readonly icon?: string;
  /** It works without the application, also where that cannot be loaded. */
  readonly isLight?: true;
}

/**
 * The commands of the extension but those on a job (`ui/words/actionIds.ts`): `wanFlf2v.<id>`. The manifest derives from this table
 * (`npm run manifest`).
 */
export const commandTable = {
  generate: { title: "Create Video from Start and End Images…" },
  selectStart: { title: "Select as Video Start Image" },
  generateWithSelected: { title: "Create Video with Selected Start Image" },
  openPanel: { title: "Open Panel", icon: "device-camera-video" },
  setToken: { title: "Set API Token…" },
  removeToken: { title: "Remove API Token" },
  setHostingCredentials: { title: "Set Image Hosting Credentials…" },
  removeHostingCredentials: { title: "Remove Image Hosting Credentials" },
  testHosting: { title: "Test Image Hosting" },
  showLeftovers: { title: "Show Leftover Uploads" },
  openHostingSettings: { title: "Open Image Hosting Settings", isLight: true },
  checkAccount: { title: "Check Account" },
  setMonthlyCap: { title: "Set Monthly Cap…", isLight: true },
  recover: { title: "Recover Video from Request ID…" },
  showJobs: { title: "Show Videos" },
  showLog: { title: "Show Log", isLight: true },
  openSettings: { title: "Open Settings", icon: "settings-gear", isLight: true },
  openAccount: { title: "Open RunComfy Account", isLight: true },
  copyDiagnostics: { title: "Copy Diagnostics" },
  getJob: {},
} as const satisfies Record<string, CommandRow>;

type CommandId = keyof typeof commandTable;

/** The commands that need nothing to be loaded. */
export type LightCommandId = {
  [Id in CommandId]: (typeof commandTable)[Id] extends { readonly isLight: true } ? Id : never;
}[CommandId];

/** The commands that the application runs. */
export type AppCommandId = Exclude<CommandId, LightCommandId>;

const ids = Object.keys(commandTable).filter((id): id is CommandId => Object.hasOwn(commandTable, id));
const isLight = (id: CommandId): id is LightCommandId => "isLight" in commandTable[id];
export const lightCommandIds: readonly LightCommandId[] = ids.filter(isLight);
export const appCommandIds: readonly AppCommandId[] = ids.filter((id) => !isLight(id));
