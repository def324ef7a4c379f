/** Vectors of some of the texts that were asked for, as they come. */
export interface EmbeddedTexts {
  /** Which of the texts, from 0, each once. */
  readonly of: readonly number[];
  /** of.length x d, finite, no row of zeros; the reader's own. */
  readonly vectors: Float32Array;
  /** Dimensions; the same in every piece of one call. */
  readonly d: number;
}

/** A model that turns texts into vectors. */
export interface Embedder {
  /** What its vectors are kept under: two embedders of one name give the same vectors. */
  readonly model: string;
  /** US dollars per million tokens; null where nobody said. */
  readonly usdPerMillionTokens: number | null;
  /** A longer text is cut to about so many tokens before it is asked for, see `cutText`. */
  readonly tokensPerText: number;

  /**
   * Embeds texts, none of them empty, and gives pieces as they are there, in any order. Nothing is asked for
   * again that was given.
   *
   * @throws Fault `limit` "stopped" when aborted, `denied` for a refused key, `broken` when the model gives no usable
   *         vectors; what was given before stands
   */
  embed(texts: readonly string[], signal: AbortSignal): AsyncIterable<EmbeddedTexts>;

  close(): Promise<void>;
}
