// Kills writers of one lake again and again: `npm run soak [-- --kills 200 --seed 1 --writers 2]`.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { runKillRounds } from "../server/lake/kill-rounds.ts";

/** Rounds in one lake before the next begins with an empty one. */
const roundsPerLake = 20;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    writers: { type: "string", default: "2" }
  }
});
const [wanted, firstSeed, count] = [Number(values.kills), Number(values.seed), Number(values.writers)];
if (![wanted, firstSeed, count].every((value) => Number.isSafeInteger(value) && value > 0)) {
  console.error("--kills, --seed and --writers are whole numbers above 0");
  process.exit(2);
}
const writers = Array.from({ length: count }, (_, at) => `writer-${at + 1}`);
let [kills, acknowledged, unsaid] = [0, 0, 0];
for (let seed = firstSeed; kills < wanted; seed++) {
  const root = await mkdtemp(`${tmpdir()}/tracebook-soak-`);
  try {
    const rounds = Math.min(roundsPerLake, Math.ceil((wanted - kills) / count));
    const report = await runKillRounds(root, { rounds, seed, writers });
    kills += report.kills;
    acknowledged += report.acknowledged;
    unsaid += report.unsaid;
    console.log(
      `seed ${seed}: ${report.kills} kills, ${report.acknowledged} acknowledged batches kept, ${report.unsaid} kept unsaid, files left over after ${report.withLeftovers} of ${rounds} rounds`
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
console.log(`${kills} kills of ${count} writers: nothing lost, doubled or halved in ${acknowledged + unsaid} batches`);
