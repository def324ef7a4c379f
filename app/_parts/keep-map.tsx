"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { ParamValue } from "#lib/model/cell.ts";
import type { KeepMapRequest } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "./button.tsx";
import { StateNotice } from "./state-notice.tsx";
import { useMapWork } from "./use-map-work.ts";

interface KeepMapProps {
  readonly workbook: string;
  /** Text of the whole workbook. */
  readonly text: string;
  readonly cell: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Suggested; people can change it. */
  readonly title: string;
}

/** Keeps a map: it is built once more, then stands still, and traces are placed on it as they arrive. */
export function KeepMap({ workbook, text, cell, params, title }: KeepMapProps) {
  const router = useRouter();
  const [name, setName] = useState(title);
  const work = useMapWork((mapId) => router.push(paths.mapPage(mapId)));
  if (work.doing !== null) {
    return (
      <span className="row" role="status" style={{ gap: 8 }}>
        Keeping the map: {work.doing}
        <Button small icon="stop" onClick={work.stop}>
          Stop
        </Button>
      </span>
    );
  }
  const request: KeepMapRequest = { title: name, workbook, cell, text, params };
  return (
    <>
      <span className="row" style={{ gap: 8 }}>
        <input
          className="input input-small"
          aria-label="Title of the kept map"
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <Button
          small
          disabled={name.trim() === ""}
          title="It stands still from then on, and new traces are placed on it as they arrive"
          onClick={() => work.start(paths.keptMaps(), request)}
        >
          Keep this map
        </Button>
      </span>
      {work.fault ? <StateNotice notice={{ kind: "fault", fault: work.fault }} /> : null}
    </>
  );
}
