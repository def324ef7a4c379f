// biome-ignore-all lint/a11y/useSemanticElements: rows drawn by need are placed by hand, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and moves within itself
"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { RowsAsked } from "#lib/browser/api.ts";
import { rowWindow } from "#lib/browser/row-window.ts";
import type { TableWindow } from "#lib/browser/table-window.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { Column } from "#lib/model/table.ts";
import type { ProfileReply } from "#lib/wire/workbook.ts";
import { ColumnProfile } from "./column-profile.tsx";
import { DataCell, type FoundValue } from "./data-cell.tsx";
import { DataGrip } from "./data-grip.tsx";
import { FullValue, type OpenedValue, openValue } from "./full-value.tsx";
import { StateNotice } from "./state-notice.tsx";

const rowHeight = 30;
const pageRows = 100;
const headHeight = 58;

/** Characters of a text that come with the rows; the whole is asked for when it is opened. */
const rowCharacters = 400;

/** Characters of one value that the page opens at most. */
const fullCharacters = 1_000_000;

/** Where a table's rows come from. A new object means new rows. */
export interface TableSource {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly read: (asked: RowsAsked) => Promise<TableWindow>;
  readonly profile?: () => Promise<ProfileReply>;
  readonly downloads?: readonly { readonly label: string; readonly href: string }[];
}

interface DataTableProps {
  readonly source: TableSource;
  readonly label: string;
  /** What stands at the right of the foot. */
  readonly actions?: React.ReactNode;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** A table of any length: only the rows in view are fetched and drawn. Sorts, resizes, copies, downloads. */
export function DataTable({ source, label, actions }: DataTableProps) {
  const pages = useRef(new Map<number, TableWindow | "asked">());
  const view = useRef<HTMLDivElement>(null);
  const current = useRef<TableSource | null>(null);
  const profiled = useRef(false);
  const [, redraw] = useState(0);
  const [scroll, setScroll] = useState({ top: 0, height: 420 });
  const [sort, setSort] = useState<{ readonly name: string; readonly descending: boolean } | null>(null);
  const [widths, setWidths] = useState<readonly number[]>(() => source.columns.map(firstWidth));
  const [profile, setProfile] = useState<ProfileReply | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [chosen, setChosen] = useState<Place | null>(null);
  const [full, setFull] = useState<OpenedValue | null>(null);

  useEffect(() => {
    pages.current = new Map();
    setFault(null);
    setProfile(null);
    setChosen(null);
    setWidths((now) => (now.length === source.columns.length ? now : source.columns.map(firstWidth)));
    redraw((count) => count + 1);
    current.current = source;
    profiled.current = false;
    return () => {
      current.current = null;
    };
  }, [source]);

  /** Asks for the histograms once per source, after its first rows: both wait for the same engine. */
  const askProfile = useCallback(() => {
    if (profiled.current) return;
    profiled.current = true;
    source.profile?.().then(
      (reply) => {
        if (current.current === source) setProfile(reply);
      },
      (error: unknown) => {
        if (current.current === source) console.warn("no column histograms:", reportOf(error).message);
      }
    );
  }, [source]);

  const window = rowWindow(source.rows, rowHeight, scroll.top, scroll.height);
  const firstPage = Math.floor(window.first / pageRows);
  const lastPage = Math.floor(Math.max(window.first, window.end - 1) / pageRows);
  useEffect(() => {
    const held = pages.current;
    for (let page = firstPage; page <= lastPage && page * pageRows < source.rows; page++) {
      if (held.has(page)) continue;
      held.set(page, "asked");
      source
        .read({
          offset: page * pageRows,
          limit: pageRows,
          sort: sort?.name ?? null,
          descending: sort?.descending ?? false,
          characters: rowCharacters
        })
        .then(
          (rows) => {
            if (held.size > 60) forgetFar(held, page);
            held.set(page, rows);
            redraw((count) => count + 1);
            if (current.current === source) askProfile();
          },
          (error: unknown) => {
            held.delete(page);
            setFault(reportOf(error));
          }
        );
    }
  }, [source, sort, firstPage, lastPage, askProfile]);

  const valueAt = (place: Place) => {
    // Drawn once before the pages of the source before it are dropped.
    if (current.current !== source) return undefined;
    const page = pages.current.get(Math.floor(place.row / pageRows));
    if (!page || page === "asked" || place.row - page.offset >= page.rows) return undefined;
    return readPlace(page, place);
  };

  /** The value of a place as text; of a text that came cut the whole, as far as the page opens it. */
  const readFull = async (place: Place): Promise<OpenedValue | null> => {
    const found = valueAt(place);
    if (!found) return null;
    if (found.characters === null) return openValue(found);
    const rows = await source.read({
      offset: place.row,
      limit: 1,
      sort: sort?.name ?? null,
      descending: sort?.descending ?? false,
      characters: fullCharacters
    });
    return openValue(readPlace(rows, place));
  };

  const withFull = (place: Place, use: (opened: OpenedValue) => unknown) => {
    readFull(place).then(
      (opened) => opened && current.current === source && use(opened),
      (error: unknown) => setFault(reportOf(error))
    );
  };

  const choose = (place: Place) => {
    setChosen(place);
    const box = view.current;
    if (!box) return;
    const top = place.row * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight - headHeight)
      box.scrollTop = top + rowHeight - box.clientHeight + headHeight;
  };

