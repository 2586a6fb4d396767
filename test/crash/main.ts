import { parseArgs } from "node:util";
import * as z from "zod";
import { killAtBoundaries } from "./boundaries.ts";
import { addDamage, sentencesOf, undamaged } from "./check.ts";
import { makeGround } from "./ground.ts";
import { killAtRandom } from "./random.ts";

const help = `Kills the engine at every boundary of its journal and files, and at random moments, and checks that no job
was lost, nothing was paid twice and nothing half-done was left behind.

  npm run test:crash -- [--random 300] [--seed N] [--json]

The last line is the outcome as JSON with --json. Exit code 1 when anything was found.`;

const { values } = parseArgs({
  options: {
    random: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const args = z
  .object({
    random: z.coerce.number().int().min(0).default(300),
    seed: z.coerce
      .number()
      .int()
      .default(() => Math.floor(Math.random() * 1e6)),
  })
  .parse(values);

if (values.help) {
  console.log(help);
} else {
  const started = performance.now();
  await using ground = await makeGround();
  const boundaries = await killAtBoundaries(ground, (line) => console.log(line));
  console.log(`${boundaries.kills} kills at boundaries; now ${args.random} at random, seed ${args.seed}`);
  const random = await killAtRandom(ground, args.random, args.seed, (line) => console.log(line));
  const damage = undamaged();
  addDamage(damage, boundaries.damage, "boundaries");
  addDamage(damage, random.damage, "random");
  for (const sentence of sentencesOf(damage)) {
    console.log(sentence);
  }
  const outcome = {
    kills: boundaries.kills + random.kills,
    jobs: boundaries.jobs + random.jobs,
    lost: damage.lost.length,
    paidTwice: damage.paidTwice.length,
    partialFiles: damage.partialFiles.length,
    orphanTempFiles: damage.orphanTempFiles.length,
    orphanUploads: damage.orphanUploads.length,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
  if (values.json) {
    console.log(JSON.stringify(outcome));
  } else {
    const { lost, paidTwice, partialFiles, orphanTempFiles, orphanUploads } = outcome;
    console.log(
      `${outcome.kills} kills, ${outcome.jobs} jobs: ${lost} lost, ${paidTwice} paid twice, ${partialFiles} partial files, ${orphanTempFiles} orphaned files, ${orphanUploads} orphaned uploads (${outcome.seconds} s)`,
    );
  }
  process.exitCode = sentencesOf(damage).length === 0 ? 0 : 1;
}
