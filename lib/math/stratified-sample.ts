import { textHash } from "./random.ts";

/** A part of a population that is sampled by itself. */
export interface Stratum {
  /** Strata of one group may be put together, those of two never. */
  readonly group: string;
  readonly name: string;
  /** Members, at least 1. */
  readonly size: number;
}

/** How many of a stratum are drawn. */
export interface StratumShare extends Stratum {
  /** 1 to `size`. */
  readonly take: number;
  /** Exactly `take / size`: the chance of each member. */
  readonly probability: number;
  /** Names of the strata that were put together in it; its own where none were. */
  readonly members: readonly string[];
}

/** What stands for the smallest strata of a group where there are too many. */
export const restName = "the rest";

/**
 * Says how many of each stratum are drawn, so that each member of the population has a chance. Where there are more
 * strata than places, the smallest of a group are put together.
 *
 * @param count   members drawn in all, at least 1; all of a smaller population
 * @param spread  `proportional` to size by Webster's method with at least one each, or `equal` as far as sizes allow
 * @returns in the order given, what was put together last; undefined when there are more groups than places
 */
export function shareSample(
  strata: readonly Stratum[],
  count: number,
  spread: "proportional" | "equal"
): readonly StratumShare[] | undefined {
  const folded = foldStrata(strata, count);
  if (!folded) return undefined;
  const takes = folded.map(() => 1);
  const total = folded.reduce((sum, { size }) => sum + size, 0);
  for (let left = Math.min(count, total) - folded.length; left > 0; left--) {
    let best = -1;
    let highest = -1;
    folded.forEach(({ size }, at) => {
      const take = takes[at] ?? 0;
      const claim = (spread === "equal" ? 1 : size) / (2 * take + 1);
      if (take < size && claim > highest) [best, highest] = [at, claim];
    });
    takes[best] = (takes[best] ?? 0) + 1;
  }
  return folded.map((stratum, at) => {
    const take = takes[at] ?? 0;
    return { ...stratum, take, probability: take / stratum.size };
  });
}

type FoldedStratum = Stratum & Pick<StratumShare, "members">;

/** At most `most` strata, the smallest of each group put together; undefined when there are more groups than that. */
function foldStrata(strata: readonly Stratum[], most: number): readonly FoldedStratum[] | undefined {
  const kept = new Set(strata);
  const rests = new Map<string, Stratum[]>();
  const smallestFirst = strata.map((stratum, at) => ({ stratum, at }));
  smallestFirst.sort((a, b) => a.stratum.size - b.stratum.size || b.at - a.at);
  for (const { stratum } of smallestFirst) {
    if (kept.size + rests.size <= most) break;
    kept.delete(stratum);
    rests.set(stratum.group, [...(rests.get(stratum.group) ?? []), stratum]);
  }
  if (kept.size + rests.size > most) return undefined;
  return [
    ...strata.filter((stratum) => kept.has(stratum)).map((stratum) => ({ ...stratum, members: [stratum.name] })),
    ...[...rests].map(([group, parts]) => ({
      group,
      name: parts.length === 1 && parts[0] ? parts[0].name : restName,
      size: parts.reduce((sum, { size }) => sum + size, 0),
      members: parts.map(({ name }) => name)
    }))
  ];
}

/**
 * A number in [0, 1) that a seed gives a text: the same always, and for another seed or text another.
 *
 * @see the finaliser of MurmurHash3 over FNV-1a
 */
export function seededShare(seed: number, text: string): number {
  return mix(mix(textHash(text)) ^ mix(seed | 0x9e3779b9) ^ seed) / 4294967296;
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Keeps, of all that it is offered, those with the lowest ranks: a simple random sample where ranks are drawn by chance. */
export class LowestRanks<T> {
  readonly #most: number;
  #held: { readonly rank: number; readonly key: string; readonly value: T }[] = [];

  /** @param most  how many are kept, at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param key  decides between equal ranks */
  offer(rank: number, key: string, value: T): void {
    this.#held.push({ rank, key, value });
    if (this.#held.length >= 2 * this.#most + 64) this.#trim();
  }

  /** What is kept, the lowest first. */
  list(): readonly { readonly rank: number; readonly key: string; readonly value: T }[] {
    this.#trim();
    return this.#held;
  }

  #trim(): void {
    this.#held.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
    this.#held.length = Math.min(this.#held.length, this.#most);
  }
}
