import { Fault } from "../model/fault.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { exactNeighbours } from "./neighbours.ts";
import { type GivenVectors, prepareTexts } from "./prepared-texts.ts";
import { buildTextVectors, takeVectors } from "./text-vectors.ts";
import { wordsOf } from "./texts.ts";
import { buildWordTable } from "./vocabulary.ts";

/** Some of a map's traces that are to be laid out without the others; one text per trace. */
export interface PartInput {
  readonly texts: readonly string[];
  readonly seed: number;
  /** Neighbours per text, itself among them, 2..200. */
  readonly neighbours: number;
  /** Vectors of these very texts that a model gave; without them they are made here, of these texts alone. */
  readonly given?: GivenVectors | null;
}

/** Distinct texts and the nearest of each among them: what a layout of them needs, and no word of theirs. */
export interface TextNeighbours extends Neighbours {
  /** Per trace its distinct text, or -1 without text. */
  readonly owner: Int32Array;
  /** Traces of each distinct text. */
  readonly counts: Int32Array;
}

/** Fewer texts have no layout to speak of. */
const leastTexts = 5;

/**
 * Finds the nearest of each text among some texts alone. Repeats are one text: umap-js takes quadratic time over them.
 *
 * @throws Fault `invalid` for fewer than five distinct texts
 */
export function findTextNeighbours({ texts, seed, neighbours, given = null }: PartInput): TextNeighbours {
  const { folded } = given?.prepared ?? prepareTexts(texts);
  const n = folded.texts.length;
  if (n < leastTexts) throw tooFew(n, texts.length);
  const { vectors, d } = given
    ? takeVectors(folded.texts, given.vectors, given.d, given.model)
    : buildTextVectors(folded.texts, buildWordTable(folded.texts.map(wordsOf)), seed);
  // umap-js refuses as many points as neighbours.
  const near = exactNeighbours(vectors, n, d, Math.min(neighbours, n - 1));
  return { ...near, owner: folded.owner, counts: folded.counts };
}

function tooFew(texts: number, traces: number): Fault {
  const [those, say] = traces === 1 ? ["the trace", "says"] : [`the ${traces.toLocaleString("en-US")} traces`, "say"];
  const what = texts === 0 ? "nothing" : texts === 1 ? "one and the same" : `${texts} different things`;
  return new Fault("invalid", `${those} ${say} ${what}: a layout needs at least ${leastTexts} different texts`, {
    hint: "Select more points, or read these as a list."
  });
}
