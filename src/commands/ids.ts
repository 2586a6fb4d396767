/** Where VS Code knows an image file. */
const isImage = `resourceExtname =~ /^\\.(png|jpe?g|webp|avif|gif|tiff?|bmp)$/i`;
/** Where an image upload is chosen or set up. */
const hasUpload =
  "config.wanFlf2v.imageHosting =~ /^(s3|put)$/ || config.wanFlf2v.s3.bucket || config.wanFlf2v.put.url";

/** Where the workspace has recipes. */
const hasRecipes = "wanFlf2v.hasRecipes";

interface CommandRow {
  /** In English. A command without a title is only for keybindings and other extensions. */
  readonly title?: string;
  /** The name of a codicon. */
  readonly icon?: string;
  /** When the palette lists it; always if missing. */
  readonly when?: string;
  /** The command works without the application, even if that fails to load. */
  readonly isLight?: true;
}

/**
 * All commands of the extension, `wanFlf2v.<id>`, except those on a job (`shared/jobs/actions.ts`). The manifest derives from this
 * table (`npm run manifest`).
 */
export const commandTable = {
  generate: { title: "Create Video from Start and End Images…" },
  generatePairs: { title: "Create Videos from Pairs…" },
  nextPair: { title: "Next Pair", icon: "arrow-right", when: "wanFlf2v.hasNextPair" },
  useAsStart: { title: "Use as Video Start Image", when: isImage },
  useAsEnd: { title: "Use as Video End Image", when: isImage },
  useAsLoop: { title: "Use as Start and End of a Loop", when: isImage },
  openVideo: { title: "Open Video in Studio" },
  openRecipe: { title: "Open Recipe" },
  renderRecipe: { title: "Render Recipe", icon: "play", when: hasRecipes },
  renderTakes: { title: "Render Takes…", when: hasRecipes },
  renderStale: { title: "Render Stale Recipes…", icon: "run-all", when: hasRecipes },
  planRecipes: {},
  saveRecipe: { title: "Save Draft as Recipe…", icon: "save-as" },
  openInPanel: { title: "Open Recipe in Studio", when: hasRecipes },
  useTake: { title: "Use This Take…", when: hasRecipes },
  tidyTakes: { title: "Tidy Takes…", when: hasRecipes },
  showRecipe: { title: "Open", when: "false", isLight: true },
  revealRecipe: { title: "Reveal in Explorer", when: "false", isLight: true },
  createRecipes: { title: "Create Recipes from Folder…" },
  openSample: { title: "Open the Sample Pair" },
  openPanel: { title: "Open Studio", icon: "device-camera-video" },
  setToken: { title: "Set API Token…" },
  removeToken: { title: "Remove API Token" },
  setHostingCredentials: { title: "Set Image Hosting Credentials…", when: hasUpload },
  removeHostingCredentials: { title: "Remove Image Hosting Credentials", when: hasUpload },
  testHosting: { title: "Test Image Hosting", when: hasUpload },
  showLeftovers: { title: "Show Leftover Uploads" },
  openHostingSettings: { title: "Open Image Hosting Settings", isLight: true },
  checkAccount: { title: "Check Account" },
  setMonthlyCap: { title: "Set Monthly Cap…", isLight: true },
  recover: { title: "Recover Video from Request ID…" },
  showJobs: { title: "Show Videos" },
  cancelWaiting: { title: "Cancel All Waiting Videos…", icon: "stop-circle", when: "wanFlf2v.hasWaiting" },
  clearFinished: { title: "Clear Finished Videos…", icon: "clear-all", when: "wanFlf2v.hasFinished" },
  showLog: { title: "Show Log", isLight: true },
  openSettings: { title: "Open Settings", icon: "settings-gear", isLight: true },
  openAccount: { title: "Open RunComfy Account", isLight: true },
  copyDiagnostics: { title: "Copy Diagnostics" },
  getJob: {},
} as const satisfies Record<string, CommandRow>;

type CommandId = keyof typeof commandTable;

/** The commands that work before the application is loaded. */
export type LightCommandId = {
  [Id in CommandId]: (typeof commandTable)[Id] extends { readonly isLight: true } ? Id : never;
}[CommandId];

/** The commands that the application runs. */
export type AppCommandId = Exclude<CommandId, LightCommandId>;

const ids = Object.keys(commandTable).filter((id): id is CommandId => Object.hasOwn(commandTable, id));
const isLight = (id: CommandId): id is LightCommandId => "isLight" in commandTable[id];
export const lightCommandIds: readonly LightCommandId[] = ids.filter(isLight);
export const appCommandIds: readonly AppCommandId[] = ids.filter((id) => !isLight(id));
