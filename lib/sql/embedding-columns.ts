import type { Embedding } from "../model/embedding.ts";
import { formatTimestampMs } from "./span-columns.ts";

/** Columns of `embeddings` in the lake's files. A vector is the base64 of its 32-bit numbers, little-endian. */
export const embeddingColumns = {
  model: "VARCHAR",
  text_hash: "VARCHAR",
  dimension: "INTEGER",
  vector: "VARCHAR",
  embedded_at: "TIMESTAMP"
} as const;

/** An embedding as JSON keeps it in a fresh batch. */
export function formatEmbeddingRow(
  { model, textHash, vector }: Embedding,
  embeddedAtMs: number
): { readonly [name in keyof typeof embeddingColumns]: unknown } {
  return {
    model,
    text_hash: textHash,
    dimension: vector.length,
    vector: new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).toBase64(),
    embedded_at: formatTimestampMs(embeddedAtMs)
  };
}

/** Writes the numbers of a kept vector into `out`. @returns false where they are not as many as `out` has room for */
export function readVector(text: string, out: Float32Array): boolean {
  const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  const { read, written } = bytes.setFromBase64(text);
  return written === bytes.length && read === text.length;
}
