"use client";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import type { RunsReply } from "#lib/wire/home.ts";
import { paths } from "#lib/wire/paths.ts";
import type { WorkbooksReply } from "#lib/wire/workbook.ts";
import { RunTable } from "../_parts/run-table.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";

interface RunsViewProps {
  /** Whether runs can be picked by their workbook; who reads reports alone is not told what workbooks there are. */
  readonly seesWorkbooks: boolean;
}

/** Runs, newest first, of one workbook or all; two chosen ones are compared. */
export function RunsView({ seesWorkbooks }: RunsViewProps) {
  const router = useRouter();
  const query = useSearchParams();
  const workbook = query.get("workbook") ?? "";
  const { value, fault } = useAnswer<RunsReply>(`${paths.runs()}?${query}`);
  const books = useAnswer<WorkbooksReply>(seesWorkbooks ? paths.workbooks() : null);
  return (
    <>
      <header className="title-bar">
        <h1>Runs</h1>
        {seesWorkbooks ? (
          <label className="field" style={{ marginLeft: "auto" }}>
            Workbook
            <select
              className="select"
              value={workbook}
              onChange={({ target }) =>
                router.replace(target.value === "" ? "/runs" : `/runs?workbook=${encodeURIComponent(target.value)}`)
              }
            >
              <option value="">all</option>
              {(books.value?.workbooks ?? []).map(({ slug, title }) => (
                <option key={slug} value={slug}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </header>
      <div className="content">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading runs" }} /> : null}
        {value ? <RunTable runs={value.runs} isDetailed opensWorkbooks={seesWorkbooks} /> : null}
        {value?.next ? (
          <p style={{ marginTop: 16 }}>
            <Link
              className="button"
              href={`/runs?${new URLSearchParams({ ...(workbook ? { workbook } : {}), before: value.next })}`}
            >
              Older runs
            </Link>
          </p>
        ) : null}
      </div>
    </>
  );
}
