"use client";
import { Fragment } from "react";
import { maskMark } from "#lib/model/mask.ts";
import type { Json } from "#lib/model/span.ts";
import "./masked.css";

const mostRows = 100;
const mostDepth = 4;
const mostColumns = 8;

/** A value as words and numbers in rows, not as JSON; a text that holds JSON is opened. */
export function ValueTable({
  value,
  words,
  depth = 0
}: {
  readonly value: Json;
  readonly words: string;
  readonly depth?: number;
}) {
  const opened = openText(value);
  if (opened === null) return <span className="faint">nothing</span>;
  if (typeof opened !== "object") {
    return (
      <div className="said" style={{ fontSize: 13, maxHeight: 320, overflow: "auto" }}>
        <MarkedText text={String(opened)} words={words} />
      </div>
    );
  }
  const entries: readonly (readonly [string, Json])[] = Array.isArray(opened)
    ? (opened as readonly Json[]).map((item, at) => [String(at + 1), item])
    : Object.entries(opened as { readonly [key: string]: Json });
  const heads = Array.isArray(opened) ? commonKeys(opened as readonly Json[]) : [];
  if (heads.length > 0 && depth < mostDepth) {
    return <RecordTable records={opened as readonly Fields[]} heads={heads} words={words} depth={depth} />;
  }
  if (entries.length === 0) return <span className="faint">empty</span>;
  if (depth >= mostDepth) return <code style={{ overflowWrap: "anywhere" }}>{JSON.stringify(opened)}</code>;
  return (
    <table style={{ borderCollapse: "collapse", fontSize: 13, width: "100%" }}>
      <tbody>
        {entries.slice(0, mostRows).map(([key, item]) => (
          <tr key={key}>
            <th
              scope="row"
              style={{
                textAlign: "left",
                verticalAlign: "top",
                fontWeight: 500,
                color: "var(--ink-soft)",
                padding: "3px 12px 3px 0",
                whiteSpace: "nowrap",
                width: 1
              }}
            >
              {key}
            </th>
            <td style={{ padding: "3px 0", borderBottom: "1px solid var(--line)" }}>
              <ValueTable value={item} words={words} depth={depth + 1} />
            </td>
          </tr>
        ))}
        {entries.length > mostRows ? (
          <tr>
            <td colSpan={2} className="faint">
              and {entries.length - mostRows} more, in the raw span
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

interface RecordTableProps {
  readonly records: readonly Fields[];
  readonly heads: readonly string[];
  readonly words: string;
  readonly depth: number;
}

/** Records of one kind: a row each, a column for each of their names. */
function RecordTable({ records, heads, words, depth }: RecordTableProps) {
  return (
    <table className="record-table">
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {records.slice(0, mostRows).map((record, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a record is its place in the list
          <tr key={at}>
            {heads.map((head) => (
              <td key={head}>
                {record[head] === undefined ? null : (
                  <ValueTable value={record[head]} words={words} depth={depth + 1} />
                )}
              </td>
            ))}
          </tr>
        ))}
        {records.length > mostRows ? (
          <tr>
            <td colSpan={heads.length} className="faint">
              and {records.length - mostRows} more, in the raw span
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

type Fields = { readonly [name: string]: Json };

/** Names of the columns of a list of alike, flat records; none where they are something else. */
function commonKeys(items: readonly Json[]): readonly string[] {
  if (items.length < 2) return [];
  const names = new Set<string>();
  let values = 0;
  for (const item of items) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return [];
    for (const [name, value] of Object.entries(item)) {
      if (typeof value === "object" && value !== null) return [];
      names.add(name);
      values += 1;
    }
    if (names.size > mostColumns) return [];
  }
  // A table that is half empty reads worse than its records one by one.
  return values * 2 > items.length * names.size ? [...names] : [];
}

/** Text with every found word marked, and what is hidden in it shown as such. */
export function MarkedText({ text, words }: { readonly text: string; readonly words: string }) {
  const [first = "", ...others] = text.split(maskMark);
  return (
    <>
      <FoundText text={first} words={words} />
      {others.map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the text
        <Fragment key={at}>
          <span className="masked" title="Hidden by the masking of its business unit">
            {maskMark}
          </span>
          <FoundText text={piece} words={words} />
        </Fragment>
      ))}
    </>
  );
}

function FoundText({ text, words }: { readonly text: string; readonly words: string }) {
  const asked = words.trim().toLowerCase();
  if (asked === "") return text;
  const pieces: React.ReactNode[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(asked); at >= 0 && pieces.length < 2000; at = lower.indexOf(asked, from)) {
    pieces.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + asked.length)}</mark>);
    from = at + asked.length;
  }
  return [...pieces, text.slice(from)];
}

function openText(value: Json): Json {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}
