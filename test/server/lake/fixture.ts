import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { UnitMask } from "#lib/model/mask.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openLake } from "#lib/server/lake/lake.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import { listStateTables } from "#lib/server/state/state-tables.ts";

/** A lake of its own in a folder of its own. */
export interface LakeFixture {
  readonly folder: string;
  readonly lake: Lake;
  readonly state: State;
  close(): Promise<void>;
}

/** What a test wants otherwise than a temporary folder and the machine's clock. */
export interface FixtureOptions {
  readonly folder?: string;
  readonly stateFolder?: string;
  readonly leastFreeBytes?: number;
  readonly clock?: Clock;
  /** What units hide; `kept` is what the state says. */
  readonly masks?: (() => readonly UnitMask[]) | "kept";
}

/** Who asks in tests: an admin, or a scientist of just these units. */
export function scopeOf(units: readonly string[], role: Scope["roles"][number] = "admin"): Scope {
  return { userId: "tester", roles: [role], businessUnits: [...units].sort() };
}

export async function openLakeFixture(options: FixtureOptions = {}): Promise<LakeFixture> {
  const root = await mkdtemp(`${tmpdir()}/tracebook-lake-`);
  const clock = options.clock ?? systemClock;
  const folder = options.folder ?? `${root}/lake`;
  const state = await openState({ dataFolder: options.stateFolder ?? root, databaseUrl: null }, clock);
  const lake = await openLake({
    folder,
    spillFolder: `${root}/spill`,
    catalog: state.catalog,
    clock,
    stateTables: (scope) => listStateTables(state, scope),
    masks: async (units) =>
      options.masks === "kept"
        ? state.masks.inForce(units)
        : (options.masks?.() ?? []).filter(({ businessUnit }) => units.includes(businessUnit)),
    ...(options.leastFreeBytes === undefined ? {} : { leastFreeBytes: options.leastFreeBytes })
  });
  return {
    folder,
    lake,
    state,
    async close() {
      await lake.close();
      await state.close();
      await rm(root, { recursive: true, force: true });
    }
  };
}

/** Another writer of a lake, as a command beside the server. */
export function openBeside({ folder, state }: LakeFixture): Promise<Lake> {
  const doors = { catalog: state.catalog, clock: systemClock, stateTables: () => ({}) };
  return openLake({ ...doors, folder, spillFolder: `${folder}-spill` });
}

/** Files in the folder that the catalog does not know. */
export async function listLeftovers({ folder, state }: Pick<LakeFixture, "folder" | "state">): Promise<string[]> {
  const known = new Set((await state.catalog.listAllFiles()).map(({ path }) => path));
  const found = await Array.fromAsync(glob("*/business_unit=*/date=*/*", { cwd: folder }));
  return found.filter((path) => !known.has(path)).sort();
}
