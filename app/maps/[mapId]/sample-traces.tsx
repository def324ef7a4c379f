import Link from "next/link";

/** Links to the first few of some traces, as numbers. */
export function SampleTraces({ ids }: { readonly ids: readonly string[] }) {
  return (
    <span className="row" style={{ gap: 4 }}>
      {ids.slice(0, 3).map((id, at) => (
        <Link key={id} className="button button-small num" href={`/traces/${id}`} aria-label={`Trace ${id}`} title={id}>
          {at + 1}
        </Link>
      ))}
    </span>
  );
}
