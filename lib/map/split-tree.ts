import { squaredDistance } from "./squared-distance.ts";

/** Points split again and again by which of two of them is nearer. */
export interface SplitTree {
  /** By inner node: the two points whose nearer one decides. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** By inner node: the node on each side; -1 - leaf for a leaf. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly leaves: readonly Int32Array[];
}

const LEAF = 40;

/**
 * A random tree over vectors; near points mostly share a leaf.
 *
 * @param vectors  n x d
 * @see random projection trees: Dasgupta and Freund 2008, doi:10.1145/1374376.1374452
 */
export function buildSplitTree(vectors: Float32Array, n: number, d: number, random: () => number): SplitTree {
  const ids = Int32Array.from({ length: n }, (_, i) => i);
  const tree = { a: [] as number[], b: [] as number[], left: [] as number[], right: [] as number[] };
  const leaves: Int32Array[] = [];
  const grow = (from: number, to: number): number => {
    if (to - from > LEAF) {
      const size = to - from;
      const place = Math.floor(random() * size);
      const a = ids[from + place]!;
      const b = ids[from + ((place + 1 + Math.floor(random() * (size - 1))) % size)]!;
      let left = from;
      for (let at = from; at < to; at++) {
        const id = ids[at]!;
        if (squaredDistance(vectors, id * d, a * d, d) >= squaredDistance(vectors, id * d, b * d, d)) continue;
        ids[at] = ids[left]!;
        ids[left++] = id;
      }
      // Two points that are the same part nothing: such a run stays one leaf.
      if (left > from && left < to) {
        const node = tree.a.push(a) - 1;
        tree.b.push(b);
        tree.left.push(0);
        tree.right.push(0);
        tree.left[node] = grow(from, left);
        tree.right[node] = grow(left, to);
        return node;
      }
    }
    return -leaves.push(ids.slice(from, Math.min(to, from + 4 * LEAF)));
  };
  grow(0, n);
  return { ...tree, leaves };
}

/** The points of the leaf that a vector falls into. */
export function leafOf(tree: SplitTree, vectors: Float32Array, d: number, vector: Float32Array): Int32Array {
  let node = tree.a.length > 0 ? 0 : -1;
  while (node >= 0) {
    const [a, b] = [tree.a[node]! * d, tree.b[node]! * d];
    let nearer = 0;
    for (let at = 0; at < d; at++) {
      nearer += (vectors[b + at]! - vector[at]!) ** 2 - (vectors[a + at]! - vector[at]!) ** 2;
    }
    node = nearer > 0 ? tree.left[node]! : tree.right[node]!;
  }
  return tree.leaves[-1 - node]!;
}
