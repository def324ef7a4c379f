"use client";
import { Button } from "../../../_parts/button.tsx";

interface ConflictProps {
  readonly mine: string;
  readonly theirs: string;
  readonly revision: number;
  readonly onSettle: (mine: boolean) => void;
}

/** Both texts side by side; neither is lost whichever is chosen. */
export function Conflict({ mine, theirs, revision, onSettle }: ConflictProps) {
  return (
    <div className="card" role="alert">
      <p>
        Somebody saved revision {revision} while you were writing. Nothing of yours is lost: choose which text goes on.
      </p>
      <div className="conflict">
        <div>
          <Button small onClick={() => onSettle(true)}>
            Go on with mine, as a new revision
          </Button>
          <pre>{mine}</pre>
        </div>
        <div>
          <Button small onClick={() => onSettle(false)}>
            Take revision {revision}
          </Button>
          <pre>{theirs}</pre>
        </div>
      </div>
    </div>
  );
}
