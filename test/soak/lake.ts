import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { runKillRounds } from "../server/lake/kill-rounds.ts";
import type { Soak } from "./soak.ts";

/** Rounds in one lake before the next begins with an empty one. */
const roundsPerLake = 20;

/** Kills writers of one lake again and again. */
export const soak: Soak = {
  name: "lake",
  defaultKills: 200,
  async run({ kills: wanted, seed: firstSeed, senders: count }) {
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
    return `${kills} kills of ${count} writers: nothing lost, doubled or halved in ${acknowledged + unsaid} batches`;
  }
};
