import { FORCE_SIZE } from "./force-tables.ts";
import type { KernelMemory } from "./kernel-memory.ts";
import type { LayoutRun, LayoutTask } from "./kernels.ts";
import { DRAWN_USES, layoutDice } from "./layout-dice.ts";

/** The layout by wasm/layout.ts. */
export class WasmLayout implements LayoutRun {
  private readonly memory: KernelMemory;
  private readonly n: number;
  private readonly positionsAt: number;

  constructor(memory: KernelMemory, task: LayoutTask) {
    const { n, head, tail, every, start, tables, negatives } = task;
    // The kernel looks at four edges at once; those that fill up the last four are never due.
    const edges = Math.ceil(head.length / 4) * 4;
    const at = memory.layOut({
      head: edges * 4,
      tail: edges * 4,
      every: edges * 4,
      next: edges * 4,
      positions: n * 8,
      pull: FORCE_SIZE * 4,
      push: FORCE_SIZE * 4,
      dice: 16,
      drawn: DRAWN_USES * negatives * 4
    });
    memory.integers(at.head, edges).set(head);
    memory.integers(at.tail, edges).set(tail);
    memory.floats(at.every, edges).set(every);
    const next = memory.floats(at.next, edges);
    next.fill(Infinity);
    next.set(every);
    memory.floats(at.positions, n * 2).set(start);
    memory.floats(at.pull, FORCE_SIZE).set(tables.pull);
    memory.floats(at.push, FORCE_SIZE).set(tables.push);
    memory.integers(at.dice, 4).set(layoutDice(task.seed));
    memory.exports.openLayout(
      n,
      edges,
      negatives,
      at.head,
      at.tail,
      at.every,
      at.next,
      at.positions,
      at.pull,
      at.push,
      at.dice,
      at.drawn
    );
    this.memory = memory;
    this.n = n;
    this.positionsAt = at.positions;
  }

  runEpoch(epoch: number, rate: number): void {
    this.memory.exports.runEpoch(epoch, rate);
  }

  positions(): Float64Array {
    return Float64Array.from(this.memory.floats(this.positionsAt, this.n * 2));
  }
}
