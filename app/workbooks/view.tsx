"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { WorkbooksReply } from "#lib/wire/workbook.ts";
import { Button } from "../_parts/button.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { TimeText } from "../_parts/text.tsx";

/** The list of workbooks, and a line to begin a new one. */
export function WorkbooksView() {
  const router = useRouter();
  const [reply, setReply] = useState<WorkbooksReply | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [title, setTitle] = useState("");
  useEffect(() => {
    api.listWorkbooks().then(setReply, (error: unknown) => setFault(reportOf(error)));
  }, []);
  const create = (event: React.FormEvent) => {
    event.preventDefault();
    api.createWorkbook({ title }).then(
      ({ slug }) => router.push(`/workbooks/${slug}`),
      (error: unknown) => setFault(reportOf(error))
    );
  };
  return (
    <>
      <header className="title-bar">
        <h1>Workbooks</h1>
        <form className="row" style={{ marginLeft: "auto" }} onSubmit={create}>
          <input
            className="input"
            aria-label="Title of the new workbook"
            placeholder="Title of a new workbook"
            value={title}
            onChange={({ target }) => setTitle(target.value)}
          />
          <Button tone="main" disabled={title.trim() === ""} onClick={create}>
            Create
          </Button>
        </form>
      </header>
      <div className="content">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!reply && !fault ? <StateNotice notice={{ kind: "waiting", label: "Loading workbooks" }} /> : null}
        {reply?.workbooks.length === 0 ? (
          <StateNotice
            notice={{ kind: "empty", title: "There are no workbooks yet.", next: "Give the first one a title above." }}
          />
        ) : null}
        {reply && reply.workbooks.length > 0 ? (
          <table className="table">
            <thead>
              <tr>
                <th>Title</th>
                <th>Revision</th>
                <th>Saved</th>
                <th>By</th>
                <th>Owner</th>
                <th>You may</th>
              </tr>
            </thead>
            <tbody>
              {reply.workbooks.map((workbook) => (
                <tr key={workbook.slug}>
                  <td>
                    <Link href={`/workbooks/${workbook.slug}`}>{workbook.title}</Link>
                  </td>
                  <td className="num">r{workbook.revision}</td>
                  <td>
                    <TimeText atMs={workbook.savedAtMs} />
                  </td>
                  <td>{workbook.savedBy}</td>
                  <td>{workbook.owner}</td>
                  <td className="soft">{workbook.access === "own" ? "share" : workbook.access}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
      </div>
    </>
  );
}
