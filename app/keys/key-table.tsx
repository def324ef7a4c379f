"use client";
import { useState } from "react";
import type { KeysReply } from "#lib/wire/keys.ts";
import { Button } from "../_parts/button.tsx";
import { Sure } from "../_parts/sure.tsx";
import { TimeText } from "../_parts/text.tsx";

interface KeyTableProps {
  readonly keys: KeysReply["keys"];
  readonly onRevoke: (keyId: string) => void;
}

/** Keys, the newest first; revoking asks once more, because it cannot be undone. */
export function KeyTable({ keys, onRevoke }: KeyTableProps) {
  const [asking, setAsking] = useState<string | null>(null);
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Business unit</th>
          <th scope="col">Name</th>
          <th scope="col">Made</th>
          <th scope="col" title="Since the server started">
            Last used
          </th>
          <th scope="col">Status</th>
          <th scope="col">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.toReversed().map(({ keyId, businessUnit, name, createdAtMs, lastUsedAtMs, revokedAtMs }) => (
          <tr key={keyId}>
            <td>{businessUnit}</td>
            <td>{name}</td>
            <td>
              <TimeText atMs={createdAtMs} short />
            </td>
            <td>
              {lastUsedAtMs === null ? (
                <span className="faint">not since the start</span>
              ) : (
                <TimeText atMs={lastUsedAtMs} short />
              )}
            </td>
            <td>
              {revokedAtMs === null ? (
                <span className="status-good">● open</span>
              ) : (
                <span className="soft">
                  ✕ revoked <TimeText atMs={revokedAtMs} short />
                </span>
              )}
            </td>
            <td className="right">
              {revokedAtMs !== null ? null : asking === keyId ? (
                <span className="row" style={{ justifyContent: "flex-end" }}>
                  <Sure
                    about="Nothing comes in with it any more."
                    yes={`Yes, revoke ${name}`}
                    onYes={() => {
                      setAsking(null);
                      onRevoke(keyId);
                    }}
                    onKeep={() => setAsking(null)}
                  />
                </span>
              ) : (
                <Button tone="danger" small aria-label={`Revoke ${name}`} onClick={() => setAsking(keyId)}>
                  Revoke
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
