"use client";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { findTraceColumns, keepTraceColumns, type TraceColumnName } from "#lib/browser/trace-columns.ts";
import { isFault, reportOf } from "#lib/model/fault.ts";
import type { TraceSummary } from "#lib/model/trace.ts";
import { paths } from "#lib/wire/paths.ts";
import { allTraces, formatTraceFilter, parseTraceFilter, type TraceFilter } from "#lib/wire/trace-filter.ts";
import type { TracesReply } from "#lib/wire/traces.ts";
import { Button } from "../_parts/button.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { NumberText } from "../_parts/text.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";
import { TraceColumns } from "../_parts/trace-columns.tsx";
import { TraceFacets } from "../_parts/trace-facets.tsx";
import { TraceHistogram } from "../_parts/trace-histogram.tsx";
import { TraceTable } from "../_parts/trace-table.tsx";

/** Traces under a filter that the address holds. */
export function TracesView() {
  const router = useRouter();
  const query = useSearchParams().toString();
  const filter = useMemo(() => readFilter(query), [query]);
  const key = formatTraceFilter({ ...filter, before: null }).toString();
  const { value, fault, waiting } = useAnswer<TracesReply>(`${paths.traces()}?${key}`);
  const [more, setMore] = useState<{
    readonly key: string;
    readonly traces: readonly TraceSummary[];
    readonly next: string | null;
  } | null>(null);
  const [words, setWords] = useState(filter.text);
  const [chosen, setChosen] = useState(0);
  const [columns, setColumns] = useState<readonly TraceColumnName[] | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const own = more?.key === key ? more : null;
  const traces = useMemo(() => [...(value?.traces ?? []), ...(own?.traces ?? [])], [value, own]);
  const next = own ? own.next : (value?.next ?? null);

  const change = (changed: Partial<TraceFilter>) => {
    setChosen(0);
    const text = formatTraceFilter({ ...filter, ...changed, before: null }).toString();
    router.replace(text === "" ? "/traces" : `/traces?${text}`, { scroll: false });
  };
  const loading = useRef(false);
  const loadMore = async () => {
    if (next === null || loading.current) return;
    loading.current = true;
    try {
      const page = await ask<TracesReply>(`${paths.traces()}?${formatTraceFilter({ ...filter, before: next })}`);
      setMore({ key, traces: [...(own?.traces ?? []), ...page.traces], next: page.next });
    } finally {
      loading.current = false;
    }
  };
  const open = (trace: TraceSummary | undefined) => {
    if (!trace) return;
    sessionStorage.setItem(
      "trace-list",
      JSON.stringify({ href: `/traces?${key}`, ids: traces.map(({ traceId }) => traceId) })
    );
    router.push(`/traces/${trace.traceId}`);
  };

  useEffect(() => setColumns(findTraceColumns(localStorage)), []);
  useEffect(() => {
    if (words === filter.text) return;
    const timer = setTimeout(() => change({ text: words }), 250);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.closest("input, select, textarea, dialog")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "j" || event.key === "ArrowDown") setChosen((now) => Math.min(traces.length - 1, now + 1));
      else if (event.key === "k" || event.key === "ArrowUp") setChosen((now) => Math.max(0, now - 1));
      else if (event.key === "/") search.current?.focus();
      else if (event.key === "Enter" && !(event.target instanceof HTMLElement && event.target.closest("a, button")))
        open(traces[chosen]);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  return (
    <>
      <header className="title-bar">
        <h1>Traces</h1>
        <span className="soft">
          {value ? (
            <>
              <NumberText value={value.total} /> {value.total === 1 ? "trace" : "traces"}
            </>
          ) : null}
        </span>
        <input
          ref={search}
          className="input grow"
          type="search"
          style={{ maxWidth: 420, marginLeft: "auto" }}
          aria-label="Search input and output, or a trace id"
          placeholder="Search input and output, or a trace id ( / )"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        {key !== "" ? (
          <Button
            tone="quiet"
            onClick={() => {
              setWords("");
              change(allTraces);
            }}
          >
            Clear filters
          </Button>
        ) : null}
        {columns ? (
          <TraceColumns
            chosen={columns}
            onChoose={(names) => {
              keepTraceColumns(localStorage, names);
              setColumns(findTraceColumns(localStorage));
            }}
          />
        ) : null}
      </header>
      <div style={{ display: "grid", gridTemplateColumns: "216px minmax(0,1fr)", height: "calc(100vh - 57px)" }}>
        <aside aria-label="Filters" style={{ overflow: "auto", padding: 16, borderRight: "1px solid var(--line)" }}>
          {value ? (
            <TraceFacets facets={value.facets} filter={filter} onChange={change} />
          ) : (
            <StateNotice notice={{ kind: "waiting" }} />
          )}
        </aside>
        <section
          aria-label="List"
          aria-busy={waiting}
          style={{ minWidth: 0, minHeight: 0, display: "flex", flexDirection: "column" }}
        >
          {fault ? (
            <div style={{ padding: 16 }}>
              <StateNotice notice={{ kind: "fault", fault }} />
            </div>
          ) : null}
          {!value && !fault ? (
            <div style={{ padding: 16 }}>
              <StateNotice notice={{ kind: "waiting", label: "Reading traces" }} />
            </div>
          ) : null}
          {value && columns && value.total > 0 ? (
            <>
              <TraceHistogram
                histogram={value.histogram}
                brushed={filter.fromMs !== null || filter.toMs !== null}
                onRange={(fromMs, toMs) => change({ fromMs, toMs })}
              />
              <TraceTable
                columns={columns}
                traces={traces}
                chosen={chosen}
                total={value.total}
                onChoose={setChosen}
                onOpen={open}
                onEnd={() => void loadMore()}
              />
            </>
          ) : null}
          {value?.total === 0 ? (
            <div style={{ padding: 16 }}>
              <StateNotice
                notice={
                  key === ""
                    ? {
                        kind: "empty",
                        title: "The lake has no traces yet.",
                        next: <code>npx tracebook import traces.jsonl --business-unit support</code>
                      }
                    : {
                        kind: "empty",
                        title: "No trace matches these filters.",
                        next: (
                          <Button
                            small
                            onClick={() => {
                              setWords("");
                              change(allTraces);
                            }}
                          >
                            Clear filters
                          </Button>
                        )
                      }
                }
              />
            </div>
          ) : null}
        </section>
      </div>
    </>
  );
}

/** A mistyped address shows all traces rather than a broken page. */
function readFilter(query: string): TraceFilter {
  try {
    return parseTraceFilter(new URLSearchParams(query));
  } catch (error) {
    if (!isFault(error)) throw error;
    console.warn(reportOf(error).message);
    return allTraces;
  }
}
