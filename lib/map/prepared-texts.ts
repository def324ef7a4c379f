import { type Boilerplate, cleanerOf, findBoilerplate } from "./boilerplate.ts";
import { type DistinctTexts, foldTexts } from "./texts.ts";

/** Texts as a map stands on them: cleaned, without what is the same everywhere, each once. */
export interface PreparedTexts {
  readonly folded: DistinctTexts;
  readonly boilerplate: Boilerplate;
}

/** @param boilerplate  of the map that the texts come to; found in them where there is none yet */
export function prepareTexts(texts: readonly string[], boilerplate = findBoilerplate(texts)): PreparedTexts {
  return { folded: foldTexts(texts, cleanerOf(boilerplate)), boilerplate };
}

/** Vectors of prepared texts that a model gave. */
export interface GivenVectors {
  readonly prepared: PreparedTexts;
  /** Distinct texts x d, in their order. */
  readonly vectors: Float32Array;
  readonly d: number;
  /** What the vectors are kept under. */
  readonly model: string;
}
