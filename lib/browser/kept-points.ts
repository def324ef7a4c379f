import { tableFromIPC } from "apache-arrow";
import { Fault, faultOf } from "#lib/model/fault.ts";
import { agentsHeader, type KeptMapReply, type MapEvent } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { send } from "./api.ts";
import { readLines } from "./event-stream.ts";
import type { ColumnChoice, MapPoints } from "./scatter-rows.ts";

/** The points of a kept map that one sees. */
export async function readKeptPoints(map: KeptMapReply): Promise<MapPoints> {
  const response = await send(paths.mapPoints(map.mapId), {});
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  const agents = JSON.parse(decodeURIComponent(response.headers.get(agentsHeader) ?? "[]")) as readonly string[];
  const numbers = (name: string, absent: number) => {
    const column = table.getChild(name);
    return Float64Array.from({ length: table.numRows }, (_, at) => (column?.get(at) ?? absent) as number);
  };
  const codes = (name: string) => Int32Array.from(numbers(name, -1));
  const [x, y, novelty] = [numbers("x", 0), numbers("y", 0), numbers("novelty", 0)];
  const [cluster, unit, agent] = [codes("cluster"), codes("unit"), codes("agent")];
  const labels = new Map(map.seen.map(({ clusterId, label }) => [clusterId, label]));
  const halves = ["high", "low"].map((half) => table.getChild(half));
  const idOf = (at: number) => halves.map((half) => formatHalf(half?.get(at) as bigint)).join("");
  const texts = {
    trace_id: idOf,
    cluster_label: (at: number) => labels.get(cluster[at] ?? -1) ?? null,
    business_unit: (at: number) => map.units[unit[at] ?? -1] ?? null,
    agent: (at: number) => agents[agent[at] ?? -1] ?? null
  };
  const category = (name: string, label: string, words: readonly string[], of: Int32Array): ColumnChoice => {
    const counts = words.map(() => 0);
    for (const code of of) if (code >= 0) counts[code]! += 1;
    return {
      name,
      label,
      kind: "category",
      isFacet: true,
      read: async () => ({ kind: "category", name, codes: of, words, counts })
    };
  };
  const number = (name: string, label: string, kind: "number" | "time", values: Float64Array): ColumnChoice => ({
    name,
    label,
    kind,
    isFacet: false,
    read: async () => ({ kind, name, values })
  });
  return {
    x: Float32Array.from(x),
    y: Float32Array.from(y),
    cluster,
    choices: [
      category("business_unit", "unit", map.units, unit),
      category("agent", "agent", agents, agent),
      number("novelty", "novelty", "number", novelty),
      number("started_at", "started at", "time", numbers("started", Number.NaN))
    ],
    row: async (at) => new Map(Object.entries(texts).map(([column, read]) => [column, read(at)])),
    text: (at, column) => texts[column](at),
    novelty: (at) => novelty[at] ?? null,
    maskTraces: async (ids) => Uint8Array.from(x, (_, at) => (ids.has(idOf(at)) ? 1 : 0))
  };
}

/** Half of a trace's id, 16 hex digits. */
const formatHalf = (half: bigint) => half.toString(16).padStart(16, "0");

/**
 * Has a map built and follows it.
 *
 * @param heard  called with what is being done, in words
 * @returns the map's id
 * @throws Fault when it could not be built, `limit` when the signal stopped it
 */
export async function followMap(
  path: string,
  body: unknown,
  heard: (doing: string) => void,
  signal: AbortSignal
): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await send(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  if (!response.body) throw new Fault("broken", "the server answered without a stream");
  for await (const line of readLines(response.body)) {
    const event = JSON.parse(line) as MapEvent;
    if (event.kind === "kept") return event.mapId;
    if (event.kind === "fault") throw faultOf(event.fault);
    const { step, done, total } = event;
    const count = total > 1 ? ` · ${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}` : "";
    heard(`${step}${count}`);
  }
  throw new Fault("broken", "the workbench stopped before the map was built", { hint: "Try again." });
}
