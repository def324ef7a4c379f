import { formatCount } from "#lib/browser/format.ts";
import { mostPicked } from "#lib/model/selection.ts";
import { Button } from "./button.tsx";
import { StateNotice } from "./state-notice.tsx";
import type { MapPart, Remap } from "./use-remap.ts";

interface RemapBarProps {
  readonly remap: Remap;
  /** The whole map is wanted again. */
  readonly onBack: () => void;
}

/** What is being laid out alone, and what is shown of it. */
export function RemapBar({ remap, onBack }: RemapBarProps) {
  const { part, doing, fault, tooMany, startSample, stop } = remap;
  return (
    <>
      {part ? (
        <div className="notice notice-line" role="status">
          <span className="grow">{describePart(part)}</span>
          <Button small onClick={onBack}>
            Back to the whole map
          </Button>
        </div>
      ) : null}
      {doing ? (
        <div className="notice notice-line" role="status">
          <span className="grow">
            {doing.total === 0
              ? `Comparing ${formatCount(doing.traces, "trace")} with each other`
              : `Laying out ${formatCount(doing.traces, "trace")} alone · ${Math.round((100 * doing.done) / doing.total)} %`}
          </span>
          <Button small icon="stop" onClick={stop}>
            Stop
          </Button>
        </div>
      ) : null}
      {tooMany === null ? null : (
        <div className="notice notice-line" role="status">
          <span className="grow">
            {formatCount(tooMany, "trace")} are too many to lay out in the page: {formatCount(mostPicked, "trace")} at
            most. Draw a smaller part, or take a sample.
          </span>
          <Button small onClick={startSample}>
            Lay out a sample
          </Button>
          <Button small onClick={stop}>
            Leave it
          </Button>
        </div>
      )}
      {fault ? (
        <StateNotice
          notice={{
            kind: "fault",
            fault,
            action: (
              <Button small onClick={stop}>
                Close
              </Button>
            )
          }}
        />
      ) : null}
    </>
  );
}

function describePart({ at, picked, untold }: MapPart): string {
  const traces = formatCount(at.length, "trace");
  const sample = picked > at.length ? `, a sample of ${picked.toLocaleString("en-US")},` : "";
  const below = untold > 0 ? ` The ${untold.toLocaleString("en-US")} without text stand below.` : "";
  return `${traces}${sample} laid out alone; positions mean nothing outside this view.${below}`;
}
