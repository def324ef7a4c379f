import type { Column, TableInfo } from "#lib/model/table.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import type { ProfileReply } from "#lib/wire/workbook.ts";

type ColumnProfile = ProfileReply["columns"][number];

/** Bars of a column's histogram. */
const bins = 20;
/** Commonest values that a profile names. */
const topValues = 5;
/** Characters of a value that a profile shows. */
const topCharacters = 80;
/** Up to this many rows distinct values are counted one by one; beyond, the count is an estimate. */
const countedRows = 200_000;
/** Columns that a profile looks at; further ones have only their name. */
const profiledColumns = 200;

/** What is in each column: nulls, distinct values, a histogram of numbers and times, the commonest texts. */
export async function profileTable(kernel: Kernel, table: TableInfo): Promise<ProfileReply> {
  const columns: ColumnProfile[] = [];
  for (const [index, column] of table.columns.entries()) {
    columns.push(index < profiledColumns ? await profileColumn(kernel, table, column) : empty(column));
  }
  return { columns };
}

/** How a column's values become numbers on a line, or null for what has no such line. */
function axisOf(column: Column): string | null {
  const name = quoteName(column.name);
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U[A-Z]*INT|UHUGEINT|FLOAT|DOUBLE|DECIMAL.*)$/.test(column.type)) {
    return `${name}::double`;
  }
  return /^(DATE|TIMESTAMP.*)$/.test(column.type) ? `epoch_ms(${name}::timestamp)::double` : null;
}

function empty(column: Column): ColumnProfile {
  return { ...column, nulls: 0, distinct: null, bins: null, low: null, high: null, top: null };
}

async function profileColumn(kernel: Kernel, table: TableInfo, column: Column): Promise<ColumnProfile> {
  const [name, from] = [quoteName(column.name), quoteName(table.name)];
  const axis = axisOf(column);
  const nested = /(\[\]|^STRUCT|^MAP|^UNION|^BLOB)/.test(column.type);
  const distinctOf = table.rows <= countedRows ? `count(distinct ${name})` : `approx_count_distinct(${name})`;
  const text = `left(${name}::varchar, ${topCharacters})`;
  const [sums] = await kernel.rows(
    `select count(*) - count(${name}) as nulls, ${nested ? "null" : distinctOf} as distinct_values,
      ${axis ? `min(${axis}) filter (isfinite(${axis}))` : "null"} as low,
      ${axis ? `max(${axis}) filter (isfinite(${axis}))` : "null"} as high
     from ${from}`,
    {},
    1
  );
  const nulls = Number(sums?.["nulls"] ?? 0);
  const distinct = sums?.["distinct_values"] == null ? null : Number(sums["distinct_values"]);
  const [low, high] = [sums?.["low"], sums?.["high"]];
  const base = { ...column, nulls, distinct };
  if (axis && typeof low === "number" && typeof high === "number") {
    const shown = (value: number) => (axis.startsWith("epoch_ms") ? new Date(value).toISOString() : value);
    const counts = await countBins(kernel, from, axis, low, high);
    return { ...base, bins: counts, low: shown(low), high: shown(high), top: null };
  }
  if (axis || nested) return { ...base, bins: null, low: null, high: null, top: null };
  const rows = await kernel.rows(
    `select ${text} as value, count(*) as n from ${from} where ${name} is not null
     group by 1 order by n desc, value limit ${topValues}`,
    {},
    topValues
  );
  const top = rows.map((row) => [String(row["value"]), Number(row["n"])] as const);
  return { ...base, bins: null, low: null, high: null, top };
}

async function countBins(kernel: Kernel, from: string, axis: string, low: number, high: number) {
  const counts = new Array<number>(bins).fill(0);
  const place = high > low ? `least(${bins - 1}, floor((${axis} - $low) / ($high - $low) * ${bins}))::integer` : "0";
  const values = high > low ? { low, high } : {};
  const rows = await kernel.rows(
    `select ${place} as bin, count(*) as n from ${from} where isfinite(${axis}) group by 1`,
    values,
    bins
  );
  for (const row of rows) counts[Number(row["bin"])] = Number(row["n"]);
  return counts;
}
