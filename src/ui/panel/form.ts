import type { formRequests } from "../../shared/messages/form.ts";
import type { AnswerOf, Handlers } from "../../shared/messages/registry.ts";
import { RequestError } from "../../shared/messages/rpc.ts";
import { ProblemError } from "../../shared/model/problem.ts";
import { sides } from "../../shared/model/side.ts";
import { distinctPrompts } from "../../shared/prompt/prompting.ts";
import type { Desk } from "./desk.ts";

/** The most earlier prompts that the panel lists. */
const mostPrompts = 300;

/** Handles the page's requests about the form and the next video. */
export function formHandlers(desk: Desk): Pick<Handlers, keyof typeof formRequests> {
  const { deps } = desk;
  return {
    async generate({ start, end, asksForToken, ...others }) {
      const paths = { start, end };
      const make = () =>
        desk.generate("generate", {
          start: { kind: "file", path: start },
          end: { kind: "file", path: end },
          ...others,
          isComplete: true,
        });
      try {
        return asksForToken === true ? await withToken(make) : { jobId: await make() };
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        const { problem } = error;
        const shown = desk.inWords(problem);
        // A problem with an image file appears next to that image.
        const side = sides.find((each) => "path" in problem && paths[each] === problem.path);
        throw new RequestError({ ...shown, field: shown.field ?? side }, { cause: error });
      }
    },

    draft({ kept }) {
      deps.kept.put(kept);
      return {};
    },

    prompts() {
      const newestFirst = deps.jobs.list().map((job) => job.order.prompt);
      return { prompts: distinctPrompts(newestFirst, mostPrompts) };
    },

    runTime: ({ parameters }) => ({ typical: deps.runTime(parameters) }),

    destination({ start }) {
      const folder = deps.folderFor(start);
      return folder === undefined ? {} : { folder: desk.host.relativePath(folder) };
    },

    async price() {
      const price = await deps.price();
      const used = deps.usedCaps();
      return {
        ...price,
        ...(price.kind === "noToken" && { actions: desk.inWords({ code: "tokenMissing" }).actions }),
        ...(used.length > 0 && { used }),
      };
    },
  };

  /** Makes a job. If there is no token, lets the user set one and then goes on: without one, nothing was sent. */
  async function withToken(make: () => Promise<string | undefined>): Promise<AnswerOf<"generate">> {
    try {
      return { jobId: await make() };
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== "tokenMissing") {
        throw error;
      }
      const [way] = desk.inWords(error.problem).actions ?? [];
      const said = way && (await desk.host.runCommand(way.command, way.setting));
      return said === undefined ? {} : { jobId: await make(), said };
    }
  }
}
