// A second process on the same state: saves a workbook, records what it did, or commits to the catalog, and says what was acknowledged.
import { writeSync } from "node:fs";
import { systemClock } from "#lib/server/clock.ts";
import { recordIn } from "#lib/server/state/audit-rows.ts";
import { openState } from "#lib/server/state/state.ts";

const { dataFolder, databaseUrl, does, slug, name, count } = JSON.parse(process.argv[2] ?? "{}");
const state = await openState({ dataFolder, databaseUrl: databaseUrl ?? null }, systemClock);
const scope = { userId: name, roles: ["admin"], businessUnits: ["support"] } as const;
for (let n = 0; n < count; n++) {
  if (does === "save") {
    const current = await state.workbooks.find(scope, slug);
    const text = `${current?.text}${name}-${n}\n`;
    const outcome = await state.workbooks.save(scope, slug, slug, text, current?.revision ?? 0);
    if (outcome.kind === "saved") writeSync(1, `${name}-${n}\n`);
  } else if (does === "record") {
    const entry = { action: "trace.view", object: { kind: "trace", id: String(n) }, units: ["support"] } as const;
    await state.db.transaction().execute((transaction) => recordIn(transaction, scope, entry));
  } else {
    const path = `spans/${name}-${n}.parquet`;
    const snapshotId = await state.catalog.commit({
      add: [
        {
          table: "spans",
          businessUnit: "support",
          day: "2026-05-01",
          path,
          format: "parquet",
          rows: 1,
          bytes: 1,
          minStartMs: 0,
          maxStartMs: 0
        }
      ],
      remove: []
    });
    writeSync(1, `${snapshotId} ${path}\n`);
  }
}
await state.close();
