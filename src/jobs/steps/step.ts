import type { Job } from "../job.ts";
import { type Memory, move, type Next, type StepContext } from "./context.ts";
import { follow } from "./follow.ts";
import { prepareAgain } from "./prepare.ts";
import { save } from "./save.ts";
import { submit } from "./submit.ts";

// The states of a job (`docs/jobs.md` says who leaves each, and when):
//
//   preparing ─> waiting <─> submitting ─> queued ─> running ─> downloading ─> saved
//                   ^            │           ^         ^  ^          │ ^
//                   │            v           │         │  │          v │
//                   └───────── unclear ──────┘         │  └──── needsAction
//                   │                                  │
//                   └───── failed, without an id       └─ failed, with an id
//
// Not drawn: `preparing` to `running` can become `cancelled`, and all but `saved` and `cancelled` can become `failed`.

/**
 * Does what a job needs next and says when to look at it again. The caller holds the job's lease; every change is made
 * under that lease only.
 * @throws {LeaseLost} when the lease is gone.
 */
export async function step(context: StepContext, job: Job, memory: Memory): Promise<Next> {
  switch (job.progress.state) {
    case "preparing":
      return prepareAgain(context, job);
    case "waiting":
      return submit(context, job, job.progress, memory);
    case "submitting":
      // No POST of this job is under way in this window, so the window that sent it is gone, and the answer with it.
      await move(context, job, {
        progress: {
          ...(job.progress.attempt !== undefined && { attempt: job.progress.attempt }),
          state: "unclear",
          problem: { code: "submitUnclear", reason: "interrupted" },
        },
        submittedAt: context.ports.now(),
      });
      return "rest";
    case "queued":
    case "running":
      return follow(context, job, job.progress, memory);
    case "downloading":
      return save(context, job, job.progress, memory);
    case "unclear":
    case "needsAction":
    case "saved":
    case "failed":
    case "cancelled":
      return "rest";
  }
}
