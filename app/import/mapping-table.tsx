"use client";
import type { ColumnMapping, ColumnUse, columnTargets } from "#lib/formats/column-mapping.ts";
import type { PreviewColumn, PreviewReply } from "#lib/wire/import.ts";

/** What each target is, in words of the page. */
const groups: readonly (readonly [label: string, targets: readonly (typeof columnTargets)[number][]])[] = [
  ["What was said", ["input", "output"]],
  ["Which trace", ["trace_id", "span_id", "parent_span_id", "session_id", "user_id"]],
  ["When", ["started_at", "ended_at", "duration_ms"]],
  ["Who and what", ["agent", "name", "kind", "model", "tool_name", "status", "environment"]],
  ["What it took", ["tokens_in", "tokens_out", "cost_usd"]]
];

interface MappingTableProps {
  readonly columns: readonly PreviewColumn[];
  readonly mapping: PreviewReply["mapping"];
  readonly records: number;
  readonly onChange: (mapping: ColumnMapping) => void;
}

/** Each column, what is in it, and a box to say what it is. A target goes from one column to another. */
export function MappingTable({ columns, mapping, records, onChange }: MappingTableProps) {
  const change = (column: string, use: ColumnUse | null) => {
    const others = mapping.filter((other) => other.column !== column && other.target !== use?.target);
    onChange(
      [...others, ...(use ? [use] : [])].map(({ target, column: name, range }) => ({ target, column: name, range }))
    );
  };
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">First values</th>
          <th scope="col" className="right">
            Filled
          </th>
          <th scope="col">Is</th>
          <th scope="col">Because of</th>
        </tr>
      </thead>
      <tbody>
        {columns.map(({ name, filled, samples }) => {
          const use = mapping.find(({ column }) => column === name) ?? null;
          return (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td className="soft import-samples">{samples.join(" · ")}</td>
              <td className="right">
                {filled} of {records}
              </td>
              <td>
                <UseBox column={name} use={use} onChange={(next) => change(name, next)} />
              </td>
              <td className="soft">{use ? (use.reason ?? "your choice") : ""}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface UseBoxProps {
  readonly column: string;
  readonly use: ColumnUse | null;
  readonly onChange: (use: ColumnUse | null) => void;
}

function UseBox({ column, use, onChange }: UseBoxProps) {
  const [kind, name] = /^(score|label):(.*)$/.exec(use?.target ?? "")?.slice(1) ?? [use?.target ?? "", ""];
  const plain = column.replaceAll(/[^\w-]+/g, "_").slice(0, 60) || "value";
  const choose = (word: string) => {
    if (word === "") onChange(null);
    else if (word === "score" || word === "label")
      onChange({ target: `${word}:${name || plain}`, column, range: null });
    else onChange({ target: word as ColumnUse["target"], column, range: null });
  };
  return (
    <div className="row">
      <select
        className="select input-small"
        aria-label={`What ${column} is`}
        value={kind}
        onChange={({ target }) => choose(target.value)}
      >
        <option value="">an attribute</option>
        <optgroup label="Verdicts">
          <option value="score">a score</option>
          <option value="label">a label</option>
        </optgroup>
        {groups.map(([label, targets]) => (
          <optgroup key={label} label={label}>
            {targets.map((target) => (
              <option key={target} value={target}>
                {target}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {use && kind === "score" ? <ScaleBox key={column} use={use} onChange={onChange} /> : null}
    </div>
  );
}

const scales = ["0..1", "1..5", "0..5", "1..10", "0..10", "0..100", "-1..1"];

function ScaleBox({ use, onChange }: { readonly use: ColumnUse; readonly onChange: (use: ColumnUse) => void }) {
  const now = use.range ? use.range.join("..") : "0..1";
  return (
    <select
      className="select input-small"
      aria-label={`Scale of ${use.column}`}
      value={now}
      onChange={({ target }) => {
        const [low = 0, high = 1] = target.value.split("..").map(Number);
        onChange({ ...use, range: target.value === "0..1" ? null : [low, high] });
      }}
    >
      {[...new Set([...scales, now])].map((scale) => (
        <option key={scale} value={scale}>
          {scale.replace("..", " to ")}
        </option>
      ))}
    </select>
  );
}
