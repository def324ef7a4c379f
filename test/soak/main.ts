// Kills what writes, for minutes: `npm run soak [-- lake|ingest --kills 200 --seed 1 --senders 4]`.
import { parseArgs } from "node:util";
import { soak as ingest } from "./ingest.ts";
import { soak as lake } from "./lake.ts";

const { positionals, values } = parseArgs({
  options: {
    kills: { type: "string" },
    seed: { type: "string", default: "1" },
    senders: { type: "string", default: "2" }
  },
  allowPositionals: true
});
const chosen = [lake, ingest].filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const [kills, seed, senders] = [Number(values.kills ?? 1), Number(values.seed), Number(values.senders)];
if (chosen.length === 0 || ![kills, seed, senders].every((value) => Number.isSafeInteger(value) && value > 0)) {
  console.error("name lake or ingest; --kills, --seed and --senders are whole numbers above 0");
  process.exit(2);
}
for (const { run, defaultKills } of chosen)
  console.log(await run({ kills: values.kills ? kills : defaultKills, seed, senders }));
