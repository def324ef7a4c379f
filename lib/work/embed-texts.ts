import type { Embedding } from "#lib/model/embedding.ts";
import { Fault } from "#lib/model/fault.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import { cutText, estimateTokens } from "#lib/model/text-tokens.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { readVector } from "#lib/sql/embedding-columns.ts";
import { fingerprint } from "#lib/workbook/fingerprint.ts";

/** What vectors of texts are got with. */
export interface EmbedDoors {
  readonly lake: Pick<Lake, "append" | "openKernel">;
  readonly embedder: Embedder;
}

/** Where a text is kept: a unit that has it, and the day of a trace there. */
export interface TextHome {
  readonly businessUnit: BusinessUnit;
  readonly day: string;
}

/** Distinct texts and who has them. */
export interface HomedTexts {
  readonly texts: readonly string[];
  /** By text; empty for one that no trace of the lake has, which is then asked for each time. */
  readonly homes: readonly (readonly TextHome[])[];
}

/** Vectors of texts, in their order. */
export interface TextRows {
  /** n x d, rows of length one. */
  readonly vectors: Float32Array;
  /** 0 where there are no texts. */
  readonly d: number;
}

/** What texts would cost. */
export interface EmbeddingForecast {
  readonly model: string;
  /** Texts of which the lake has no vector yet, repeats counted once. */
  readonly missing: number;
  /** In those, about, see `estimateTokens`. */
  readonly tokens: number;
  /** Null where nobody said what the model costs. */
  readonly costUsd: number | null;
}

/** Vectors of one append. */
const vectorsAtOnce = 2_000;

/** Texts that are hashed before others get the loop. */
const textsATurn = 2_000;

const wantedTable = "tracebook_wanted_texts";

/**
 * Vectors of distinct texts: what the lake has, and the model for the rest. What the model gives is put into the
 * lake of each unit that has the text as it comes, so that a call that is stopped or fails has lost nothing.
 *
 * @param scope  units whose kept vectors are read; those of others do not exist for it
 * @throws Fault `conflict` where the model gives other dimensions than it gave before, and those of the model
 */
export async function embedTexts(
  doors: EmbedDoors,
  scope: Scope,
  asked: HomedTexts,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal
): Promise<TextRows> {
  const plan = await planTexts(asked.texts, doors.embedder);
  const n = plan.texts.length;
  const rows = new RowStore(n, doors.embedder.model);
  const missing = await readKept(doors, scope, plan, signal, rows);
  onProgress(n - missing.length, n);
  if (missing.length > 0)
    await embedMissing(doors, scope, { ...plan, homes: asked.homes }, missing, rows, onProgress, signal);
  return { vectors: rows.expand(plan.rowOf), d: rows.d };
}

/** What `embedTexts` would ask the model for. */
export async function forecastTexts(
  doors: EmbedDoors,
  scope: Scope,
  texts: readonly string[],
  signal: AbortSignal
): Promise<EmbeddingForecast> {
  const { model, usdPerMillionTokens } = doors.embedder;
  const plan = await planTexts(texts, doors.embedder);
  const missing = await readKept(doors, scope, plan, signal, null);
  const tokens = missing.reduce((sum, row) => sum + estimateTokens(plan.texts[row]!), 0);
  const costUsd = missing.length === 0 ? 0 : usdPerMillionTokens === null ? null : (tokens * usdPerMillionTokens) / 1e6;
  return { model, missing: missing.length, tokens, costUsd };
}

/** Texts as they are asked for: cut, each once. */
interface TextPlan {
  readonly texts: readonly string[];
  readonly hashes: readonly string[];
  /** By text as given: its place among `texts`. */
  readonly rowOf: Int32Array;
  /** By place among `texts`: the first text as given. */
  readonly firstOf: readonly number[];
}

async function planTexts(given: readonly string[], { tokensPerText }: Embedder): Promise<TextPlan> {
  const known = new Map<string, number>();
  const texts: string[] = [];
  const firstOf: number[] = [];
  const rowOf = new Int32Array(given.length);
  for (const [at, text] of given.entries()) {
    if (at % textsATurn === textsATurn - 1) await new Promise((resolve) => setImmediate(resolve));
    const cut = cutText(text, tokensPerText);
    const hash = fingerprint([cut]);
    let row = known.get(hash);
    if (row === undefined) {
      row = texts.push(cut) - 1;
      firstOf.push(at);
      known.set(hash, row);
    }
    rowOf[at] = row;
  }
  return { texts, hashes: [...known.keys()], rowOf, firstOf };
}

/**
 * Reads the vectors that the lake has.
 *
 * @param rows  where they go; null only looks which are there
 * @returns the places of texts without one
 */
