import type { Job, WanFlf2v } from "./wanFlf2v.d.ts";

/** Renders all that isn't up to date, and gives the paths of the videos once they are saved. */
export async function build(api: WanFlf2v): Promise<string[]> {
  const { jobs = [] } = (await api.renderStale(undefined, { confirm: false })) ?? {};
  const ended = await Promise.all(jobs.map(({ id }) => whenEnded(api, id)));
  return ended.flatMap((job) => job?.video ?? []);
}

function whenEnded(api: WanFlf2v, id: string): Promise<Job | undefined> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const job = await api.getJob(id);
      if (job === undefined || ["saved", "failed", "cancelled"].includes(job.state)) {
        listener.dispose();
        resolve(job);
      }
    };
    const listener = api.onDidChangeJob((changed) => changed === id && look().catch(reject));
    look().catch(reject);
  });
}
