/** Points halved again and again along the line through two of them. */
export interface SplitTree {
  /** By inner node: the two points that give the line. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** By inner node: how far along the line, from b to a, the halves part; a product with a - b. */
  readonly border: readonly number[];
  /** By inner node: the node below and above the border; -1 - leaf for a leaf. */
  readonly below: readonly number[];
  readonly above: readonly number[];
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
  const along = new Float32Array(n);
  const normal = new Float32Array(d);
  const tree = {
    a: [] as number[],
    b: [] as number[],
    border: [] as number[],
    below: [] as number[],
    above: [] as number[]
  };
  const leaves: Int32Array[] = [];
  const grow = (from: number, to: number): number => {
    const size = to - from;
    if (size <= LEAF) return -leaves.push(ids.slice(from, to));
    const place = Math.floor(random() * size);
    const a = ids[from + place]!;
    const b = ids[from + ((place + 1 + Math.floor(random() * (size - 1))) % size)]!;
    for (let c = 0; c < d; c++) normal[c] = vectors[a * d + c]! - vectors[b * d + c]!;
    for (let at = from; at < to; at++) along[at] = product(vectors, ids[at]! * d, normal);
    const border = along.slice(from, to).sort()[size >> 1]!;
    let middle = from;
    for (let at = from, last = to; at < last; ) {
      if (along[at]! < border) {
        middle = ++at;
        continue;
      }
      last--;
      [ids[at], ids[last]] = [ids[last]!, ids[at]!];
      [along[at], along[last]] = [along[last]!, along[at]!];
    }
    // Where no line parts them (duplicates) they are halved as they lie.
    if (middle === from) middle = (from + to) >> 1;
    const node = tree.a.push(a) - 1;
    tree.b.push(b);
    tree.border.push(border);
    tree.below.push(0);
    tree.above.push(0);
    tree.below[node] = grow(from, middle);
    tree.above[node] = grow(middle, to);
    return node;
  };
  grow(0, n);
  return { ...tree, leaves };
}

/** The points of the leaf that a vector falls into. */
export function leafOf(tree: SplitTree, vectors: Float32Array, d: number, vector: Float32Array): Int32Array {
  let node = tree.a.length > 0 ? 0 : -1;
  while (node >= 0) {
    const [a, b] = [tree.a[node]! * d, tree.b[node]! * d];
    let along = 0;
    for (let c = 0; c < d; c++) along += vector[c]! * (vectors[a + c]! - vectors[b + c]!);
    node = along < tree.border[node]! ? tree.below[node]! : tree.above[node]!;
  }
  return tree.leaves[-1 - node]!;
}

function product(vectors: Float32Array, from: number, other: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let c = 0;
  for (; c + 3 < other.length; c += 4) {
    s0 += vectors[from + c]! * other[c]!;
    s1 += vectors[from + c + 1]! * other[c + 1]!;
    s2 += vectors[from + c + 2]! * other[c + 2]!;
    s3 += vectors[from + c + 3]! * other[c + 3]!;
  }
  for (; c < other.length; c++) s0 += vectors[from + c]! * other[c]!;
  return s0 + s1 + (s2 + s3);
}
