import { Budget } from "#lib/model/budget.ts";
import type { Cell } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { ScorerText } from "#lib/model/promoted-scorer.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { askJudge } from "./ask-judge.ts";
import { answerNothing, answerScorer, withAnswers } from "./ask-scorer.ts";
import type { CellLimits } from "./cell-context.ts";
import { openJudge } from "./open-judge.ts";
import type { ReadGround } from "./score-subjects.ts";
import type { GivenVerdicts } from "./score-table.ts";
import { scoreTraces } from "./score-traces.ts";

/** Doors that promoted scorers are opened with. */
export interface RuleScorerDoors {
  readonly compiler: Pick<Compiler, "compile">;
  readonly sandbox: Pick<Sandbox, "open">;
  /** Null where none is configured. */
  readonly model: Model | null;
  readonly limits: Pick<CellLimits, "scorerTimeoutMs" | "scorerMemoryBytes">;
}

/** Where the traces of a batch are read. */
export interface BatchGround extends ReadGround {
  readonly kernel: Kernel;
  readonly scope: Scope;
}

/** A promoted scorer that is loaded. Whoever opened it closes it. */
export interface RuleScorer {
  /** What its scores carry in `scorer_version`. */
  readonly version: string;
  /** Traces of one batch. */
  readonly batchTraces: number;
  /** Whether it may cost money. */
  readonly isPaid: boolean;
  /**
   * @param table  with the traces of the batch among others; the ground says which are meant
   * @returns what has a verdict; less than all where it was stopped
   */
  score(ground: BatchGround, table: string, budget: Budget): Promise<GivenVerdicts>;
  close(): Promise<void>;
}

const [codeTraces, paidTraces] = [500, 40];

/**
 * Loads a promoted scorer or judge.
 *
 * @param kernel  where the examples of a judge are read
 * @throws Fault `invalid` where it does not compile or load, or has no model to ask
 */
export async function openRuleScorer(
  doors: RuleScorerDoors,
  promoted: ScorerText,
  kernel: Kernel | null,
  signal: AbortSignal
): Promise<RuleScorer> {
  return promoted.kind === "judge" && kernel
    ? openAsJudge(doors, promoted, kernel, signal)
    : openAsCode(doors, promoted);
}

async function openAsCode(doors: RuleScorerDoors, promoted: ScorerText): Promise<RuleScorer> {
  const { compiler, sandbox, model, limits } = doors;
  const { version, ...code } = await compiler.compile(promoted.text, promoted.options);
  const session = await sandbox.open(
    { version, ...code },
    { callTimeoutMs: limits.scorerTimeoutMs, memoryBytes: limits.scorerMemoryBytes }
  );
  if (session.target.kind === "session") {
    await session.close();
    throw new Fault("invalid", `"${promoted.name}" scores sessions, and a rule scores traces as they arrive`, {
      hint: "Score sessions in a workbook, on a schedule where it is to go on."
    });
  }
  const isPaid = session.questions.length > 0;
  const named = { scorer: promoted.name, version, ofSpans: session.target.kind === "span" };
  return {
    version,
    isPaid,
    batchTraces: isPaid ? paidTraces : codeTraces,
    async score(ground, table, budget) {
      if (!isPaid) return { ...named, source: "scorer", ...(await scoreTraces(session, ground, quoteName(table))) };
      const asking = {
        answer: model ? answerScorer({ model, scope: ground.scope, budget }) : answerNothing,
        onStopped: async () => undefined
      };
      const scored = await scoreTraces(session, ground, quoteName(table), null, undefined, asking);
      return { ...named, source: "judge", subjects: scored.subjects, verdicts: scored.verdicts.map(withAnswers) };
    },
    close: () => session.close()
  };
}

async function openAsJudge(
  { model }: RuleScorerDoors,
  { name, text }: ScorerText,
  kernel: Kernel,
  signal: AbortSignal
): Promise<RuleScorer> {
  const cell = { key: name, kind: "judge", text } as Cell;
  const judge = await openJudge({ kernel, cell, signal }, cell, model);
  return {
    version: judge.version,
    isPaid: true,
    batchTraces: paidTraces,
    async score(ground, table, budget) {
      const { subjects, verdicts } = await askJudge({ ...ground, cell, budget }, judge, quoteName(table));
      return { scorer: name, version: judge.version, source: "judge", ofSpans: false, subjects, verdicts };
    },
    close: async () => undefined
  };
}

/**
 * What may still be spent on a day.
 *
 * @param capUsd  null bounds nothing
 * @throws Fault `invalid` where there is a cap and nobody said what the model costs
 */
export function openDayBudget(model: Model | null, capUsd: number | null, spentUsd: number): Budget {
  if (capUsd === null) return new Budget({ usd: null, tokens: null });
  if (model !== null && model.price === null) {
    throw new Fault(
      "invalid",
      `nobody said what the model "${model.modelId}" costs, so the rule cannot keep to its cap`,
      { hint: 'Set TRACEBOOK_MODEL_PRICE, US dollars per million tokens in and out; "0,0" for one that costs nothing.' }
    );
  }
  return new Budget({ usd: Math.max(0, capUsd - spentUsd), tokens: null });
}
