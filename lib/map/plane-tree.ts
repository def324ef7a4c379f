/** A balanced tree over points of the plane, for nearest-point questions. */
export interface PlaneTree {
  readonly n: number;
  /** Point ids, each node a run of them. */
  readonly order: Int32Array;
  /** n x 2 coordinates in `order`. */
  readonly places: Float64Array;
  /** Per node: run begin and end in `order`; children of node i are 2i + 1 and 2i + 2, a leaf has none. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Per node: smallest x, smallest y, largest x, largest y. */
  readonly box: Float64Array;
  readonly nodes: number;
  readonly firstLeaf: number;
}

const LEAF = 12;

/** @param positions  n x 2, finite, n at least 1 */
export function buildPlaneTree(positions: Float64Array): PlaneTree {
  const n = positions.length / 2;
  const depth = Math.max(0, Math.ceil(Math.log2(n / LEAF)));
  const nodes = 2 ** (depth + 1) - 1;
  const firstLeaf = 2 ** depth - 1;
  const order = new Int32Array(n);
  for (let point = 0; point < n; point++) order[point] = point;
  const from = new Int32Array(nodes);
  const to = new Int32Array(nodes);
  const box = new Float64Array(nodes * 4);
  to[0] = n;
  for (let node = 0; node < nodes; node++) {
    const [begin, end] = [from[node]!, to[node]!];
    let [left, low, right, high] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = begin; at < end; at++) {
      const [x, y] = [positions[order[at]! * 2]!, positions[order[at]! * 2 + 1]!];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < low) low = y;
      if (y > high) high = y;
    }
    box.set([left, low, right, high], node * 4);
    if (node >= firstLeaf) continue;
    const axis = right - left >= high - low ? 0 : 1;
    const middle = (begin + end) >> 1;
    selectMiddle(order, positions, axis, begin, end - 1, middle);
    from.set([begin, middle], 2 * node + 1);
    to.set([middle, end], 2 * node + 1);
  }
  const places = new Float64Array(n * 2);
  for (let at = 0; at < n; at++) {
    places[at * 2] = positions[order[at]! * 2]!;
    places[at * 2 + 1] = positions[order[at]! * 2 + 1]!;
  }
  return { n, order, places, from, to, box, nodes, firstLeaf };
}

/**
 * Puts the two children of a node on a stack of nodes still to look at, the nearer on top.
 *
 * @param away  beside the stack: squared distance from the place to each node's box
 * @returns the new depth
 */
export function pushChildren(
  box: Float64Array,
  node: number,
  x: number,
  y: number,
  stack: Int32Array,
  away: Float64Array,
  depth: number
): number {
  const a = 2 * node + 1;
  const toA = boxDistance(box, a, x, y);
  const toB = boxDistance(box, a + 1, x, y);
  const nearerIsA = toA <= toB;
  stack[depth] = nearerIsA ? a + 1 : a;
  away[depth] = nearerIsA ? toB : toA;
  stack[depth + 1] = nearerIsA ? a : a + 1;
  away[depth + 1] = nearerIsA ? toA : toB;
  return depth + 2;
}

/** Squared distance from a place to a node's box; 0 inside. */
function boxDistance(box: Float64Array, node: number, x: number, y: number): number {
  const at = node * 4;
  const dx = x < box[at]! ? box[at]! - x : x > box[at + 2]! ? x - box[at + 2]! : 0;
  const dy = y < box[at + 1]! ? box[at + 1]! - y : y > box[at + 3]! ? y - box[at + 3]! : 0;
  return dx * dx + dy * dy;
}

/** Puts the item that belongs at `middle` there, smaller before, larger after. @see Hoare 1961, doi:10.1145/366622.366647 */
function selectMiddle(
  order: Int32Array,
  positions: Float64Array,
  axis: number,
  first: number,
  last: number,
  middle: number
): void {
  let [low, high] = [first, last];
  while (low < high) {
    const pivot = positions[order[(low + high) >> 1]! * 2 + axis]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (positions[order[i]! * 2 + axis]! < pivot) i++;
      while (positions[order[j]! * 2 + axis]! > pivot) j--;
      if (i > j) break;
      const held = order[i]!;
      order[i++] = order[j]!;
      order[j--] = held;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
