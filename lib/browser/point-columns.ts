import { type Table, tableFromIPC } from "apache-arrow";
import { wordsHeader } from "#lib/wire/map-columns.ts";
import { send } from "./api.ts";

/** Trace ids as two halves each, n long. */
export interface PointIds {
  readonly high: BigUint64Array;
  readonly low: BigUint64Array;
}

/** Points of a kept map as typed columns of n; a number that is none is NaN, a code -1. */
export interface PointColumns extends PointIds {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly novelty: Float32Array;
  readonly cluster: Int32Array;
  readonly unit: Int32Array;
  readonly agent: Int32Array;
  /** In ms since 1970 UTC. */
  readonly started: Float64Array;
  /** When the last of them was placed, in ms since 1970 UTC, cut to seconds; 0 without points. */
  readonly placedMs: number;
  /** What the codes of `agent` stand for. */
  readonly agents: readonly string[];
}

/** A table of columns with the words of its codes. */
export interface ArrowColumns {
  readonly table: Table;
  readonly words: readonly string[];
}

/** @throws Fault */
export async function readArrow(path: string, signal?: AbortSignal): Promise<ArrowColumns> {
  const response = await send(path, signal ? { signal } : {});
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  const words = JSON.parse(decodeURIComponent(response.headers.get(wordsHeader) ?? "[]")) as readonly string[];
  return { table, words };
}

/** The buffer of a column that has no gaps. */
export function bufferOf<T>(table: Table, name: string, empty: T): T {
  return (table.numRows === 0 ? empty : (table.getChild(name)?.toArray() ?? empty)) as T;
}

export const idsOf = (table: Table): PointIds => ({
  high: bufferOf(table, "high", new BigUint64Array()),
  low: bufferOf(table, "low", new BigUint64Array())
});

export function readPointColumns({ table, words }: ArrowColumns): PointColumns {
  const placed = bufferOf(table, "placed", new Uint32Array());
  return {
    ...idsOf(table),
    x: bufferOf(table, "x", new Float32Array()),
    y: bufferOf(table, "y", new Float32Array()),
    novelty: bufferOf(table, "novelty", new Float32Array()),
    cluster: bufferOf(table, "cluster", new Int32Array()),
    unit: bufferOf(table, "unit", new Int32Array()),
    agent: bufferOf(table, "agent", new Int32Array()),
    started: bufferOf(table, "started", new Float64Array()),
    placedMs: placed.reduce((last, at) => (at > last ? at : last), 0) * 1000,
    agents: words
  };
}

/** Points with those of others that are not among them, at their end. @returns the same object when there are none */
export function addPoints(points: PointColumns, others: PointColumns): PointColumns {
  const known = findTraces(points, others);
  const fresh: number[] = [];
  for (let at = 0; at < known.length; at++) if (known[at]! < 0) fresh.push(at);
  if (fresh.length === 0) return points;
  const agents = [...points.agents];
  const agentCodes = others.agents.map((agent) => {
    if (!agents.includes(agent)) agents.push(agent);
    return agents.indexOf(agent);
  });
  const join = <T extends PointColumns["x" | "cluster" | "started" | "high"]>(own: T, added: T): T => {
    const whole = extend(own, own.length + fresh.length);
    fresh.forEach((at, place) => {
      whole[own.length + place] = added[at]!;
    });
    return whole;
  };
  return {
    high: join(points.high, others.high),
    low: join(points.low, others.low),
    x: join(points.x, others.x),
    y: join(points.y, others.y),
    novelty: join(points.novelty, others.novelty),
    cluster: join(points.cluster, others.cluster),
    unit: join(points.unit, others.unit),
    agent: join(
      points.agent,
      others.agent.map((code) => agentCodes[code] ?? -1)
    ),
    started: join(points.started, others.started),
    placedMs: Math.max(points.placedMs, others.placedMs),
    agents
  };
}

/** Room for points that come later, as a share of those there are and in points. */
const [roomShare, leastRoom] = [0.02, 1024];

/** The same numbers with more behind them, in the same memory where it has room: who holds fewer sees none of them. */
function extend<T extends PointColumns["x" | "cluster" | "started" | "high"]>(own: T, length: number): T {
  const kind = own.constructor as {
    new (length: number): T;
    new (buffer: ArrayBufferLike, offset: number, length: number): T;
  };
  const hasRoom = own.byteOffset === 0 && own.buffer.byteLength >= length * own.BYTES_PER_ELEMENT;
  if (hasRoom) return new kind(own.buffer, 0, length);
  const roomy = new kind(length + Math.ceil(length * roomShare) + leastRoom);
  roomy.set(own as never);
  return new kind(roomy.buffer, 0, length);
}

