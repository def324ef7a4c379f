import Link from "next/link";
import type { Example } from "#lib/model/dataset.ts";

interface ExampleTableProps {
  readonly examples: readonly Example[];
  readonly hasExpected: boolean;
}

/** Examples, a row each; their beginning, the whole is in the files. */
export function ExampleTable({ examples, hasExpected }: ExampleTableProps) {
  const hasUnits = new Set(examples.map(({ businessUnit }) => businessUnit)).size > 1;
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Split</th>
          {hasUnits ? <th>Unit</th> : null}
          <th>Input</th>
          {hasExpected ? <th>Expected</th> : null}
          <th>Trace</th>
        </tr>
      </thead>
      <tbody>
        {examples.map(({ traceId, businessUnit, input, expected, split }) => (
          <tr key={`${businessUnit}/${traceId}`}>
            <td>{split}</td>
            {hasUnits ? <td>{businessUnit}</td> : null}
            <td style={{ overflowWrap: "anywhere" }}>{input || <span className="faint">no input</span>}</td>
            {hasExpected ? (
              <td style={{ overflowWrap: "anywhere" }}>{expected ?? <span className="faint">none</span>}</td>
            ) : null}
            <td>
              <Link href={`/traces/${traceId}`} className="mono">
                {traceId.slice(0, 8)}
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
