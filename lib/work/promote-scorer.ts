import { Fault } from "#lib/model/fault.ts";
import type { PromotedScorer, PromotionBase, ScorerText } from "#lib/model/promoted-scorer.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { ScorerComparison } from "#lib/model/scorer-comparison.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type {
  ComparisonEvent,
  ComparisonRequest,
  PromoteRequest,
  PromotionChoice,
  PromotionGroundReply
} from "#lib/wire/promotion.ts";
import { fingerprint } from "#lib/workbook/fingerprint.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { type CompareDoors, compareScorers } from "./compare-scorers.ts";
import { EventQueue } from "./event-queue.ts";
import { describeScorer, type PromotionPlace, readPromotionGround } from "./promotion-ground.ts";
import { openRuleScorer } from "./rule-scorer.ts";
import type { ScopeKernels } from "./scope-kernels.ts";

/** Doors that scorers are promoted through. */
export interface PromotionDoors extends CompareDoors {
  readonly kernels: Pick<ScopeKernels, "use">;
  readonly promotedScorers: PromotedScorers;
  readonly workbooks: Pick<Workbooks, "findRevision">;
  readonly clock: Clock;
}

/** Comparisons that are held for a promotion; older ones are made again. */
const mostHeld = 100;

/** Comparisons under way at once. */
const mostUnderWay = 2;

interface Held {
  /** Of what was compared, by whom. */
  readonly key: string;
  readonly comparison: ScorerComparison;
}

/**
 * Takes scorers out of their workbooks: compares what is written with the version that it goes on from, and promotes
 * it with what was measured. What was measured is held here and never taken from the page.
 */
export class ScorerPromotions {
  readonly #doors: PromotionDoors;
  readonly #held = new Map<string, Held>();
  #underWay = 0;

  constructor(doors: PromotionDoors) {
    this.#doors = doors;
  }

  /** What a scorer can be promoted as; see `readPromotionGround`. */
  ground(scope: Scope, place: PromotionPlace, signal: AbortSignal): Promise<PromotionGroundReply> {
    return readPromotionGround(this.#doors, scope, place, signal);
  }

  /** Compares and says how far it is. The loop throws the Fault of what could not be done. */
  compare(
    scope: Scope,
    place: PromotionPlace,
    asked: ComparisonRequest,
    signal: AbortSignal
  ): AsyncIterable<ComparisonEvent> {
    const events = new EventQueue<ComparisonEvent>();
    this.#compare(scope, place, asked, signal, events).then(
      () => events.end(),
      (error: unknown) => events.end(error)
    );
    return events;
  }

  /**
   * Promotes the scorer as it stands in a saved revision.
   *
   * @throws Fault `conflict` where another version was promoted meanwhile, or the text is not the one that was compared
   * @throws Fault of the store: `denied` for units outside the scope, `invalid` where the name is taken
   */
  async promote(
    scope: Scope,
    { workbook: slug, cell }: Pick<PromotionPlace, "workbook" | "cell">,
    asked: PromoteRequest,
    signal: AbortSignal
  ): Promise<PromotedScorer> {
    const { promotedScorers, workbooks } = this.#doors;
    const saved = await workbooks.findRevision(scope, slug, asked.revision);
    if (!saved) throw new Fault("missing", `the workbook "${slug}" has no revision ${asked.revision}`);
    const units = requireUnits(scope, asked.units);
    const text = await this.#textOf(scope, { workbook: slug, cell, text: saved.text }, asked);
    const evidence = asked.comparisonId === null ? null : this.#take(scope, asked.comparisonId, text, asked);
    const scorerVersion = await this.#versionOf({ ...scope, businessUnits: units }, text, signal);
    return promotedScorers.promote(
      scope,
      {
        ...text,
        ...{ businessUnits: units, scorerVersion, evidence, note: asked.note },
        origin: { slug, revision: asked.revision, cell }
      },
      asked.base
    );
  }

  async #compare(
    scope: Scope,
    place: PromotionPlace,
    asked: ComparisonRequest,
    signal: AbortSignal,
    events: EventQueue<ComparisonEvent>
  ): Promise<void> {
    const { clock, promotedScorers } = this.#doors;
    const units = requireUnits(scope, asked.units);
    const text = await this.#textOf(scope, place, asked);
    const base = asked.base ? await promotedScorers.find(scope, asked.base.scorerId, asked.base.version) : null;
    if (this.#underWay >= mostUnderWay) {
      throw new Fault("limit", `${mostUnderWay} comparisons are under way at this moment`, { hint: "Try again soon." });
    }
    this.#underWay++;
    try {
      const startedAtMs = clock.nowMs();
      const { sides, random, seed, budgetUsd } = asked;
      const compared = await compareScorers(
        this.#doors,
        { ...scope, businessUnits: units },
        { next: text, base, sides, random, seed, budgetUsd },
        signal,
        (done, total) => events.push({ kind: "progress", done, total, step: "scoring" })
      );
      if (compared.kind === "forecast") return events.push(compared);
      const comparisonId = clock.newId();
      this.#held.set(comparisonId, { key: keyOf(scope, text, asked), comparison: compared.comparison });
      for (const [oldest] of this.#held) if (this.#held.size > mostHeld) this.#held.delete(oldest);
      events.push({ ...compared, comparisonId, durationMs: Math.max(0, clock.nowMs() - startedAtMs) });
    } finally {
      this.#underWay--;
    }
  }

  /** The scorer under the name that its scores will carry. */
  async #textOf(scope: Scope, { text, cell }: PromotionPlace, { base, use }: PromotionChoice): Promise<ScorerText> {
    const own = describeScorer(parseWorkbook(text), cell, use);
    if (base === null) return own;
    const { name } = await this.#doors.promotedScorers.find(scope, base.scorerId);
    return { ...own, name };
  }

  /** @throws Fault `conflict` where something else was compared, or it is too long ago */
  #take(scope: Scope, comparisonId: string, text: ScorerText, choice: PromotionChoice): Json {
    const held = this.#held.get(comparisonId);
    if (held?.key === keyOf(scope, text, choice)) return held.comparison as unknown as Json;
    throw new Fault(
      "conflict",
      held ? "the scorer is not the one that was compared" : "what was compared is no longer known",
      { hint: "Compare once more, then promote." }
    );
  }

  async #versionOf(scope: Scope, text: ScorerText, signal: AbortSignal): Promise<string> {
    const kernel = await this.#doors.lake.openKernel(scope);
    try {
      const scorer = await openRuleScorer(this.#doors, text, kernel, signal);
      await scorer.close();
      return scorer.version;
    } finally {
      await kernel.close();
    }
  }
}

/** Changes with what is compared, what it goes on from, for whom and by whom. */
function keyOf(
  { userId }: Scope,
  { name, kind, text, options }: ScorerText,
  { base, units }: { readonly base: PromotionBase | null; readonly units: readonly string[] }
): string {
  return fingerprint([JSON.stringify([userId, name, kind, text, options, base, [...units].sort()])]);
}

/** @throws Fault `denied` for a unit that the scope does not hold, `invalid` for none */
function requireUnits(scope: Scope, units: readonly string[]): readonly string[] {
  const stranger = units.find((unit) => !scope.businessUnits.includes(unit));
  if (stranger !== undefined) {
    throw new Fault("denied", `the business unit "${stranger.slice(0, 80)}" is not yours to promote a scorer for`);
  }
  if (units.length > 0) return [...new Set(units)].sort();
  throw new Fault("invalid", "nobody said for which business units the scorer is promoted", {
    hint: "Choose at least one."
  });
}
