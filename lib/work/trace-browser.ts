import type { Scope } from "#lib/model/scope.ts";
import type { TraceSummary } from "#lib/model/trace.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { People } from "#lib/ports/people.ts";
import type { SessionsAsked, ThreadAsked } from "#lib/wire/sessions.ts";
import type { ConversationReply, HitsReply, OpenedTraceReply } from "#lib/wire/trace.ts";
import type { FacetsAsked, TraceFilter } from "#lib/wire/trace-filter.ts";
import type {
  FacetsReply,
  SessionReply,
  SessionsReply,
  SimilarReply,
  SpanReply,
  TraceRow,
  TracesReply
} from "#lib/wire/traces.ts";
import { findInTrace } from "./find-in-trace.ts";
import { loadLabels } from "./load-labels.ts";
import { locateTrace } from "./locate-trace.ts";
import { namePeople } from "./name-people.ts";
import { ScopeKernels } from "./scope-kernels.ts";
import { listSessions } from "./session-list.ts";
import { readThread } from "./session-thread.ts";
import { listSimilar } from "./similar-traces.ts";
import { countFacets } from "./trace-facets.ts";
import { type ArrivedTrace, listThese, listTraces } from "./trace-list.ts";
import { findTrace, firstSpoken, openTrace, readConversation, readSpan, readTree, summarise } from "./trace-open.ts";

/** What a page of traces and an opened trace are read with. */
export interface TraceBrowserDoors {
  readonly lake: Lake;
  readonly annotations: Annotations;
  readonly people: Pick<People, "namesOf">;
}

/** Finds and opens traces. Holds one kernel per scope, renewed when the lake has moved on. */
export class TraceBrowser {
  readonly #doors: TraceBrowserDoors;
  readonly #kernels: ScopeKernels;

  constructor(doors: TraceBrowserDoors, kernels = new ScopeKernels(doors.lake)) {
    this.#doors = doors;
    this.#kernels = kernels;
  }

  /** One page of the list. @throws Fault `invalid` for a foreign cursor */
  list(scope: Scope, filter: TraceFilter, signal?: AbortSignal): Promise<TracesReply> {
    return this.#kernels.use(scope, async (kernel) => {
      if (filter.labels.length > 0) await loadLabels(this.#doors.annotations, kernel, scope);
      return listTraces(kernel, filter, signal);
    });
  }

  /** Those of some traces that a filter shows, the newest first; its order and cursor do not count. */
  listThese(
    scope: Scope,
    filter: TraceFilter,
    traces: readonly ArrivedTrace[],
    signal?: AbortSignal
  ): Promise<readonly TraceRow[]> {
    if (traces.length === 0) return Promise.resolve([]);
    return this.#kernels.use(scope, async (kernel) => {
      if (filter.labels.length > 0) await loadLabels(this.#doors.annotations, kernel, scope);
      return listThese(kernel, filter, traces, signal);
    });
  }

  /** The counts beside a list. */
  facets(scope: Scope, filter: TraceFilter, asked?: FacetsAsked, signal?: AbortSignal): Promise<FacetsReply> {
    return this.#kernels.use(scope, async (kernel) => {
      await loadLabels(this.#doors.annotations, kernel, scope);
      return countFacets(kernel, filter, asked, signal);
    });
  }

  /** One trace with the first of its spans, scores and annotations. @throws Fault `missing` */
  async open(scope: Scope, traceId: string): Promise<OpenedTraceReply> {
    const { annotations, people } = this.#doors;
    const opened = await this.#kernels.use(scope, (kernel) => openTrace(kernel, annotations, scope, traceId));
    const names = await namePeople(
      people,
      opened.annotations.map(({ userId }) => userId)
    );
    return { ...opened, names };
  }

  /** What the list says of one trace. @throws Fault `missing` */
  summary(scope: Scope, traceId: string): Promise<TraceSummary> {
    return this.#kernels.use(scope, async (kernel) => summarise(kernel, await findTrace(kernel, traceId)));
  }

  /** The whole tree of a trace, up to 25,000 spans, as the JSON of a SpanRowsReply. @throws Fault `missing` */
  tree(scope: Scope, traceId: string): Promise<string> {
    return this.#kernels.use(scope, (kernel) => readTree(kernel, traceId));
  }

  /** The conversation of a trace, made from the texts of `most` spans, 1..25,000. @throws Fault `missing` */
  conversation(scope: Scope, traceId: string, most = firstSpoken): Promise<ConversationReply> {
    return this.#kernels.use(scope, (kernel) => readConversation(kernel, traceId, most));
  }

  /** Where words are in the texts of a trace's spans. @throws Fault `missing`, or `invalid` for the words */
  find(scope: Scope, traceId: string, words: string, signal?: AbortSignal): Promise<HitsReply> {
    return this.#kernels.use(scope, (kernel) => findInTrace(kernel, traceId, words, signal));
  }

  /** The id of the trace that an id means as other tools write it. @throws Fault `invalid`, `missing` or `conflict` */
  locate(scope: Scope, written: string): Promise<string> {
    return this.#kernels.use(scope, (kernel) => locateTrace(kernel, written));
  }

  /** The units that know a trace of this id. */
  async unitsOf(scope: Scope, traceId: string): Promise<readonly string[]> {
    const sql = "select distinct business_unit from traces where trace_id = $id order by 1";
    const rows = await this.#kernels.use(scope, (kernel) =>
      kernel.rows(sql, { id: traceId }, 100, undefined, { traceIds: [traceId] })
    );
    return rows.map((row) => String(row["business_unit"]));
  }

  /** Traces of the same unit that ask alike. @throws Fault `missing`, or `limit` when it takes too long */
  similar(scope: Scope, traceId: string, signal: AbortSignal): Promise<SimilarReply> {
    return this.#kernels.use(scope, (kernel) => listSimilar(kernel, traceId, signal));
  }

  /** One span with everything in it. @throws Fault `missing` */
  span(scope: Scope, traceId: string, spanId: string): Promise<SpanReply> {
    return this.#kernels.use(scope, (kernel) => readSpan(kernel, traceId, spanId));
  }

  /** One page of the sessions. @throws Fault `invalid` for a foreign cursor */
  sessions(scope: Scope, asked: SessionsAsked, signal?: AbortSignal): Promise<SessionsReply> {
    return this.#kernels.use(scope, (kernel) => listSessions(kernel, asked, signal));
  }

  /** A part of one session. @throws Fault `missing`, or `invalid` where two units know the id and none is named */
  thread(scope: Scope, sessionId: string, asked: ThreadAsked, signal?: AbortSignal): Promise<SessionReply> {
    return this.#kernels.use(scope, (kernel) => readThread(kernel, sessionId, asked, signal));
  }

  /** Runs work on the scope's kernel; for other pages of the same scope. */
  use<T>(scope: Scope, work: (kernel: Kernel) => Promise<T>): Promise<T> {
    return this.#kernels.use(scope, work);
  }

  close(): Promise<void> {
    return this.#kernels.close();
  }
}
