import { FORCE_CLIP, FORCE_FIRST, FORCE_SHIFT, FORCE_SIZE } from "./force-tables.ts";
import type { LayoutRun, LayoutTask } from "./kernels.ts";
import { DRAWN_USES, layoutDice } from "./layout-dice.ts";

/** The layout in plain TypeScript: what wasm/layout.ts does, step by step in the same 32-bit numbers. */
export class PlainLayout implements LayoutRun {
  private readonly task: LayoutTask;
  private readonly next: Float32Array;
  private readonly places: Float32Array;
  private readonly dice: Int32Array;
  private readonly drawn: Int32Array;
  private readonly squared = new Float32Array(1);
  private readonly bits = new Int32Array(this.squared.buffer);

  constructor(task: LayoutTask) {
    this.task = task;
    this.next = task.every.slice();
    this.places = Float32Array.from(task.start);
    this.dice = layoutDice(task.seed);
    this.drawn = new Int32Array(DRAWN_USES * task.negatives);
  }

  runEpoch(epoch: number, rate: number): void {
    const { head, tail, every, negatives } = this.task;
    const rate32 = Math.fround(rate);
    let drawn = this.drawn.length;
    for (let edge = 0; edge < head.length; edge++) {
      if (this.next[edge]! > epoch) continue;
      this.next[edge]! += every[edge]!;
      if (drawn === this.drawn.length) {
        this.drawPoints();
        drawn = 0;
      }
      this.moveAlong(head[edge]! * 2, tail[edge]! * 2, drawn, rate32);
      drawn += negatives;
    }
  }

  positions(): Float64Array {
    return Float64Array.from(this.places);
  }

  private drawPoints(): void {
    const { dice, drawn } = this;
    const { n } = this.task;
    for (let at = 0; at < drawn.length; at++) {
      let state = dice[at & 3]!;
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      dice[at & 3] = state;
      drawn[at] = Math.floor(((state >>> 0) * n) / 4294967296);
    }
  }

  private moveAlong(from: number, to: number, drawn: number, rate: number): void {
    const { places } = this;
    const { tables, negatives } = this.task;
    const { pull, push } = tables;
    const round = Math.fround;
    let x = places[from]!;
    let y = places[from + 1]!;
    let dx = round(x - places[to]!);
    let dy = round(y - places[to + 1]!);
    const force = pull[this.slotOf(dx, dy)]!;
    dx = round(clip(round(dx * force)) * rate);
    dy = round(clip(round(dy * force)) * rate);
    x = round(x + dx);
    y = round(y + dy);
    places[to] = places[to]! - dx;
    places[to + 1] = places[to + 1]! - dy;
    // A point drawn for itself must find itself where it is now.
    places[from] = x;
    places[from + 1] = y;

    // Whole fours are summed in four lanes, as a vector register does; the rest one after another.
    const fours = negatives - (negatives % 4);
    const sumX = [0, 0, 0, 0];
    const sumY = [0, 0, 0, 0];
    let moveX = 0;
    let moveY = 0;
    for (let sample = 0; sample < negatives; sample++) {
      const other = this.drawn[drawn + sample]! * 2;
      dx = round(x - places[other]!);
      dy = round(y - places[other + 1]!);
      const away = push[this.slotOf(dx, dy)]!;
      dx = clip(round(dx * away));
      dy = clip(round(dy * away));
      if (sample < fours) {
        const lane = sample & 3;
        sumX[lane] = round(sumX[lane]! + dx);
        sumY[lane] = round(sumY[lane]! + dy);
        if (sample < fours - 1) continue;
        moveX = sumOfLanes(sumX);
        moveY = sumOfLanes(sumY);
      } else {
        moveX = round(moveX + dx);
        moveY = round(moveY + dy);
      }
    }
    places[from] = x + round(moveX * rate);
    places[from + 1] = y + round(moveY * rate);
  }

  private slotOf(dx: number, dy: number): number {
    this.squared[0] = Math.fround(dx * dx) + Math.fround(dy * dy);
    const slot = (this.bits[0]! >> FORCE_SHIFT) - FORCE_FIRST;
    return slot < 0 ? 0 : slot >= FORCE_SIZE ? FORCE_SIZE - 1 : slot;
  }
}

function clip(value: number): number {
  return value > FORCE_CLIP ? FORCE_CLIP : value < -FORCE_CLIP ? -FORCE_CLIP : value;
}

function sumOfLanes(lanes: readonly number[]): number {
  return Math.fround(Math.fround(lanes[0]! + lanes[2]!) + Math.fround(lanes[1]! + lanes[3]!));
}
