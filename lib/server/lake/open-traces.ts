import type { BusinessUnit } from "#lib/model/scope.ts";
import type { Span } from "#lib/model/span.ts";
import type { Catalog } from "#lib/ports/catalog.ts";
import { holdsTraces, listAppended } from "./appended-files.ts";
import type { WrittenSpan } from "./batch.ts";

/** A trace of which more is expected, as far as it came: all spans of it that the lake has. */
export interface OpenTrace {
  /** Span id → digest. */
  readonly digests: ReadonlyMap<string, string>;
  /** The spans of each part that stands in the lake. */
  readonly parts: readonly (readonly Span[])[];
  readonly characters: number;
}

interface Unit {
  /** Up to here nobody else has changed the unit's traces. */
  snapshotId: number;
  /** Paths of files that this process has added since. */
  readonly own: Set<string>;
  /** By trace id, the one that was touched longest ago first. */
  readonly traces: Map<string, OpenTrace>;
}

/**
 * The traces that this process has written from their first span on and of which more is expected. Programs send a
 * trace in pieces, the root last: with what is remembered here a further piece is taken in without a look at the
 * lake. What another process adds to a unit makes it forget the unit. To be used in turn with the lake's other writes.
 */
export class OpenTraces {
  readonly #units = new Map<BusinessUnit, Unit>();
  readonly #mostCharacters: number;
  #characters = 0;

  /** @param mostCharacters  of the spans that are remembered; beyond, traces of one unit after another are forgotten, those touched longest ago first */
  constructor(mostCharacters = 48 * 2 ** 20) {
    this.#mostCharacters = mostCharacters;
  }

  /** Forgets units that someone else has added to. To be called before anything is asked about them. */
  async check(catalog: Catalog, snapshotId: number, units: readonly BusinessUnit[]): Promise<void> {
    for (const name of units) {
      const unit = this.#units.get(name);
      if (unit?.snapshotId === snapshotId) continue;
      // Where nothing is remembered, nothing can be wrong.
      if (!unit || unit.traces.size === 0) {
        this.#begin(name, snapshotId);
        continue;
      }
      const appended = await listAppended(catalog, unit.snapshotId, [name]);
      if (!appended || appended.some((file) => holdsTraces(file) && !unit.own.has(file.path))) {
        this.#forget(name);
        this.#begin(name, snapshotId);
      } else {
        unit.snapshotId = snapshotId;
        unit.own.clear();
      }
    }
  }

  find(businessUnit: BusinessUnit, traceId: string): OpenTrace | undefined {
    return this.#units.get(businessUnit)?.traces.get(traceId);
  }

  /**
   * Takes note of a trace as it is after a commit.
   *
   * @param before   what was known of it; undefined when the spans are all there is
   * @param isWhole  the new part was made of all spans
   */
  keep(written: readonly WrittenSpan[], before: OpenTrace | undefined, isWhole: boolean): void {
    const [
      {
        span: { businessUnit, traceId }
      }
    ] = written as readonly [WrittenSpan];
    const spans = written.map(({ span }) => span);
    const all = [...(before?.parts.flat() ?? []), ...spans];
    this.drop(businessUnit, traceId);
    if (!isOpen(all)) return;
    const characters = written.reduce((sum, span) => sum + span.characters, before?.characters ?? 0);
    const digests = new Map([
      ...(before?.digests ?? []),
      ...written.map(({ span, digest }) => [span.spanId, digest] as const)
    ]);
    this.#units
      .get(businessUnit)
      ?.traces.set(traceId, { digests, parts: isWhole ? [all] : [...(before?.parts ?? []), spans], characters });
    this.#characters += characters;
    this.#trim();
  }

  drop(businessUnit: BusinessUnit, traceId: string): void {
    const traces = this.#units.get(businessUnit)?.traces;
    this.#characters -= traces?.get(traceId)?.characters ?? 0;
    traces?.delete(traceId);
  }

  /** Takes note of a commit to a unit by this process. @param paths  of the files it added */
  committed(businessUnit: BusinessUnit, paths: readonly string[]): void {
    for (const path of paths) this.#units.get(businessUnit)?.own.add(path);
  }

  /** The parts of some traces became one each. */
  united(businessUnit: BusinessUnit, traceIds: readonly string[], paths: readonly string[]): void {
    this.committed(businessUnit, paths);
    const traces = this.#units.get(businessUnit)?.traces;
    for (const traceId of traceIds) {
      const trace = traces?.get(traceId);
      if (trace) traces?.set(traceId, { ...trace, parts: [trace.parts.flat()] });
    }
  }

  #begin(name: BusinessUnit, snapshotId: number): void {
    this.#units.set(name, { snapshotId, own: new Set(), traces: new Map() });
  }

  #forget(name: BusinessUnit): void {
    for (const traceId of [...(this.#units.get(name)?.traces.keys() ?? [])]) this.drop(name, traceId);
    this.#units.delete(name);
  }

  #trim(): void {
    for (const [name, { traces }] of this.#units) {
      for (const traceId of traces.keys()) {
        if (this.#characters <= this.#mostCharacters) return;
        this.drop(name, traceId);
      }
    }
  }
}

/** Whether a trace lacks its root, or the parent of a span: more of it is on its way, or lost. */
function isOpen(spans: readonly Span[]): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  let hasRoot = false;
  for (const { parentSpanId } of spans) {
    if (parentSpanId === null) hasRoot = true;
    else if (!ids.has(parentSpanId)) return true;
  }
  return !hasRoot;
}
