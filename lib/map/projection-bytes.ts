import { Fault } from "../model/fault.ts";
import { type Boilerplate, noBoilerplate } from "./boilerplate.ts";
import type { FrozenProjection } from "./frozen-projection.ts";
import { openPack, type PackedArray, packArrays } from "./packed-arrays.ts";
import type { TextModel } from "./text-vectors.ts";

/** Counted up when the layout below changes. */
const FORMAT = 2;
/** Formats that can be read. In the first, no text was cleaned of anything, and no vectors came from elsewhere. */
const READABLE = [1, FORMAT];
const WHAT = "frozen map";

/** The facts of a projection that are no arrays. */
interface Head {
  readonly version: string;
  readonly seed: number;
  readonly n: number;
  readonly d: number;
  readonly k: number;
  readonly method: string;
  readonly labels: readonly string[];
  readonly middle: number;
  readonly unit: number;
  readonly model?: string | null;
  readonly boilerplate?: Boilerplate;
  /** Null without a model of texts. */
  readonly text: {
    readonly termRank: number;
    readonly wordRank: number;
    readonly d: number;
    readonly n: number;
  } | null;
}

/**
 * A projection as one run of bytes, to be stored; about 4 n d bytes and, with a model of texts, up to 20 MB.
 * `parseProjection(formatProjection(p))` equals p, and formatting again gives the same bytes.
 */
export function formatProjection(projection: FrozenProjection): Uint8Array {
  const { version, seed, n, d, k, method, labels, noveltyScale, textModel: text, model, boilerplate } = projection;
  const head: Head = {
    version,
    seed,
    n,
    d,
    k,
    method,
    labels,
    ...noveltyScale,
    model,
    boilerplate,
    text: text ? { termRank: text.termRank, wordRank: text.words.rank, d: text.d, n: text.n } : null
  };
  return packArrays(
    FORMAT,
    { ...head },
    {
      vectors: projection.vectors,
      positions: projection.positions,
      cluster: projection.cluster,
      novelty: projection.novelty,
      counts: projection.counts,
      keys: projection.keys,
      neighbours: projection.neighbours,
      identities: projection.identities,
      ...(text ? textArrays(text) : {})
    }
  );
}

/**
 * @param bytes  of `formatProjection`; kept and looked into, so the caller gives them away
 * @throws Fault `broken` where they are cut, changed, of another format, or their sizes do not agree
 */
export function parseProjection(bytes: Uint8Array): FrozenProjection {
  const { head, arrays } = openPack(bytes, READABLE, WHAT);
  const { version, seed, n, d, k, method, labels, middle, unit, text, model, boilerplate } = head as unknown as Head;
  const read = <T extends PackedArray>(
    name: string,
    kind: abstract new (...given: never[]) => T,
    length?: number
  ): T => {
    const array = arrays.get(name);
    if (array instanceof kind && (length === undefined || array.length === length)) return array;
    throw new Fault("broken", `the ${WHAT} cannot be read: "${name}" holds ${array?.length ?? "no"} numbers`);
  };
  return {
    version,
    seed,
    n,
    d,
    k,
    method,
    model: model ?? null,
    boilerplate: boilerplate ?? noBoilerplate,
    textModel: text ? readText(text, read) : undefined,
    vectors: read("vectors", Float32Array, n * d),
    positions: read("positions", Float64Array, n * 2),
    cluster: read("cluster", Int32Array, n),
    novelty: read("novelty", Float32Array, n),
    counts: read("counts", Int32Array, n),
    keys: read("keys", Float64Array, n),
    neighbours: read("neighbours", Int32Array, n * k),
    noveltyScale: { middle, unit },
    labels,
    identities: read("identities", Int32Array, labels.length)
  };
}

function textArrays({ terms, basis, words, mean }: TextModel): Record<string, PackedArray> {
  return {
    termWords: packWords(terms.words),
    termGrams: terms.grams,
    termWeight: terms.weight,
    basis,
    words: packWords(words.words),
    wordWeight: words.weight,
    wordVectors: words.vectors,
    mean
  };
}

function readText(
  { termRank, wordRank, d, n }: NonNullable<Head["text"]>,
  read: <T extends PackedArray>(name: string, kind: abstract new (...given: never[]) => T, length?: number) => T
): TextModel {
  const termWords = openWords(read("termWords", Uint8Array));
  const grams = read("termGrams", Int32Array);
  const columns = termWords.length + grams.length;
  const words = openWords(read("words", Uint8Array));
  return {
    terms: { words: termWords, grams, weight: read("termWeight", Float64Array, columns) },
    basis: read("basis", Float32Array, columns * termRank),
    termRank,
    words: {
      words,
      weight: read("wordWeight", Float64Array, words.length),
      vectors: read("wordVectors", Float32Array, words.length * wordRank),
      rank: wordRank
    },
    mean: read("mean", Float64Array),
    d,
    n
  };
}

/** Words are letters, marks and digits: a line feed parts them. */
function packWords(words: readonly string[]): Uint8Array {
  return new TextEncoder().encode(words.join("\n"));
}

function openWords(bytes: Uint8Array): readonly string[] {
  return bytes.length === 0 ? [] : new TextDecoder().decode(bytes).split("\n");
}
