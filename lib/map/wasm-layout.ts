import { FORCE_SIZE } from "./force-tables.ts";
import type { KernelMemory } from "./kernel-memory.ts";
import type { LayoutRun, LayoutTask } from "./kernels.ts";
import { LayoutDice } from "./layout-dice.ts";

/** The layout by wasm/layout.ts. */
export class WasmLayout implements LayoutRun {
  private readonly memory: KernelMemory;
  private readonly n: number;
  private readonly positionsAt: number;
  private readonly dice: LayoutDice;

  constructor(memory: KernelMemory, task: LayoutTask) {
    const { n, rows, tail, uses, start, tables, negatives } = task;
    this.dice = new LayoutDice(n, task.seed);
    // The kernel looks at four edges at once; those that fill up a row are never due.
    let [fours, most] = [0, 0];
    for (let i = 0; i < n; i++) {
      const own = (rows[i + 1]! - rows[i]! + 3) >> 2;
      fours += own;
      if (own > most) most = own;
    }
    const at = memory.layOut({
      rows: (n + 1) * 4,
      tail: fours * 16,
      uses: fours * 16,
      positions: n * 8,
      stand: this.dice.fours * 48,
      pull: FORCE_SIZE * 4,
      push: FORCE_SIZE * 4,
      pack: 256,
      due: (most + 1) * 16
    });
    const ownRows = memory.integers(at.rows, n + 1);
    const ownTail = memory.integers(at.tail, fours * 4);
    const ownUses = memory.floats(at.uses, fours * 4);
    ownUses.fill(0);
    let four = 0;
    for (let i = 0; i < n; i++) {
      ownRows[i] = four;
      for (let from = rows[i]!, to = four * 4; from < rows[i + 1]!; from++, to++) {
        ownTail[to] = tail[from]!;
        ownUses[to] = uses[from]!;
      }
      four += (rows[i + 1]! - rows[i]! + 3) >> 2;
    }
    ownRows[n] = four;
    memory.floats(at.positions, n * 2).set(start);
    const stand = memory.integers(at.stand, this.dice.fours * 12);
    this.dice.order.forEach((id, place) => {
      stand[(place >> 2) * 12 + 8 + (place & 3)] = id;
    });
    memory.floats(at.pull, FORCE_SIZE).set(tables.pull);
    memory.floats(at.push, FORCE_SIZE).set(tables.push);
    memory.bytes(at.pack, 256).set(packing());
    memory.exports.openLayout(
      n,
      negatives,
      at.rows,
      at.tail,
      at.uses,
      at.positions,
      at.stand,
      at.pull,
      at.push,
      at.pack,
      at.due
    );
    this.memory = memory;
    this.n = n;
    this.positionsAt = at.positions;
  }

  runEpoch(epoch: number, rate: number): void {
    this.memory.exports.runEpoch(epoch, rate, this.dice.drawFour(epoch));
  }

  positions(): Float64Array {
    return Float64Array.from(this.memory.floats(this.positionsAt, this.n * 2));
  }
}

/** For each choice among four numbers, the bytes that bring the chosen ones to the front. */
function packing(): Uint8Array {
  const bytes = new Uint8Array(256).fill(255);
  for (let choice = 0; choice < 16; choice++) {
    let to = choice * 16;
    for (let lane = 0; lane < 4; lane++) {
      if ((choice & (1 << lane)) === 0) continue;
      for (let byte = 0; byte < 4; byte++) bytes[to++] = lane * 4 + byte;
    }
  }
  return bytes;
}
