"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { formatListAddress, formatViewQuery, type ListAddress, parseListAddress } from "#lib/browser/list-address.ts";
import { formatColumns, parseColumns, type ShownColumn } from "#lib/browser/trace-columns.ts";
import { paths } from "#lib/wire/paths.ts";
import type { SavedViewsReply } from "#lib/wire/saved-views.ts";
import { allTraces, formatTraceFilter, newestFirst, type TraceFilter } from "#lib/wire/trace-filter.ts";
import type { FacetsReply, TraceRow } from "#lib/wire/traces.ts";
import { ImportDrop } from "../_parts/import-drop.tsx";
import { LiveSwitch } from "../_parts/live-switch.tsx";
import { SavedViews } from "../_parts/saved-views.tsx";
import { SelectedTraces } from "../_parts/selected-traces.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { NumberText } from "../_parts/text.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";
import { TraceChips } from "../_parts/trace-chips.tsx";
import { TraceColumns } from "../_parts/trace-columns.tsx";
import { TraceFacets } from "../_parts/trace-facets.tsx";
import { TraceHistogram } from "../_parts/trace-histogram.tsx";
import { TraceRows } from "../_parts/trace-rows.tsx";
import { TraceSearch } from "../_parts/trace-search.tsx";
import { rowKey } from "../_parts/trace-table.tsx";
import { useAddress } from "../_parts/use-address.ts";
import { useListKeys } from "../_parts/use-list-keys.ts";
import { useLiveRows } from "../_parts/use-live-rows.ts";
import { useTraceList } from "../_parts/use-trace-list.ts";
import "../_parts/trace-list.css";

/** Height of the histogram in pixels, kept free while it is being counted. */
const histogramPx = 105;

const keptColumns = "tracebook.trace-columns";

