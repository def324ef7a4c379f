import type { SeenAuditEntry } from "#lib/model/audit.ts";

/** All that is kept of one entry, a line each; what is not there has no line. */
export function AuditDetails({ entry }: { readonly entry: SeenAuditEntry }) {
  const { actor, auth, object, payload, facts } = entry;
  const lines: readonly (readonly [string, string | null | undefined])[] = [
    ["Action", entry.action],
    [object.kind, object.id],
    ["Reason", entry.reason],
    ["Purpose", payload?.purpose],
    ...Object.entries(facts).map(([name, value]) => [name.replaceAll("_", " "), String(value)] as const),
    ["Changed", payload?.diff === null || payload === null ? null : JSON.stringify(payload.diff)],
    ["Account", actor.id],
    ["Roles then", actor.roles.join(", ")],
    ["Units then", actor.units.join(", ")],
    ["Came in by", auth.sessionId === null ? auth.method : `${auth.method}, session ${auth.sessionId}`],
    ["Address", payload?.ip],
    ["Browser", payload?.userAgent],
    ["Request", entry.requestId],
    ["Recorded at", entry.at],
    ["Clock said", entry.clockAt],
    ["Before, SHA-256", entry.beforeSha256],
    ["After, SHA-256", entry.afterSha256],
    ["Rights table", entry.policyVersion],
    ["Hash before", entry.previousHash],
    ["Hash", entry.hash]
  ];
  return (
    <>
      {entry.isCut ? (
        <p className="soft">What this entry tells of units whose trail is not yours is left out.</p>
      ) : null}
      <dl className="audit-details">
        {lines.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ) : null
        )}
      </dl>
    </>
  );
}
