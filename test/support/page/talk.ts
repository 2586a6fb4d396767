import type { PanelState } from "../../../src/shared/messages/panel.ts";
import { type HostMessage, requests } from "../../../src/shared/messages/registry.ts";
import { ProblemError } from "../../../src/shared/model/problem.ts";
import type { PanelDeps } from "../../../src/ui/panel/deps.ts";
import { PanelSession } from "../../../src/ui/panel/session.ts";
import { PlayedProduct } from "./product.ts";

export const media = { start: "/p/a.png", end: "/p/b.png", portrait: "/p/c.png", video: "/p/v.mp4" };

/** A request to generate, complete. */
export const generateRequest = {
  kind: "generate",
  start: media.start,
  end: media.end,
  prompt: "p",
  parameters: { fps: 24 },
};

/** The host's side of the panel with a page that a test plays. */
export interface Talk {
  readonly product: PlayedProduct;
  readonly session: PanelSession;
  /** All messages of the host. */
  readonly posted: HostMessage[];
  /** Sends a request as the page does, and gives what came back for it. */
  ask(request: object): Promise<HostMessage | undefined>;
  /** Says that the page is there, and gives what it begins with. */
  ready(): Promise<PanelState>;
}

/** A talk about a played product, parts of which can be others. */
export function openTalk(other: Partial<PanelDeps> = {}): Talk {
  const product = new PlayedProduct(media);
  const posted: HostMessage[] = [];
  const session = new PanelSession(
    { ...product.deps, ...other },
    {
      post: (message) => posted.push(message),
      readFile: async () => Uint8Array.of(1, 2, 3),
      runCommand: async (command, setting) => product.run(command, setting),
      pathOf: (uri) => {
        if (!uri.startsWith("file://")) {
          throw new ProblemError({ code: "notAFile", name: uri, reason: "web" });
        }
        return uri.slice(7);
      },
      relativePath: (path) => path.replace("/project/", ""),
      notify: (problem, kind) => product.notified.push({ kind, problem }),
    },
  );
  let asked = 0;
  const ask = async (request: object) => {
    const mine = ++asked;
    await session.receive({ id: mine, request });
    return posted.find((message) => "id" in message && message.id === mine);
  };
  const ready = async () => {
    const message = await ask({ kind: "ready" });
    return requests.ready.answer.parse(message?.kind === "answer" ? message.value : undefined);
  };
  return { product, session, posted, ask, ready };
}