/** Traces under a filter, in an order and with columns that the address holds. */
export function TracesView() {
  const router = useRouter();
  const [query, setQuery] = useAddress("/traces");
  const address = useMemo(() => parseListAddress(query), [query]);
  const { filter, selected, viewId, isLive, mistake } = address;
  const filterQuery = formatTraceFilter({ ...filter, before: null }).toString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same text is the same filter, whatever else the address says
  const asked = useMemo(() => filter, [filterQuery]);
  const [columns, setColumns] = useState<readonly ShownColumn[] | null>(address.columns);
  const [counted, setCounted] = useState(0);
  const [viewsRead, setViewsRead] = useState(0);
  const [atKey, setAtKey] = useState(address.at);
  const search = useRef<HTMLInputElement>(null);

  const list = useTraceList(asked);
  const facets = useAnswer<FacetsReply>(`${paths.facets()}?${filterQuery}#${counted}`);
  const views = useAnswer<SavedViewsReply>(`${paths.savedViews()}#${viewsRead}`);
  const current = views.value?.views.find((view) => view.viewId === viewId) ?? null;
  const isNewest = filter.sort.column === newestFirst.column && filter.sort.isDescending;
  const recount = useCallback(() => setCounted((n) => n + 1), []);
  const live = useLiveRows(list, filterQuery, isLive && isNewest, recount);
  const { traces } = list;
  // A row keeps the keyboard while others come in above it.
  const at = Math.max(
    0,
    traces.findIndex((trace) => rowKey(trace) === atKey)
  );

  const go = useCallback((next: ListAddress) => setQuery(formatListAddress(next)), [setQuery]);
  const change = (changed: Partial<TraceFilter>) => {
    setAtKey(null);
    go({ ...address, filter: { ...filter, ...changed, before: null }, at: null });
  };
  const onText = useCallback(
    (text: string) => go({ ...address, filter: { ...address.filter, text }, at: null }),
    [address, go]
  );
  const clear = () => change({ ...allTraces, sort: filter.sort });
  const showColumns = (shown: readonly ShownColumn[]) => {
    setColumns(shown);
    localStorage.setItem(keptColumns, formatColumns(shown));
    go({ ...address, columns: shown });
  };
  const select = (key: string) =>
    go({
      ...address,
      selected: selected.includes(key) ? selected.filter((one) => one !== key) : [...selected, key]
    });
  const open = (trace: TraceRow | undefined) => {
    if (!trace) return;
    const here = { ...address, at: rowKey(trace) };
    go(here);
    sessionStorage.setItem(
      "trace-list",
      JSON.stringify({ href: `/traces?${formatListAddress(here)}`, ids: traces.map(({ traceId }) => traceId) })
    );
    router.push(`/traces/${trace.traceId}`);
  };

  useEffect(() => setColumns(address.columns ?? parseColumns(localStorage.getItem(keptColumns))), [address.columns]);
  // A bare `?view=` is opened as what the view says.
  useEffect(() => {
    if (current && query === `view=${current.viewId}` && current.query !== "")
      go({ ...parseListAddress(current.query), viewId: current.viewId });
  }, [current, query, go]);
  useListKeys({
    move: (by) => {
      const trace = traces[Math.max(0, Math.min(traces.length - 1, at + by))];
      if (trace) setAtKey(rowKey(trace));
    },
    open: () => open(traces[at]),
    select: () => {
      const trace = traces[at];
      if (trace) select(rowKey(trace));
    },
    search: () => search.current?.focus(),
    live: () => isNewest && go({ ...address, isLive: !isLive })
  });

  const total = facets.value?.total ?? null;
  return (
    <div className="list-page">
      <header className="title-bar">
        <h1>{current ? current.name : "Traces"}</h1>
        <span className="soft" aria-busy={facets.waiting}>
          {total === null ? null : (
            <>
              <NumberText value={total} /> {total === 1 ? "trace" : "traces"}
            </>
          )}
        </span>
        <SavedViews
          views={views.value?.views ?? null}
          current={current}
          query={formatViewQuery({ filter, columns: address.columns })}
          onChanged={(next) => {
            setViewsRead((n) => n + 1);
            go({ ...address, viewId: next });
          }}
        />
        <TraceSearch box={search} text={filter.text} onText={onText} />
        <LiveSwitch
          isOn={isLive}
          state={live.state}
          obstacle={isNewest ? null : "Live needs the newest traces first"}
          onToggle={() => go({ ...address, isLive: !isLive })}
        />
        {columns ? <TraceColumns columns={columns} onChange={showColumns} /> : null}
        <ImportDrop />
      </header>
      <div className="list-frame">
        <aside aria-label="Filters" className="list-side" aria-busy={facets.waiting}>
          {facets.value ? <TraceFacets facets={facets.value.facets} filter={filter} onChange={change} /> : null}
          {facets.fault ? <StateNotice notice={{ kind: "fault", fault: facets.fault }} /> : null}
          {facets.value || facets.fault ? null : <StateNotice notice={{ kind: "waiting", label: "Counting" }} />}
        </aside>
        <section
          aria-label="List"
          aria-busy={list.isWaiting}
          style={{ minWidth: 0, minHeight: 0, display: "flex", flexDirection: "column" }}
        >
          {mistake ? (
            <div style={{ padding: "12px 16px 0" }}>
              <StateNotice
                notice={{
                  kind: "partial",
                  sentence: `The address is not understood: ${mistake}. All traces are shown.`
                }}
              />
            </div>
          ) : null}
          <TraceChips filter={filter} onChange={change} onClear={clear} />
          {facets.value ? null : <div style={{ height: histogramPx, borderBottom: "1px solid var(--line)" }} />}
          {facets.value && facets.value.total > 0 ? (
            <TraceHistogram
              histogram={facets.value.histogram}
              isBrushed={filter.fromMs !== null || filter.toMs !== null}
              onRange={(fromMs, toMs) => change({ fromMs, toMs })}
            />
          ) : null}
          {columns ? (
            <TraceRows
              list={list}
              live={live}
              isFiltered={filterQuery !== ""}
              onClear={clear}
              columns={columns}
              onColumns={showColumns}
              sort={filter.sort}
              onSort={(sort) => change({ sort })}
              total={total ?? -1}
              at={at}
              onOpen={(place) => {
                const trace = traces[place];
                if (!trace) return;
                setAtKey(rowKey(trace));
                open(trace);
              }}
              selected={new Set(selected)}
              onSelect={select}
            />
          ) : null}
          {selected.length > 0 ? (
            <SelectedTraces
              traceIds={selected.map((key) => key.slice(key.indexOf("/") + 1))}
              onClear={() => go({ ...address, selected: [] })}
              onLabelled={recount}
            />
          ) : null}
        </section>
      </div>
    </div>
  );
}
