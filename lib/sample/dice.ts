import { seededNormal, seededRandom } from "../math/random.ts";

/** Seeded choices, so that the same seed writes the same sample. */
export class Dice {
  private readonly random: () => number;
  private readonly normal: () => number;
  /** False where no failure shall be planted. */
  readonly plants: boolean;

  constructor(seed: number, plants = true) {
    this.plants = plants;
    this.random = seededRandom(seed);
    this.normal = seededNormal(seed ^ 0x5bd1e995);
  }

  /** In [0, 1). */
  fraction(): number {
    return this.random();
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** Whether a failure is planted; a number is drawn either way. */
  plant(probability: number): boolean {
    return this.chance(probability) && this.plants;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!;
  }

  /** Different items, as many as asked for or as there are. */
  several<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && left.length > 0) {
      chosen.push(...left.splice(Math.floor(this.random() * left.length), 1));
    }
    return chosen;
  }

  /** An index, drawn in proportion to the weights. */
  weighted(weights: readonly number[]): number {
    let rest = this.random() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      rest -= weight;
      if (rest < 0) return index;
    }
    return weights.length - 1;
  }

  /** Log-normal around a median, as durations are. */
  duration(medianMs: number, spread = 0.35): number {
    return Math.max(1, medianMs * Math.exp(spread * this.normal()));
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += Math.floor(this.random() * 16).toString(16);
    return /^0+$/.test(text) ? `${text.slice(1)}1` : text;
  }

  /** Fills `{name}` places of a text from lists of choices; a name without a list stays as it is. */
  fill(text: string, choices: Readonly<Record<string, string | readonly string[]>>): string {
    return text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const choice = choices[name];
      return choice === undefined ? place : typeof choice === "string" ? choice : this.pick(choice);
    });
  }
}
