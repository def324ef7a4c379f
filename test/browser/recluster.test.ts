import { expect, test, vi } from "vitest";
import { clusterSizes, nearestSize } from "#lib/browser/cluster-sizes.ts";
import { LiveClusters, type ReclusterThread } from "#lib/browser/recluster.ts";
import type { ReclusterAnswer, ReclusterQuestion } from "#lib/browser/recluster-worker.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import { Fault } from "#lib/model/fault.ts";
import { formatClusterGround, parseClusterGround } from "#lib/wire/cluster-ground.ts";

const ground = {
  positions: new Float64Array(4),
  counts: Int32Array.of(1, 2),
  near: Int32Array.of(0, 1, 1, 0),
  k: 2,
  owner: Int32Array.of(0, 1, 1, -1)
};
const drawn = { x: new Float32Array(4), y: new Float32Array(4), cluster: new Int32Array(4), labels: ["a"] };
const foundOf = (least: number): ReclusterAnswer => ({
  kind: "cut",
  found: { least, cluster: new Int32Array(4), clusters: [], outlines: [], noise: 0 }
});

function openThread() {
  const asked: ReclusterQuestion[] = [];
  let hear: (answer: ReclusterAnswer) => void = () => undefined;
  let ended = 0;
  const thread: ReclusterThread = {
    postMessage: (question) => asked.push(question),
    listen: (listener) => {
      hear = listener;
    },
    terminate: () => {
      ended++;
    }
  };
  return { thread, asked, say: (answer: ReclusterAnswer) => hear(answer), ended: () => ended };
}

test("of the sizes asked for while one is worked on only the last is worked on, and nothing is told after the end", async () => {
  const { thread, asked, say, ended } = openThread();
  const found: number[] = [];
  const read = vi.fn(async () => formatClusterGround(ground));
  const live = new LiveClusters(
    read,
    drawn,
    { found: ({ least }) => found.push(least), fault: () => undefined },
    () => thread
  );
  for (const least of [5, 6, 7]) live.ask(least);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[0]).toEqual({ kind: "open", ground: formatClusterGround(ground), drawn });
  expect(parseClusterGround(formatClusterGround(ground))).toEqual(ground);
  expect(asked[1]).toEqual({ kind: "cut", least: 7 });
  for (const least of [8, 9]) live.ask(least);
  await Promise.resolve();
  say(foundOf(7));
  expect(asked[2]).toEqual({ kind: "cut", least: 9 });
  say(foundOf(9));
  expect(found).toEqual([7, 9]);
  live.close();
  await vi.waitFor(() => expect(ended()).toBe(1));
  say(foundOf(9));
  expect(found).toHaveLength(2);
  expect(read).toHaveBeenCalledTimes(1);
});

test("a ground that cannot be read is told", async () => {
  const faults: FaultReport[] = [];
  const live = new LiveClusters(
    async () => {
      throw new Fault("limit", "too many texts");
    },
    drawn,
    { found: () => undefined, fault: (fault) => faults.push(fault) },
    () => openThread().thread
  );
  live.ask(5);
  await vi.waitFor(() => expect(faults).toHaveLength(1));
  expect(faults[0]?.message).toBe("too many texts");
  expect(() => parseClusterGround(new Uint8Array(64))).toThrow(/cannot be read/);
});

test("sizes go from five to a tenth of the traces by ratios", () => {
  expect(clusterSizes(59)).toEqual([]);
  for (const traces of [60, 100, 1_000, 100_000]) {
    const sizes = clusterSizes(traces);
    expect([sizes[0], sizes.at(-1)]).toEqual([5, traces / 10]);
    for (let at = 1; at < sizes.length; at++) expect(sizes[at]!).toBeGreaterThan(sizes[at - 1]!);
    sizes.forEach((size, at) => {
      expect(nearestSize(sizes, size)).toBe(at);
    });
  }
  expect(clusterSizes(1_000_000)).toHaveLength(61);
});
