import { formatCount, formatNumber } from "#lib/browser/format.ts";
import type { ProfileReply } from "#lib/wire/workbook.ts";

/** A tiny histogram of a column, or its commonest values, in the head of a table. */
export function ColumnProfile({ column }: { readonly column: ProfileReply["columns"][number] | undefined }) {
  if (!column) return <div className="profile" />;
  const nulls = column.nulls > 0 ? `, ${formatNumber(column.nulls)} null` : "";
  if (column.bins && column.bins.length > 0) {
    const most = Math.max(1, ...column.bins);
    return (
      <div className="profile" role="img" aria-label={`${column.name} from ${column.low} to ${column.high}${nulls}`}>
        {column.bins.map((count, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            key={at}
            title={formatCount(count, "row")}
            style={{ height: `${(count / most) * 100}%` }}
          />
        ))}
      </div>
    );
  }
  if (column.top && column.top.length > 0) {
    const distinct = column.distinct === null ? "" : `${formatNumber(column.distinct)} distinct`;
    const sum = column.top.reduce((total, [, count]) => total + count, 0);
    if (column.top.every(([, count]) => count === 1))
      return <div className="profile-top">{distinct || "all distinct"}</div>;
    return (
      <div className="profile-top" title={`${distinct}${nulls}`}>
        {column.top.slice(0, 3).map(([value, count]) => (
          <span key={value} title={`${value.slice(0, 80)}: ${formatNumber(count)}`} style={{ flex: count / sum }}>
            {value.slice(0, 20)}
          </span>
        ))}
      </div>
    );
  }
  return <div className="profile-top">{nulls.slice(2)}</div>;
}
