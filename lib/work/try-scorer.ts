import { Fault } from "#lib/model/fault.ts";
import type { MapGround } from "#lib/model/kept-map.ts";
import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { HandfulReply, HandfulRequest, TryReply, TryRequest } from "#lib/wire/bench.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { chooseUse, listUses, requireScorer } from "#lib/workbook/scorer-uses.ts";
import type { BenchDoors } from "./bench-doors.ts";
import { chooseHandful } from "./bench-traces.ts";
import type { CellLimits } from "./cell-context.ts";
import { defaultLimits } from "./desk-doors.ts";
import { KeptRows } from "./kept-rows.ts";
import type { ScopeKernels } from "./scope-kernels.ts";
import { narrowScope } from "./session-run.ts";
import { describeCalls } from "./tried-calls.ts";
import { tryAsking, tryPlain } from "./try-asking.ts";
import { tryJudge } from "./try-judge.ts";

/** Tries under way at once, of everyone. */
const mostTries = 8;

type Limits = Pick<CellLimits, "scorerTimeoutMs" | "scorerMemoryBytes">;

/** What a try works on. */
type Tried = Pick<TryRequest, "use" | "traces" | "bench" | "spend">;

/** Tries scorers while they are written, on a handful of traces, in the sandbox alone. Nothing of it is kept. */
export class ScorerBench {
  readonly #doors: BenchDoors;
  readonly #rows: KeptRows;
  readonly #limits: Limits;
  readonly #underWay = new Map<string, AbortController>();

  constructor(doors: BenchDoors, kernels: Pick<ScopeKernels, "use">, limits: Limits = defaultLimits) {
    this.#doors = doors;
    this.#rows = new KeptRows(kernels, doors.clock);
    this.#limits = limits;
  }

  /** Traces to try a scorer on; see `chooseHandful`. */
  handful(scope: Scope, ground: MapGround, wish: HandfulRequest, signal: AbortSignal): Promise<HandfulReply> {
    return chooseHandful(this.#doors, scope, ground, wish, signal);
  }

  /**
   * A scorer or judge as it is written now, on some traces. A later try of the same open page ends the one before.
   *
   * @param ground  its cell is the scorer or judge
   * @throws Fault `invalid` with the position where it does not compile; `limit` when it is stopped, when a newer try
   * takes its place, or when too many are under way
   */
  async try(scope: Scope, ground: MapGround, asked: Tried, signal: AbortSignal): Promise<TryReply> {
    const key = JSON.stringify([scopeKey(scope), scope.userId, ground.workbook, ground.cell, asked.bench]);
    this.#underWay.get(key)?.abort(new Fault("limit", "a newer try has taken its place"));
    if (!this.#underWay.has(key) && this.#underWay.size >= mostTries) {
      throw new Fault("limit", `${mostTries} scorers are being tried at this moment`, {
        hint: "Type on, or wait a little."
      });
    }
    const abort = new AbortController();
    this.#underWay.set(key, abort);
    const both = AbortSignal.any([signal, abort.signal]);
    try {
      return await this.#try(scope, ground, asked, both);
    } catch (error) {
      if (abort.signal.aborted) throw abort.signal.reason;
      throw error;
    } finally {
      if (this.#underWay.get(key) === abort) this.#underWay.delete(key);
    }
  }

  async #try(scope: Scope, ground: MapGround, asked: Tried, signal: AbortSignal): Promise<TryReply> {
    const workbook = parseWorkbook(ground.text);
    const cell = requireScorer(workbook, ground.cell);
    if (cell.kind === "judge") return tryJudge(this.#doors, scope, ground, cell, asked, signal);
    const { compiler, sandbox } = this.#doors;
    const use = chooseUse(listUses(workbook, cell), asked.use);
    const compiled = await compiler.compile(cell.text, use?.settings.options);
    signal.throwIfAborted();
    const session = await sandbox.open(compiled, {
      callTimeoutMs: this.#limits.scorerTimeoutMs,
      memoryBytes: this.#limits.scorerMemoryBytes
    });
    try {
      signal.throwIfAborted();
      const rows = this.#rows.ground(narrowScope(scope, workbook.businessUnits), asked.traces, signal);
      const expected = (use?.settings.expected ?? null) === null ? null : "expected";
      const asking = session.questions.length > 0;
      const given = { session, rows, expected, use, spend: asked.spend, scope };
      const { calls, spending } = asking
        ? await tryAsking(this.#doors.model, given)
        : { ...(await tryPlain(given)), spending: null };
      return { version: compiled.version, ...describeCalls(calls, session.target, asked.traces), spending };
    } finally {
      await session.close();
    }
  }
}
