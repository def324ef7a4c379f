import type { SeenCluster } from "#lib/model/seen-clusters.ts";

/** What a model wrote of a cluster, and that a model wrote it. */
export function WrittenTitle({ cluster: { written, isNamed } }: { readonly cluster: SeenCluster }) {
  if (!written) return null;
  return (
    <div className="soft" style={{ fontSize: 12, maxWidth: 520 }}>
      {isNamed ? `${written.title}. ` : ""}
      {written.description} <span className="faint">· written by {written.modelId}</span>
    </div>
  );
}
