/** The states of a job, in the order in which it can go through them. */
export const states = [
  "preparing",
  "waiting",
  "submitting",
  "unclear",
  "queued",
  "running",
  "downloading",
  "needsAction",
  "saved",
  "failed",
  "cancelled",
] as const;