async function readKept(
  { lake, embedder }: EmbedDoors,
  scope: Scope,
  { hashes }: TextPlan,
  signal: AbortSignal,
  rows: RowStore | null
): Promise<readonly number[]> {
  const rowOf = new Map(hashes.map((hash, row) => [hash, row]));
  const isKept = new Uint8Array(hashes.length);
  // A kernel of its own: the one that a cell works in stands on the lake as it was before.
  const kernel = await lake.openKernel(scope);
  try {
    const model = { model: embedder.model };
    for (const d of await readDimensions(kernel, model, signal)) rows?.fix(d);
    await kernel.load(wantedTable, [{ name: "text_hash", type: "VARCHAR", values: hashes }]);
    const columns = rows ? "text_hash, vector" : "distinct text_hash";
    const sql = `select ${columns} from embeddings semi join ${wantedTable} using (text_hash) where model = $model`;
    for await (const chunk of kernel.stream(sql, model, signal)) {
      for (const { text_hash: hash, vector } of chunk) {
        const row = rowOf.get(String(hash))!;
        if (isKept[row] === 1) continue;
        isKept[row] = 1;
        rows?.read(row, String(vector));
      }
    }
  } finally {
    await kernel.close();
  }
  return Array.from(isKept.keys()).filter((row) => isKept[row] === 0);
}

async function readDimensions(
  kernel: Kernel,
  model: { readonly model: string },
  signal: AbortSignal
): Promise<number[]> {
  const found = await kernel.rows("select distinct dimension from embeddings where model = $model", model, 100, signal);
  return found.map(({ dimension }) => Number(dimension));
}

async function embedMissing(
  { lake, embedder }: EmbedDoors,
  scope: Scope,
  plan: TextPlan & Pick<HomedTexts, "homes">,
  missing: readonly number[],
  rows: RowStore,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal
): Promise<void> {
  const homesOf = (row: number) => plan.homes[plan.firstOf[row]!]!;
  // By day, so that one append writes into few partitions.
  const ordered = missing.toSorted((a, b) => compare(homesOf(a)[0], homesOf(b)[0]));
  const texts = ordered.map((row) => plan.texts[row]!);
  let waiting: Embedding[] = [];
  let done = plan.texts.length - missing.length;
  const keep = async () => {
    const some = waiting;
    waiting = [];
    if (some.length > 0) await lake.append(scope, { spans: [], scores: [], embeddings: some });
  };
  try {
    for await (const { of, vectors, d } of embedder.embed(texts, signal)) {
      rows.fix(d);
      for (const [at, place] of of.entries()) {
        const row = ordered[place]!;
        const vector = vectors.subarray(at * d, at * d + d);
        rows.write(row, vector);
        const { model } = embedder;
        for (const home of homesOf(row)) waiting.push({ ...home, model, textHash: plan.hashes[row]!, vector });
      }
      done += of.length;
      onProgress(done, plan.texts.length);
      if (waiting.length >= vectorsAtOnce) await keep();
    }
  } finally {
    await keep();
  }
}

function compare(a: TextHome | undefined, b: TextHome | undefined): number {
  const [left, right] = [`${a?.day} ${a?.businessUnit}`, `${b?.day} ${b?.businessUnit}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rows of one length, which the first of them decides. */
class RowStore {
  readonly #n: number;
  readonly #model: string;
  #vectors = new Float32Array(0);
  d = 0;

  constructor(n: number, model: string) {
    this.#n = n;
    this.#model = model;
  }

  /** @throws Fault `conflict` where another length is fixed already */
  fix(d: number): void {
    if (this.d === 0) {
      this.d = d;
      this.#vectors = new Float32Array(this.#n * d);
    } else if (this.d !== d) {
      throw new Fault(
        "conflict",
        `the model "${this.#model}" gives vectors of ${d} dimensions, but gave ${this.d} before`,
        {
          hint: `It is another model under the same name: set TRACEBOOK_EMBEDDINGS to "${this.#model}#2" to keep its vectors apart.`
        }
      );
    }
  }

  read(row: number, text: string): void {
    const out = this.#row(row);
    if (!readVector(text, out)) {
      throw new Fault("broken", `a kept vector of the model "${this.#model}" is not ${this.d} numbers`, {
        hint: "Check the lake: tracebook lake verify."
      });
    }
    scaleToOne(out);
  }

  write(row: number, vector: Float32Array): void {
    const out = this.#row(row);
    out.set(vector);
    scaleToOne(out);
  }

  /** One row per text as given; the store's own rows where each text is there once. */
  expand(rowOf: Int32Array): Float32Array {
    if (rowOf.every((row, at) => row === at)) return this.#vectors;
    const all = new Float32Array(rowOf.length * this.d);
    rowOf.forEach((row, at) => {
      all.set(this.#row(row), at * this.d);
    });
    return all;
  }

  #row(row: number): Float32Array {
    return this.#vectors.subarray(row * this.d, row * this.d + this.d);
  }
}

function scaleToOne(row: Float32Array): void {
  // Walked by index: `for of` over a typed array takes seven times as long.
  let sum = 0;
  for (let at = 0; at < row.length; at++) sum += row[at]! * row[at]!;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  for (let at = 0; at < row.length; at++) row[at]! *= scale;
}
