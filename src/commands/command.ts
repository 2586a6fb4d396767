import type { Connection } from "../host/connection.ts";
import type { Tokens } from "../host/token.ts";
import type { MakeVideo } from "../jobs/generate.ts";
import type { Rendered, RenderOptions } from "../jobs/renderRecipe.ts";
import type { JobService } from "../jobs/service.ts";
import type { RecipeIndex } from "../recipes/recipeIndex.ts";
import type { Side } from "../shared/model/side.ts";
import type { Account } from "../ui/account.ts";
import type { JobActions } from "../ui/actions.ts";
import type { HostingCommands } from "../ui/hosting.ts";
import type { JobsView } from "../ui/jobsView.ts";
import type { Panel } from "../ui/panel/panel.ts";
import type { ImagePicker } from "../ui/picker.ts";
import type { DraftRecipe } from "../ui/recipes/draftRecipe.ts";
import type { RecipeBuild } from "../ui/recipes/recipeBuild.ts";
import type { RecipeTakes } from "../ui/recipes/recipeTakes.ts";

/** The work of a command. Its arguments come from VS Code, a keybinding or another extension. */
export type Command = (...args: readonly unknown[]) => unknown;

/** What the commands on recipes need. Paths are absolute. */
interface RecipeCommandDeps {
  readonly index: Pick<RecipeIndex, "list" | "fresh" | "whenKnown">;
  readonly build: RecipeBuild;
  readonly draft: Pick<DraftRecipe, "cameFrom" | "save">;
  readonly takes: Pick<RecipeTakes, "use" | "choose" | "tidy">;
  /** Renders a recipe for a program, without offering what was rendered before. */
  render(path: string, options: RenderOptions): Promise<Rendered>;
  /** The same for a user, to whom a video that is there already is offered first. */
  renderForUser(path: string, options: RenderOptions): Promise<Rendered>;
}

/** What the commands need from the application. */
export interface CommandDeps {
  readonly panel: Pick<Panel, "show" | "isHere">;
  readonly picker: ImagePicker;
  readonly makeVideo: MakeVideo;
  /** Shows a video on the panel's stage, by the absolute path of its file or of its recipe. Throws a ProblemError. */
  openVideo(path: string): Promise<void>;
  /** Opens the recipe of a video, by the absolute path of either, in an editor. Throws a ProblemError. */
  openRecipe(path: string): Promise<void>;
  /** The packaged pair of images that anyone can try the studio with: absolute paths. */
  readonly samplePair: Readonly<Record<Side, string>>;
  readonly connection: Pick<Connection, "check" | "findToken"> & { readonly tokens: Pick<Tokens, "remove"> };
  /** Stores a token and uses it for the service in the settings. */
  keepToken(token: string): Promise<void>;
  readonly recipes: RecipeCommandDeps;
  readonly jobs: Pick<JobService, "list" | "get" | "cancel" | "removeFinished">;
  readonly jobsView: Pick<JobsView, "show" | "has">;
  readonly actions: Pick<JobActions, "run" | "recover">;
  readonly hosting: HostingCommands;
  /** What is known of the user's account. Throws a ProblemError if a setting is invalid. */
  account(): Promise<Account>;
  /** The content of a bug report, without secrets. */
  diagnostics(): Promise<string>;
  /** Logs an unexpected error. */
  report(error: unknown): void;
}
