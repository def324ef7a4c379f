// A process that appends batches and flushes until it is killed; each line says what was acknowledged.
import { writeSync } from "node:fs";
import { systemClock } from "#lib/server/clock.ts";
import { openLake } from "#lib/server/lake/lake.ts";
import { openState } from "#lib/server/state/state.ts";
import { batchOf, flushEvery, killedUnit } from "./kill-batches.ts";

const { root, writer, from } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly root: string;
  readonly writer: string;
  readonly from: number;
};
const state = await openState({ dataFolder: root, databaseUrl: null }, systemClock);
const lake = await openLake({
  folder: `${root}/lake`,
  spillFolder: `${root}/spill-${systemClock.newId()}`,
  catalog: state.catalog,
  clock: systemClock,
  stateTables: () => ({})
});
writeSync(1, "open\n");
for (let n = from; ; n++) {
  await lake.append(
    { userId: writer, roles: ["admin"], businessUnits: [killedUnit] },
    { spans: batchOf(writer, n), scores: [] }
  );
  writeSync(1, `${n}\n`);
  if (n % flushEvery === 0) await lake.flush();
}
