import { makeVector, Table, tableToIPC, vectorFromArray } from "apache-arrow";
import { afterEach, expect, test, vi } from "vitest";
import { KeptPoints, readSides } from "#lib/browser/kept-points.ts";
import { wordsHeader } from "#lib/wire/map-columns.ts";
import type { KeptMapReply } from "#lib/wire/maps.ts";

const madeAtMs = 1_000_000;
const map = {
  ...{ mapId: "m", title: "Topics", workbook: "w", cell: "c", businessUnits: ["support"], version: 1, madeAtMs },
  ...{ clusters: 1, placedSnapshotId: 1, vectors: "", seed: 1, movedShare: null, ended: [], isWhole: true },
  ...{ emerging: [], strangest: [], recentDays: 7, pastDays: 28, areas: [], units: ["support"] },
  seen: [
    {
      ...{ clusterId: 0, label: "refunds", isNamed: false, written: null, size: 2, change: "born", from: [] },
      ...{ x: 0, y: 0, representatives: [] }
    }
  ]
} as unknown as KeptMapReply;

/** What the server would say to each path, with what was asked. */
function serve(replies: Readonly<Record<string, (query: URLSearchParams) => Response>>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const [place = "", query] = path.split("?");
    return replies[place.slice("/api/maps/m/".length)]!(new URLSearchParams(query));
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

const arrow = (columns: Readonly<Record<string, unknown>>, words: readonly string[] = []) =>
  new Response(tableToIPC(new Table(columns as never), "stream") as BodyInit, {
    headers: { [wordsHeader]: encodeURIComponent(JSON.stringify(words)) }
  });
const ids = (list: readonly number[]) => ({
  high: makeVector(BigUint64Array.from(list, () => 0n)),
  low: makeVector(BigUint64Array.from(list, BigInt))
});
const points = (list: readonly number[], agents: readonly string[], placedS: number) =>
  arrow(
    {
      ...ids(list),
      x: makeVector(Float32Array.from(list)),
      y: makeVector(Float32Array.from(list)),
      novelty: makeVector(Float32Array.from(list, (id) => (id === 1 ? Number.NaN : id / 100))),
      cluster: makeVector(Int32Array.from(list, (id) => (id === 1 ? -1 : 0))),
      unit: makeVector(Int32Array.from(list, () => 0)),
      agent: makeVector(Int32Array.from(list, () => agents.length - 1)),
      started: makeVector(Float64Array.from(list)),
      placed: makeVector(Uint32Array.from(list, () => placedS))
    },
    agents
  );
const idOf = (id: number) => id.toString(16).padStart(32, "0");

const columns = (isLabelled: boolean) =>
  Response.json({
    columns: [
      { name: "score:polite", label: "score: polite", kind: "number", middle: 0.5, none: "unscored" },
      { name: "status", label: "status", kind: "category", middle: null, none: "without a value" },
      ...(isLabelled
        ? [{ name: "label", label: "label", kind: "category", middle: null, none: "without a label" }]
        : [])
    ]
  });

/** Points 1 and 5, then 3 as well; 5 comes twice. */
function serveMap() {
  let isLater = false;
  let given: string | null = null;
  const asked = serve({
    columns: () => columns(given !== null),
    points: (query) => {
      const after = Number(query.get("after") ?? 0);
      const list = isLater ? (after > 0 ? [3, 5] : [1, 3, 5]) : [1, 5];
      if (query.get("column") === "status") {
        const words = isLater && after > 0 ? ["error", "ok"] : ["ok"];
        return arrow(
          {
            ...ids(list),
            code: makeVector(Int32Array.from(list, (id) => (id === 1 ? -1 : id === 3 ? 0 : words.length - 1)))
          },
          words
        );
      }
      if (query.get("column") === "score:polite") {
        return arrow({
          ...ids(list),
          value: makeVector(Float32Array.from(list, (id) => (id === 1 ? Number.NaN : 1 / id)))
        });
      }
      if (query.get("column") === "label" && given !== null)
        return arrow({ ...ids(list), code: makeVector(Int32Array.from(list, () => 0)) }, [given]);
      return points(list, after > 0 ? ["late"] : ["early"], isLater ? 2000 : 1500);
    },
    "compare/points": () => arrow({ ...ids([1, 3, 5]), code: vectorFromArray([0, -1, 2]) })
  });
  return { asked, arrive: () => (isLater = true), label: (word: string) => (given = word) };
}

const choose = async (kept: KeptPoints, name: string) =>
  (await kept.points.choices.find((choice) => choice.name === name)!.read())!;

test("points come with what they are coloured by, and say whose they are", async () => {
  serveMap();
  const kept = await KeptPoints.open(map);
  expect(kept.points.choices.map(({ name }) => name)).toEqual([
    ...["business_unit", "agent", "novelty", "started_at", "score:polite", "status"]
  ]);
  expect(kept.points.text(1, "trace_id")).toBe(idOf(5));
  expect(kept.points.text(1, "cluster_label")).toBe("refunds");
  expect([kept.points.text(0, "cluster_label"), kept.points.novelty(0)]).toEqual([null, null]);
  expect(await kept.points.row(0)).toEqual(
    new Map(
      Object.entries({
        ...{ trace_id: idOf(1), cluster_label: null, business_unit: "support", agent: "early" }
      })
    )
  );
  expect([...(await kept.points.maskTraces(new Set([idOf(5), idOf(9)])))]).toEqual([0, 1]);
  expect((await choose(kept, "agent")) as object).toMatchObject({ words: ["early"], counts: [2] });
});

test("only what was placed since is asked for, and joins at the end with its values", async () => {
  const { asked, arrive } = serveMap();
  const kept = await KeptPoints.open(map);
  await choose(kept, "status");
  expect(await choose(kept, "score:polite")).toEqual({
    ...{ kind: "number", name: "score:polite", values: Float64Array.of(Number.NaN, Math.fround(1 / 5)) }
  });
  expect(await kept.update()).toBe(kept);
  arrive();
  const later = await kept.update();
  expect(asked.at(-1)).toBe(`/api/maps/m/points?after=${1_500_000 - 60_000}`);
  expect([...later.columns.x]).toEqual([1, 5, 3]);
  expect([...kept.columns.x]).toEqual([1, 5]);
  expect(later.points.text(2, "agent")).toBe("late");
  const status = await choose(later, "status");
  expect(asked.at(-1)).toContain("column=status&after=1440000");
  expect(status).toMatchObject({ words: ["ok", "error"] });
  expect(status.kind === "category" && [...status.codes]).toEqual([-1, 0, 1]);
  expect(await choose(later, "status")).toBe(status);
  expect((await later.describe({ ...map, title: "Renamed" }).update()).map.title).toBe("Renamed");
});

test("labels are read again when some were given, and all else stays", async () => {
  const { asked, label } = serveMap();
  const kept = await KeptPoints.open(map);
  await choose(kept, "status");
  label("rude");
  const labelled = await kept.relabel();
  expect(labelled.points.choices.map(({ name }) => name)).toContain("label");
  expect(await choose(labelled, "label")).toMatchObject({ words: ["rude"] });
  label("fine");
  expect(await choose(labelled, "label")).toMatchObject({ words: ["rude"] });
  expect(await choose(await labelled.relabel(), "label")).toMatchObject({ words: ["fine"] });
  const before = asked.length;
  await choose(labelled, "status");
  expect([asked.length, labelled.columns]).toEqual([before, kept.columns]);
});

test("sides come in the order of the points, those that joined later too", async () => {
  const { arrive } = serveMap();
  const kept = await KeptPoints.open(map);
  expect([...(await readSides(kept, "unit/a", "others"))]).toEqual([0, 2]);
  arrive();
  expect([...(await readSides(await kept.update(), "unit/a", "others"))]).toEqual([0, 2, -1]);
});
