import type { Neighbours } from "./neighbour-table.ts";

/**
 * All points in an order in which neighbours mostly follow one another: from each on to the nearest not yet
 * passed, and back when there is none. Work that goes from point to neighbours then stays in near memory.
 */
export function walkOrder({ n, k, index }: Neighbours): Int32Array {
  const order = new Int32Array(n);
  const before = new Int32Array(n);
  const column = new Uint16Array(n);
  const passed = new Uint8Array(n);
  let count = 0;
  for (let first = 0; first < n; first++) {
    if (passed[first] === 1) continue;
    passed[first] = 1;
    order[count++] = first;
    before[first] = -1;
    for (let at = first; at >= 0; ) {
      let next = -1;
      while (column[at]! < k) {
        const id = index[at * k + column[at]!++]!;
        if (passed[id] === 1) continue;
        next = id;
        break;
      }
      if (next < 0) {
        at = before[at]!;
        continue;
      }
      passed[next] = 1;
      order[count++] = next;
      before[next] = at;
      at = next;
    }
  }
  return order;
}
