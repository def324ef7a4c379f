import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { startServer } from "../server/intake/crash-process.ts";
import { runCrashRounds } from "../server/intake/crash-rounds.ts";
import type { Soak } from "./soak.ts";

/** Kills of one lake before the next begins with an empty one. */
const killsPerLake = 25;

const main = fileURLToPath(new URL("../../app/_cli/main.ts", import.meta.url));

/** Kills the real server again and again while programs send to it over loopback. */
export const soak: Soak = {
  name: "ingest",
  defaultKills: 50,
  async run({ kills: wanted, seed: firstSeed, senders }) {
    let [kills, acknowledged, broken, spans, unsaid] = [0, 0, 0, 0, 0];
    for (let seed = firstSeed; kills < wanted; seed += 1) {
      const root = await mkdtemp(`${tmpdir()}/tracebook-soak-`);
      // Flushing almost without a pause, so that most kills fall into one.
      const environment = { TRACEBOOK_DATA: root, TRACEBOOK_FLUSH_MS: "20", PORT: "0" };
      try {
        const report = await runCrashRounds(
          root,
          () => startServer(["--disable-warning=ExperimentalWarning", main, "serve"], environment),
          { kills: Math.min(killsPerLake, wanted - kills), seed, senders }
        );
        kills += report.kills;
        acknowledged += report.acknowledged;
        broken += report.broken;
        spans += report.spans;
        unsaid += report.unsaid;
        console.log(
          `seed ${seed}: ${report.kills} kills, ${report.acknowledged} requests acknowledged, ${report.broken} broken, ${report.spans} spans there, ${report.unsaid} of them unsaid`
        );
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    }
    return `${kills} kills of the server before ${senders} senders: ${acknowledged} acknowledged and ${broken} broken requests, ${spans} spans there, ${unsaid} of them unsaid, none lost, doubled or changed`;
  }
};
