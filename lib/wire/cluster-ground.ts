import type { ClusterGround } from "#lib/map/label-texts.ts";
import { openPack, packArrays } from "#lib/map/packed-arrays.ts";
import { Fault } from "#lib/model/fault.ts";

const format = 1;

/** What a map's points can be clustered anew from, as bytes; no text and no trace is in it. */
export function formatClusterGround({ k, positions, counts, near, owner }: ClusterGround): Uint8Array {
  return packArrays(format, { k }, { positions, counts, near, owner });
}

/** @throws Fault `broken` for other bytes */
export function parseClusterGround(bytes: Uint8Array): ClusterGround {
  const { head, arrays } = openPack(bytes, [format], "ground of the clusters");
  const [positions, counts, near, owner] = ["positions", "counts", "near", "owner"].map((name) => arrays.get(name));
  const { k } = head;
  if (
    typeof k === "number" &&
    positions instanceof Float64Array &&
    counts instanceof Int32Array &&
    near instanceof Int32Array &&
    owner instanceof Int32Array &&
    near.length === counts.length * k
  ) {
    return { k, positions, counts, near, owner };
  }
  throw new Fault("broken", "the ground of the clusters is not whole");
}
