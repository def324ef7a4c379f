import { type FaultReport, reportOf } from "#lib/model/fault.ts";

/** Where a command speaks: results on standard output, all else on standard error. */
export interface Console {
  /** True when the caller asked for JSON. */
  readonly json: boolean;
  /** A result line. */
  print(text: string): void;
  /** A line that replaces the last one; silent unless standard error is a terminal and JSON is off. */
  progress(text: string): void;
  /** Ends a progress line. */
  progressDone(): void;
}

/** @param json  machines listen: results are JSON and progress is silent */
export function openConsole(json: boolean): Console {
  const live = process.stderr.isTTY === true && !json;
  let open = false;
  return {
    json,
    print: (text) => void process.stdout.write(`${text}\n`),
    progress(text) {
      if (!live) return;
      open = true;
      process.stderr.write(`\r\u001b[2K${text}`);
    },
    progressDone() {
      if (open) process.stderr.write("\r\u001b[2K");
      open = false;
    }
  };
}

/** JSON of a value that may hold bigints: a safe one becomes a number, another a text. */
export function formatJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item: unknown) =>
      typeof item !== "bigint" ? item : Number.isSafeInteger(Number(item)) ? Number(item) : item.toString(),
    2
  );
}

/** Says what went wrong: the sentence, the place, the hint. */
export function printFault(error: unknown, json: boolean): void {
  const fault: FaultReport = reportOf(error);
  if (json) {
    process.stdout.write(`${formatJson({ fault })}\n`);
    return;
  }
  const place = fault.position ? ` (line ${fault.position.line}, column ${fault.position.column})` : "";
  process.stderr.write(`${fault.message}${place}\n${fault.hint ? `${fault.hint}\n` : ""}`);
  if (process.env.TRACEBOOK_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

/** A count with separated thousands. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** Rows as an aligned text table. */
export function formatTable(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => names.map((name) => formatCell(row[name])));
  const widths = names.map((name, index) => Math.max(name.length, ...cells.map((row) => row[index]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join("  ")
      .trimEnd();
  return [line(names), line(widths.map((width) => "─".repeat(width))), ...cells.map(line)].join("\n");
}

function formatCell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ""
      : typeof value === "string"
        ? value
        : value instanceof Date
          ? value.toISOString()
          : typeof value === "object"
            ? formatJson(value).replaceAll(/\s+/g, " ")
            : String(value);
  const flat = text.replaceAll(/\s+/g, " ");
  return flat.length > 60 ? `${flat.slice(0, 59)}…` : flat;
}
