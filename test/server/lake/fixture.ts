import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Scope } from "#lib/model/scope.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openLake } from "#lib/server/lake/lake.ts";
import { openState, type State } from "#lib/server/state/state.ts";

/** A lake of its own in a folder of its own. */
export interface LakeFixture {
  readonly folder: string;
  readonly lake: Lake;
  readonly state: State;
  close(): Promise<void>;
}

/** Who asks in tests: an admin, or a scientist of just these units. */
export function scopeOf(units: readonly string[], role: Scope["roles"][number] = "admin"): Scope {
  return { userId: "tester", roles: [role], businessUnits: [...units].sort() };
}

export async function openLakeFixture(): Promise<LakeFixture> {
  const root = await mkdtemp(`${tmpdir()}/tracebook-lake-`);
  const state = await openState({ dataFolder: root, databaseUrl: null }, systemClock);
  const lake = await openLake({
    folder: `${root}/lake`,
    spillFolder: `${root}/spill`,
    catalog: state.catalog,
    clock: systemClock,
    stateTables: async () => ({})
  });
  return {
    folder: `${root}/lake`,
    lake,
    state,
    async close() {
      await lake.close();
      await state.close();
      await rm(root, { recursive: true, force: true });
    }
  };
}