const tailBits = 0xfffff;

/**
 * Where each of some traces is among points; -1 where it is not. Whole columns are looked through once, whatever their
 * order, by the last 32 bits of the ids alone until those agree.
 */
export function findTraces(points: PointIds, wanted: PointIds): Int32Array {
  const found = new Int32Array(wanted.low.length).fill(-1);
  const [tails, own] = [halvesOf(wanted.low), halvesOf(points.low)];
  const byTail = new Map<number, number[]>();
  // Almost every point is told to be none of them by this alone.
  const isPossible = new Uint8Array(tailBits + 1);
  for (let at = 0; at < found.length; at++) {
    const tail = tails[2 * at]!;
    isPossible[tail & tailBits] = 1;
    const list = byTail.get(tail);
    if (list) list.push(at);
    else byTail.set(tail, [at]);
  }
  for (let point = 0; point < points.low.length; point++) {
    if (isPossible[own[2 * point]! & tailBits] === 0) continue;
    const list = byTail.get(own[2 * point]!);
    if (!list) continue;
    // One id of two units stands for two points: each is taken once.
    const at = list.find(
      (candidate) =>
        found[candidate] === -1 &&
        wanted.low[candidate] === points.low[point] &&
        wanted.high[candidate] === points.high[point]
    );
    if (at !== undefined) found[at] = point;
  }
  return found;
}

/**
 * For each point the row that stands for its trace in a table in the order of ids; -1 where there is none. Points that
 * came at once are in that order, too, so both are walked through side by side.
 *
 * @param from  points before this one are left out
 */
export function alignRows(points: PointIds, rows: PointIds, from = 0): Int32Array {
  const n = points.low.length - from;
  const aligned = new Int32Array(n).fill(-1);
  const [high, low] = [halvesOf(points.high), halvesOf(points.low)];
  const [rowHigh, rowLow] = [halvesOf(rows.high), halvesOf(rows.low)];
  let row = 0;
  for (let at = 0; at < n; at++) {
    const point = from + at;
    if (
      row < rows.low.length &&
      low[2 * point] === rowLow[2 * row] &&
      low[2 * point + 1] === rowLow[2 * row + 1] &&
      high[2 * point] === rowHigh[2 * row] &&
      high[2 * point + 1] === rowHigh[2 * row + 1]
    ) {
      aligned[at] = row++;
      continue;
    }
    // Points that came later begin again with a smaller id.
    if (at > 0 && compareIds(high, low, point, high, low, point - 1) < 0) row = 0;
    while (row < rows.low.length && compareIds(rowHigh, rowLow, row, high, low, point) < 0) row++;
    if (row < rows.low.length && compareIds(rowHigh, rowLow, row, high, low, point) === 0) aligned[at] = row++;
  }
  return aligned;
}

/** Numbers of 64 bits as their lower and upper 32, on a little-endian machine. */
const halvesOf = (values: BigUint64Array) => new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);

function compareIds(
  high: Uint32Array,
  low: Uint32Array,
  at: number,
  otherHigh: Uint32Array,
  otherLow: Uint32Array,
  other: number
): number {
  return (
    high[2 * at + 1]! - otherHigh[2 * other + 1]! ||
    high[2 * at]! - otherHigh[2 * other]! ||
    low[2 * at + 1]! - otherLow[2 * other + 1]! ||
    low[2 * at]! - otherLow[2 * other]!
  );
}

/** A trace's id of 32 hex digits. */
export function formatId({ high, low }: PointIds, at: number): string {
  return [high[at]!, low[at]!].map((half) => half.toString(16).padStart(16, "0")).join("");
}

/** Ids as halves; what is no id of 32 hex digits is left out. */
export function parseIds(ids: Iterable<string>): PointIds {
  const known = [...ids].filter((id) => /^[0-9a-f]{32}$/.test(id));
  const half = (id: string, from: number) => BigInt(`0x${id.slice(from, from + 16)}`);
  return {
    high: BigUint64Array.from(known, (id) => half(id, 0)),
    low: BigUint64Array.from(known, (id) => half(id, 16))
  };
}
