import type { Window } from "./window.ts";
import type { World, WorldOptions } from "./world.ts";

/** One way of a job, with all that its user does. It can break off anywhere: the window dies in the middle. */
export interface Scenario {
  readonly name: string;
  readonly world?: WorldOptions;
  /** Where it gets interesting, as `checkpoint#count`, where that is no doing of the user. */
  readonly from?: string;
  /** Calls `acts` right before the doing of the user that this scenario is about. */
  readonly play: (world: World, window: Window, acts: () => void) => Promise<unknown>;
}

/** A request that stays in the queue, or that runs, until the service is told to move on. */
const inQueue = { timing: { queueMs: null, runMs: null } } as const;
const inRun = { timing: { queueMs: 0, runMs: null } } as const;

async function toNeedsAction(world: World, window: Window): Promise<string> {
  world.service.changeSettings(inRun);
  const id = await world.submit(window);
  await window.reaches(id, "running");
  await world.takeFolderAway();
  await world.service.advance("completed");
  await window.reaches(id, "needsAction");
  return id;
}

/** The first is played whole; of the others the parts count that are their own. */
export const scenarios: readonly Scenario[] = [
  {
    name: "from Generate to the saved video",
    play: async (world, window, acts) => {
      acts();
      await window.reaches(await world.submit(window), "saved");
    },
  },
  {
    name: "saving without hard links",
    world: { hardLinks: false },
    play: async (world, window) => window.reaches(await world.submit(window), "saved"),
  },
  {
    name: "a name that is taken",
    from: "verified#2",
    play: async (world, window) => {
      await window.reaches(await world.submit(window), "saved");
      await window.reaches(await world.submit(window), "saved");
    },
  },
  {
    name: "cancel while it waits",
    world: { jobsAtOnce: 0 },
    play: async (world, window, acts) => {
      const id = await world.submit(window);
      acts();
      await world.cancel(window, id);
      await world.remove(window, id);
    },
  },
  {
    name: "cancel in the queue",
    play: async (world, window, acts) => {
      world.service.changeSettings(inQueue);
      const id = await world.submit(window);
      // Once written with the answer, once with its place in the queue.
      await window.until(() => window.checkpoints.filter((name) => name === "after:queued").length === 2);
      acts();
      await world.cancel(window, id);
      await window.reaches(id, "cancelled");
    },
  },
  {
    name: "cancel too late",
    play: async (world, window, acts) => {
      world.service.changeSettings(inRun);
      const id = await world.submit(window);
      await window.reaches(id, "running");
      acts();
      await world.cancel(window, id);
      await window.until(() => window.checkpoints.includes("cancelTold"));
      await world.service.advance("completed");
      await window.reaches(id, "saved");
    },
  },
  {
    name: "the folder is gone, then retry",
    play: async (world, window, acts) => {
      const id = await toNeedsAction(world, window);
      await world.bringFolderBack();
      acts();
      await window.ask({ call: "retry", id });
      await window.reaches(id, "saved");
    },
  },
  {
    name: "the folder is gone, then another one",
    play: async (world, window, acts) => {
      const id = await toNeedsAction(world, window);
      acts();
      await window.ask({ call: "chooseFolder", id, folder: world.elsewhere });
      await window.reaches(id, "saved");
    },
  },
  {
    name: "unclear, then the request's id",
    play: async (world, window, acts) => {
      world.service.setFaults([{ on: "submit", nth: 1, do: { resetAfterAccept: true } }]);
      const id = await world.submit(window);
      await window.reaches(id, "unclear");
      acts();
      await window.ask({ call: "adopt", id, requestId: world.service.requests()[0]?.requestId ?? "" });
      await window.reaches(id, "saved");
    },
  },
  {
    name: "unclear, then sent again",
    play: async (world, window, acts) => {
      world.service.setFaults([{ on: "submit", nth: 1, do: { resetBeforeAccept: true } }]);
      const id = await world.submit(window);
      await window.reaches(id, "unclear");
      acts();
      await world.sendAgain(window, id);
      await window.reaches(id, "saved");
    },
  },
  {
    name: "unclear, sent again, then cancelled while it waits",
    play: async (world, window, acts) => {
      world.service.setFaults([{ on: "submit", nth: 1, do: { resetBeforeAccept: true } }]);
      const id = await world.submit(window);
      await window.reaches(id, "unclear");
      world.service.setFaults([{ on: "submit", do: { respond: { status: 429, empty: true }, retryAfter: 2 } }]);
      await world.sendAgain(window, id);
      await window.until(() => window.log.some((line) => line.includes("submitting -> waiting")));
      acts();
      await world.cancel(window, id);
      await window.reaches(id, "failed");
    },
  },
  {
    name: "a request from elsewhere",
    play: async (world, window, acts) => {
      const requestId = await world.foreignRequest();
      acts();
      await window.reaches(await world.recover(window, requestId), "saved");
    },
  },
  {
    name: "images uploaded, and deleted at the end",
    world: { uploads: true },
    from: "before:uploading#1",
    play: async (world, window) => {
      await window.reaches(await world.submit(window), "saved");
      await window.until(() => window.checkpoints.filter((name) => name === "after:deleted").length === 2);
    },
  },
  {
    name: "cancelled and removed with images uploaded",
    world: { uploads: true },
    play: async (world, window, acts) => {
      world.service.setFaults([{ on: "submit", do: { respond: { status: 429, empty: true }, retryAfter: 2 } }]);
      const id = await world.submit(window);
      // Once written when its images were ready, once with the answer.
      await window.until(() => window.checkpoints.filter((name) => name === "after:waiting").length === 2);
      acts();
      await world.cancel(window, id);
      await world.remove(window, id);
    },
  },
  {
    name: "taken out of the list",
    play: async (world, window, acts) => {
      const id = await world.submit(window);
      await window.reaches(id, "saved");
      acts();
      await world.remove(window, id);
    },
  },
];
