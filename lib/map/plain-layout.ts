import { FORCE_CLIP, FORCE_SHIFT } from "./force-tables.ts";
import type { LayoutRun, LayoutTask } from "./kernels.ts";
import { LayoutDice } from "./layout-dice.ts";

/** The layout in plain TypeScript: what wasm/layout.ts does, step by step in the same 32-bit numbers. */
export class PlainLayout implements LayoutRun {
  private readonly task: LayoutTask;
  private readonly places: Float32Array;
  /** Where points stood when the epoch began. */
  private readonly stand: Float32Array;
  private readonly dice: LayoutDice;
  private readonly squared = new Float32Array(1);
  private readonly bits = new Uint32Array(this.squared.buffer);

  constructor(task: LayoutTask) {
    this.task = task;
    this.places = Float32Array.from(task.start);
    this.stand = new Float32Array(task.n * 2);
    this.dice = new LayoutDice(task.n, task.seed);
  }

  runEpoch(epoch: number, rate: number): void {
    const { n, rows, tail, uses, negatives } = this.task;
    const { places, dice, stand } = this;
    const round = Math.fround;
    const rate32 = round(rate);
    stand.set(places);
    let four = dice.drawFour(epoch);
    let owed = 0;
    for (let i = 0; i < n; i++) {
      const due: number[] = [];
      for (let at = rows[i]!; at < rows[i + 1]!; at++) {
        const [now, later] = [round(uses[at]! * epoch), round(uses[at]! * (epoch + 1))];
        if (Math.floor(later) !== Math.floor(now)) due.push(tail[at]!);
      }
      owed += due.length * negatives;
      // Whole fours are summed in four lanes, as a vector register does.
      const fours = owed >> 2;
      owed &= 3;
      const [x, y] = this.pushOf(i, four, fours);
      four = (four + fours) % dice.fours;
      const [shareX, shareY] = [round(round(x * rate32) / due.length), round(round(y * rate32) / due.length)];
      for (const other of due) {
        this.pullTogether(i, other, rate32);
        places[i * 2]! += shareX;
        places[i * 2 + 1]! += shareY;
      }
    }
  }

  positions(): Float64Array {
    return Float64Array.from(this.places);
  }

  /** How so many fours of points push a point, all from where it is. */
  private pushOf(i: number, four: number, fours: number): readonly [number, number] {
    const { places, stand, dice } = this;
    const { push } = this.task.tables;
    const round = Math.fround;
    const [sumX, sumY] = [new Float32Array(4), new Float32Array(4)];
    for (let place = four * 4; place < (four + fours) * 4; place++) {
      const other = dice.order[place % dice.order.length]!;
      const dx = round(places[i * 2]! - stand[other * 2]!);
      const dy = round(places[i * 2 + 1]! - stand[other * 2 + 1]!);
      const away = other === i ? 0 : push[this.slotOf(dx, dy)]!;
      sumX[place & 3]! += clip(round(dx * away));
      sumY[place & 3]! += clip(round(dy * away));
    }
    return [sumOfLanes(sumX), sumOfLanes(sumY)];
  }

  private pullTogether(i: number, other: number, rate: number): void {
    const { places } = this;
    const { pull } = this.task.tables;
    const round = Math.fround;
    const [from, to] = [i * 2, other * 2];
    let dx = round(places[from]! - places[to]!);
    let dy = round(places[from + 1]! - places[to + 1]!);
    const force = pull[this.slotOf(dx, dy)]!;
    dx = round(clip(round(dx * force)) * rate);
    dy = round(clip(round(dy * force)) * rate);
    places[from]! += dx;
    places[from + 1]! += dy;
    places[to]! -= dx;
    places[to + 1]! -= dy;
  }

  private slotOf(dx: number, dy: number): number {
    this.squared[0] = Math.fround(dx * dx) + Math.fround(dy * dy);
    return this.bits[0]! >>> FORCE_SHIFT;
  }
}

function clip(value: number): number {
  return value > FORCE_CLIP ? FORCE_CLIP : value < -FORCE_CLIP ? -FORCE_CLIP : value;
}

function sumOfLanes(lanes: Float32Array): number {
  return Math.fround(Math.fround(lanes[0]! + lanes[2]!) + Math.fround(lanes[1]! + lanes[3]!));
}
