import { expect, test } from "vitest";
import { Fault } from "#lib/model/fault.ts";
import { type PlaceDoors, placeArrivals } from "#lib/work/place-arrivals.ts";

/** Runs so many rounds; `snapshots` are what the lake says in each. */
async function run(
  snapshots: readonly (number | Error)[],
  place: (mapId: string, round: number) => number,
  arrived: (round: number) => number = () => 1
) {
  const stop = new AbortController();
  const said: string[] = [];
  const placed: string[] = [];
  const watched: string[] = [];
  const pauses: number[] = [];
  let round = 0;
  let now = 0;
  const doors = {
    lake: {
      async snapshotId() {
        const snapshot = snapshots[round]!;
        if (snapshot instanceof Error) throw snapshot;
        return snapshot;
      }
    },
    keptMaps: {
      list: async () => [
        { mapId: "a", version: { version: 1 } },
        { mapId: "b", version: { version: 1 } }
      ]
    },
    keeper: {
      async placeNew(_: unknown, mapId: string) {
        placed.push(`${mapId}${round}`);
        now += place(mapId, round);
        return arrived(round);
      }
    },
    async watch(_: unknown, mapId: string) {
      watched.push(`${mapId}${round}`);
    },
    scope: async () => ({ userId: "owner", roles: [], businessUnits: [] }),
    async pause(ms: number) {
      pauses.push(ms);
      round += 1;
      if (round === snapshots.length) stop.abort();
    },
    elapsedMs: () => now,
    report: (mapId: string) => void said.push(mapId)
  };
  await placeArrivals(doors as unknown as PlaceDoors, stop.signal);
  return { placed, watched, said, pauses };
}

test("every kept map is brought up to date when the lake has moved on, and left alone when it has not", async () => {
  const { placed, watched, said } = await run([4, 4, 5], () => 0);
  expect(placed).toEqual(["a0", "b0", "a2", "b2"]);
  expect(watched).toEqual(placed);
  expect(said).toEqual([]);
});

test("a map is looked at when it is new and when traces were placed on it, not else", async () => {
  const { watched } = await run(
    [4, 5, 6],
    () => 0,
    (round) => (round === 2 ? 3 : 0)
  );
  expect(watched).toEqual(["a0", "b0", "a2", "b2"]);
});

test("a map that cannot be brought up to date is reported and tried again, and the others go on", async () => {
  const { placed, said } = await run([4, 4, 4], (mapId, round) => {
    if (mapId === "a" && round === 0) throw new Fault("broken", "gone");
    return 0;
  });
  expect(placed).toEqual(["a0", "b0", "a1", "b1"]);
  expect(said).toEqual(["a"]);
});

test("what is wrong with a map is told once, and again after it was well", async () => {
  const { said } = await run([4, 4, 4, 4, 4], (mapId) => {
    if (mapId === "a") throw new Fault("missing", "its model is not configured");
    return 0;
  });
  expect(said).toEqual(["a"]);
  const { said: again } = await run([4, 5, 6, 7], (mapId, round) => {
    if (mapId === "b" && round !== 1) throw new Fault("missing", "gone");
    return 0;
  });
  expect(again).toEqual(["b", "b"]);
});

test("a lake that does not answer ends nothing", async () => {
  const { placed, said } = await run([new Error("away"), 4], () => 0);
  expect(said).toEqual(["that could not be listed"]);
  expect(placed).toEqual(["a1", "b1"]);
});

test("looks are rarer the longer they take, and never so rare that a trace waits for a minute", async () => {
  const { pauses } = await run([1, 2, 3, 3], (_, round) => [0, 1000, 60_000][round] ?? 0);
  expect(pauses).toEqual([5_000, 20_000, 40_000, 5_000]);
});
