import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { ScopeKernels } from "./scope-kernels.ts";
import type { ReadGround } from "./score-subjects.ts";

/** A trace by its id, and what should have come out of it. */
export interface ChosenTrace {
  readonly traceId: string;
  readonly expected?: Json;
}

type Row = Readonly<Record<string, unknown>>;

interface Kept {
  readonly rows: readonly Row[];
  readonly size: number;
  readonly untilMs: number;
}

/** Chosen traces as a table of two columns; `$chosen` is a JSON list of them. */
export const chosenSql = `(select item->>'traceId' as trace_id, item->'expected' as expected
  from (select unnest($chosen::json[]) as item))`;

/** How long rows are taken as they were, and characters of all that are kept. */
const [keepMs, mostSize] = [30_000, 32_000_000];

/**
 * What was read of chosen traces, kept for as long as somebody types: reading them from the lake takes longer than
 * scoring them, and they stay the same meanwhile.
 */
export class KeptRows {
  readonly #kernels: Pick<ScopeKernels, "use">;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(kernels: Pick<ScopeKernels, "use">, clock: Clock) {
    this.#kernels = kernels;
    this.#clock = clock;
  }

  /** Where a scope reads these traces from `chosenSql`. What it may not see is not there. */
  ground(scope: Scope, traces: readonly ChosenTrace[], signal: AbortSignal): ReadGround {
    const chosen = JSON.stringify(traces);
    const key = `${scopeKey(scope)} ${chosen}`;
    const stream: Kernel["stream"] = (sql) => this.#read(scope, `${key} ${sql}`, sql, chosen, signal);
    return { kernel: { stream }, signal };
  }

  async *#read(scope: Scope, key: string, sql: string, chosen: string, signal: AbortSignal) {
    const now = this.#clock.nowMs();
    for (const [old, { untilMs }] of this.#kept) if (untilMs < now) this.#forget(old);
    yield await this.#kernels.use(scope, async (kernel) => {
      // What a unit hides now must not come from before.
      const shown = `${kernel.maskKey} ${key}`;
      const kept = this.#kept.get(shown);
      if (kept) return kept.rows;
      const rows: Row[] = [];
      for await (const part of kernel.stream(sql, { chosen }, signal)) rows.push(...part);
      this.#keep(shown, rows, now);
      return rows;
    });
  }

  #keep(key: string, rows: readonly Row[], now: number): void {
    const size = key.length + rows.reduce((sum, row) => sum + sizeOf(row), 0);
    if (size > mostSize) return;
    this.#forget(key);
    this.#kept.set(key, { rows, size, untilMs: now + keepMs });
    this.#size += size;
    for (const [oldest] of this.#kept) if (this.#size > mostSize) this.#forget(oldest);
  }

  #forget(key: string): void {
    this.#size -= this.#kept.get(key)?.size ?? 0;
    this.#kept.delete(key);
  }
}

function sizeOf(row: Row): number {
  return Object.values(row).reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 8), 0);
}
