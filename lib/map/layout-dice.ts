import { seededRandom } from "../math/random.ts";

/** Whom points are pushed from: all points in one order by chance, walked along by fours from a new place each epoch. */
export class LayoutDice {
  /** Four times `fours` ids; all points, the last four filled up from the front. */
  readonly order: Int32Array;
  readonly fours: number;
  private readonly random: () => number;
  private drawn = 0;

  constructor(n: number, seed: number) {
    this.random = seededRandom(seed);
    this.fours = Math.ceil(n / 4);
    this.order = Int32Array.from({ length: this.fours * 4 }, (_, at) => at);
    for (let at = n - 1; at > 0; at--) {
      const other = Math.floor(this.random() * (at + 1));
      const id = this.order[at]!;
      this.order[at] = this.order[other]!;
      this.order[other] = id;
    }
    for (let at = n; at < this.order.length; at++) this.order[at] = this.order[at - n]!;
  }

  /** The four that an epoch begins at; what epochs before it would have drawn is drawn, too, where they were not run here. */
  drawFour(epoch: number): number {
    for (; this.drawn < epoch; this.drawn++) this.random();
    this.drawn++;
    return Math.floor(this.random() * this.fours);
  }
}
