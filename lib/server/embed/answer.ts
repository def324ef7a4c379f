import { Fault } from "#lib/model/fault.ts";

/**
 * The vectors of an answer of OpenAI's protocol, whose embeddings are lists of numbers or base64 of 32-bit ones.
 *
 * @param answer  its parsed JSON
 * @param n       texts that were asked for
 * @param where   who answered, for the fault
 * @throws Fault `broken` for another count, other numbers, vectors of zeros, or vectors of unequal length
 */
export function readAnswer(
  answer: unknown,
  n: number,
  where: string
): { readonly vectors: Float32Array; readonly d: number } {
  const data = (answer as { readonly data?: unknown } | null)?.data;
  if (!Array.isArray(data)) throw new Fault("broken", `${where} answered with something that is no list of embeddings`);
  if (data.length !== n) {
    throw new Fault(
      "broken",
      `${where} gave ${data.length} ${data.length === 1 ? "vector" : "vectors"} for ${n} texts`,
      {
        hint: "It may not take so many texts at once."
      }
    );
  }
  const rows = data.map((item, at) => readRow(item, at, where));
  const ordered = new Array<Float32Array | undefined>(n).fill(undefined);
  rows.forEach(({ index, vector }) => {
    ordered[index] = vector;
  });
  const d = rows[0]?.vector.length ?? 0;
  const vectors = new Float32Array(n * d);
  for (const [at, vector] of ordered.entries()) {
    if (!vector) throw new Fault("broken", `${where} gave no vector for text ${at + 1} of ${n}, and two for another`);
    if (vector.length !== d) {
      throw new Fault("broken", `${where} gave vectors of ${d} dimensions and of ${vector.length} in one answer`, {
        hint: "All vectors of a map must come from one model."
      });
    }
    checkRow(vector, `${where} gave a vector for text ${at + 1} of ${n}`);
    vectors.set(vector, at * d);
  }
  return { vectors, d };
}

/** @throws Fault `broken` for a vector of no direction. @param what  begins the sentence */
export function checkRow(vector: Float32Array, what: string): void {
  const wrong = vector.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Fault("broken", `${what} that holds ${wrong}`);
  if (vector.length === 0) throw new Fault("broken", `${what} that has no numbers`);
  if (vector.every((value) => value === 0)) throw new Fault("broken", `${what} that is all zeros`);
}

function readRow(item: unknown, at: number, where: string): { readonly index: number; readonly vector: Float32Array } {
  const { embedding, index = at } = (item ?? {}) as { readonly embedding?: unknown; readonly index?: unknown };
  const vector = Array.isArray(embedding)
    ? Float32Array.from(embedding as unknown[], (value) => (typeof value === "number" ? value : Number.NaN))
    : typeof embedding === "string"
      ? readBase64(embedding)
      : undefined;
  if (!vector || !Number.isInteger(index)) {
    throw new Fault("broken", `${where} gave something that is no vector for text ${at + 1}`);
  }
  return { index: index as number, vector };
}

function readBase64(text: string): Float32Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length % 4 === 0 ? new Float32Array(new Uint8Array(bytes).buffer) : undefined;
}
