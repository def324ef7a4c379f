"use client";
import type { ApiKey } from "#lib/model/person.ts";
import { Button } from "../_parts/button.tsx";
import { TimeText } from "../_parts/text.tsx";

interface KeyTableProps {
  readonly keys: readonly ApiKey[];
  /** Now, in ms since 1970 UTC. */
  readonly nowMs: number;
  readonly onRevoke: (keyId: string) => void;
}

/** One's own keys, newest first. */
export function KeyTable({ keys, nowMs, onRevoke }: KeyTableProps) {
  return (
    <table className="table" aria-label="Keys">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">May</th>
          <th scope="col">In</th>
          <th scope="col">Last used</th>
          <th scope="col">Status</th>
          <th scope="col">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map(({ keyId, name, rights, businessUnits, lastUsedAtMs, revokedAtMs, expiresAtMs }) => {
          const isOpen = revokedAtMs === null && expiresAtMs > nowMs;
          return (
            <tr key={keyId}>
              <td>{name}</td>
              <td>{rights.join(", ")}</td>
              <td>{businessUnits?.join(", ") ?? "all of mine"}</td>
              <td>
                {lastUsedAtMs === null ? <span className="faint">never</span> : <TimeText atMs={lastUsedAtMs} short />}
              </td>
              <td>
                {revokedAtMs !== null ? (
                  <span className="soft">
                    ✕ revoked <TimeText atMs={revokedAtMs} short />
                  </span>
                ) : isOpen ? (
                  <span className="status-good">
                    ● until <TimeText atMs={expiresAtMs} short />
                  </span>
                ) : (
                  <span className="soft">
                    ✕ ended <TimeText atMs={expiresAtMs} short />
                  </span>
                )}
              </td>
              <td className="right">
                {isOpen ? (
                  <Button tone="danger" small aria-label={`Revoke ${name}`} onClick={() => onRevoke(keyId)}>
                    Revoke
                  </Button>
                ) : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
