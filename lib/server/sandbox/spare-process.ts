import { SandboxProcess } from "./process.ts";
import type { Walls } from "./walls.ts";

/** Starts sandboxed processes and keeps at most one that waits, so that the next scorer need not wait for a start. */
export class SpareProcess {
  readonly #walls: Walls;
  readonly #script: string;
  #spare: { readonly memoryBytes: number; readonly process: SandboxProcess } | null = null;
  #isClosed = false;

  constructor(walls: Walls, script: string) {
    this.#walls = walls;
    this.#script = script;
  }

  /** A process of its own for the caller, who ends it; the one that waits where it has the same limit and still lives. */
  take(memoryBytes: number): SandboxProcess {
    const spare = this.#spare;
    if (spare?.memoryBytes === memoryBytes && spare.process.isAlive) {
      this.#spare = null;
      return spare.process;
    }
    return new SandboxProcess(this.#walls, this.#script, memoryBytes);
  }

  /** Starts the one that waits, unless it is there already; another limit replaces it. */
  prepare(memoryBytes: number): void {
    if (this.#isClosed || (this.#spare?.memoryBytes === memoryBytes && this.#spare.process.isAlive)) return;
    this.#spare?.process.kill();
    this.#spare = { memoryBytes, process: new SandboxProcess(this.#walls, this.#script, memoryBytes) };
  }

  close(): void {
    this.#isClosed = true;
    this.#spare?.process.kill();
    this.#spare = null;
  }
}
