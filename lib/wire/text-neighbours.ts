import { openPack, packArrays } from "#lib/map/packed-arrays.ts";
import type { TextNeighbours } from "#lib/map/text-neighbours.ts";
import { Fault } from "../model/fault.ts";
import { object } from "./parse.ts";
import { traceIds } from "./selections.ts";

const format = 1;

/** POST the traces that shall be laid out alone. */
export interface PartRequest {
  /** At most `mostPicked`. */
  readonly traceIds: readonly string[];
}

/** @throws Fault `invalid`, `limit` */
export function parsePartRequest(body: unknown): PartRequest {
  return { traceIds: traceIds(object(body, "the part of the map")) };
}

/** Nearest neighbours as bytes: `owner` has an entry per trace, in the order asked for. */
export function formatTextNeighbours({
  n,
  k,
  index,
  distance,
  owner,
  counts
}: TextNeighbours): Uint8Array<ArrayBuffer> {
  return packArrays(format, { n, k }, { index, distance, owner, counts }) as Uint8Array<ArrayBuffer>;
}

/** @throws Fault `broken` for other bytes */
export function parseTextNeighbours(bytes: Uint8Array): TextNeighbours {
  const { head, arrays } = openPack(bytes, [format], "neighbours of the texts");
  const [index, distance, owner, counts] = ["index", "distance", "owner", "counts"].map((name) => arrays.get(name));
  const { n, k } = head;
  if (
    typeof n === "number" &&
    typeof k === "number" &&
    index instanceof Int32Array &&
    distance instanceof Float32Array &&
    owner instanceof Int32Array &&
    counts instanceof Int32Array &&
    index.length === n * k &&
    distance.length === n * k &&
    counts.length === n
  ) {
    return { n, k, index, distance, owner, counts };
  }
  throw new Fault("broken", "the neighbours of the texts are not whole");
}