  const onKey = (event: React.KeyboardEvent) => {
    if (event.target !== view.current) return;
    const now = chosen ?? { row: 0, column: 0 };
    const steps: Readonly<Record<string, Place>> = {
      ArrowDown: { row: now.row + 1, column: now.column },
      ArrowUp: { row: now.row - 1, column: now.column },
      ArrowRight: { row: now.row, column: now.column + 1 },
      ArrowLeft: { row: now.row, column: now.column - 1 },
      PageDown: { row: now.row + 10, column: now.column },
      PageUp: { row: now.row - 10, column: now.column }
    };
    const found = chosen ? valueAt(chosen) : undefined;
    const next = steps[event.key];
    if (next) {
      choose({
        row: Math.max(0, Math.min(source.rows - 1, next.row)),
        column: Math.max(0, Math.min(source.columns.length - 1, next.column))
      });
    } else if ((event.ctrlKey || event.metaKey) && event.key === "c" && found && !getSelection()?.toString()) {
      withFull(chosen ?? now, ({ text }) => navigator.clipboard.writeText(text));
    } else if (event.key === "Enter" && found) withFull(chosen ?? now, setFull);
    else return;
    event.preventDefault();
  };

  const template = { gridTemplateColumns: widths.map((width) => `${width}px`).join(" ") };
  const drawn = Array.from({ length: Math.max(0, window.end - window.first) }, (_, at) => window.first + at);
  return (
    <div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      <div
        ref={view}
        className="data-table"
        role="grid"
        aria-label={label}
        aria-rowcount={source.rows + 1}
        aria-colcount={source.columns.length}
        tabIndex={0}
        onKeyDown={onKey}
        onScroll={(event) =>
          setScroll({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })
        }
      >
        <div className="data-head" role="row" style={template}>
          {source.columns.map((column, at) => (
            <div
              key={column.name}
              className="data-th"
              role="columnheader"
              aria-sort={sort?.name !== column.name ? "none" : sort.descending ? "descending" : "ascending"}
            >
              <button
                type="button"
                className="data-sort"
                title={`${column.name} ${column.type}`}
                onClick={() => {
                  pages.current = new Map();
                  setSort(nextSort(sort, column.name));
                }}
              >
                <span>{column.name}</span>
                <span className="data-type">{shortType(column.type)}</span>
                <span aria-hidden="true">{sort?.name === column.name ? (sort.descending ? "↓" : "↑") : ""}</span>
              </button>
              <ColumnProfile column={profile?.columns.find(({ name }) => name === column.name)} />
              <DataGrip
                width={widths[at] ?? 120}
                onWidth={(width) => setWidths(widths.with(at, width))}
                name={column.name}
              />
            </div>
          ))}
        </div>
        <div style={{ position: "relative", height: window.bodyHeight }} role="rowgroup">
          {drawn.map((row) => (
            <div
              key={row}
              className="data-row"
              role="row"
              aria-rowindex={row + 2}
              style={{ ...template, top: window.top + (row - window.first) * rowHeight }}
            >
              {source.columns.map((column, at) => (
                <DataCell
                  key={column.name}
                  column={column.name}
                  found={valueAt({ row, column: at })}
                  chosen={chosen?.row === row && chosen.column === at}
                  onChoose={() => choose({ row, column: at })}
                  onFull={() => withFull({ row, column: at }, setFull)}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <FullValue opened={full} onClose={() => setFull(null)} />
      <div className="data-foot">
        <span className="num">
          {source.rows.toLocaleString("en-US")} {source.rows === 1 ? "row" : "rows"} · {source.columns.length} columns
        </span>
        <span className="grow" />
        {actions}
        {source.downloads?.map(({ label: name, href }) => (
          <a key={name} className="button button-quiet button-small" href={href} download>
            {name}
          </a>
        ))}
      </div>
    </div>
  );
}

function readPlace(rows: TableWindow, { row, column }: Place): FoundValue {
  const at = row - rows.offset;
  return {
    value: rows.value(at, column),
    look: rows.looks[column] ?? "text",
    characters: rows.characters(at, column)
  };
}

function nextSort(sort: { readonly name: string; readonly descending: boolean } | null, name: string) {
  if (sort?.name !== name) return { name, descending: false };
  return sort.descending ? null : { name, descending: true };
}

function forgetFar(held: Map<number, unknown>, near: number): void {
  for (const page of held.keys()) if (Math.abs(page - near) > 20) held.delete(page);
}

function firstWidth({ name, type }: Column): number {
  if (/_id$/.test(name)) return 150;
  if (/TIMESTAMP/.test(type)) return 170;
  if (/^(VARCHAR|JSON)/.test(type)) return /^(input|output|reason|document|label|cluster_label)/.test(name) ? 320 : 160;
  return Math.max(110, name.length * 8 + 70);
}

function shortType(type: string): string {
  if (type.startsWith("TIMESTAMP")) return "time, UTC";
  return type.length > 16 ? `${type.split("(")[0]?.toLowerCase().slice(0, 12)}…` : type.toLowerCase();
}
