"use client";
import { formatBrowser } from "#lib/browser/role-words.ts";
import type { SignInSession } from "#lib/model/person.ts";
import { Button } from "../_parts/button.tsx";
import { TimeText } from "../_parts/text.tsx";

interface SessionListProps {
  readonly sessions: readonly SignInSession[];
  /** The one that looks. */
  readonly own: string | null;
  readonly onEnd: (sessionId: string) => void;
}

/** Where somebody is signed in. */
export function SessionList({ sessions, own, onEnd }: SessionListProps) {
  return (
    <table className="table" aria-label="Where you are signed in">
      <thead>
        <tr>
          <th scope="col">Browser</th>
          <th scope="col">From</th>
          <th scope="col">Since</th>
          <th scope="col">Until</th>
          <th scope="col">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map(({ sessionId, userAgent, ip, createdAtMs, expiresAtMs }) => (
          <tr key={sessionId}>
            <td title={userAgent ?? undefined}>
              {formatBrowser(userAgent)} {sessionId === own ? <span className="status-good">● this one</span> : null}
            </td>
            <td>{ip ?? "–"}</td>
            <td>
              <TimeText atMs={createdAtMs} short />
            </td>
            <td>
              <TimeText atMs={expiresAtMs} short />
            </td>
            <td className="right">
              {sessionId === own ? null : (
                <Button tone="danger" small onClick={() => onEnd(sessionId)}>
                  Sign out there
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
