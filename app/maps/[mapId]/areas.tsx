"use client";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { MapArea } from "#lib/model/kept-map.ts";
import { quoteText } from "#lib/sql/quote.ts";
import type { AreaRequest, KeptMapReply } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";

interface AreasProps {
  readonly map: KeptMapReply;
  /** What is encircled on the map now. */
  readonly polygon: MapArea["polygon"] | null;
  /** Does something, then reads the map again. */
  readonly attempt: (work: () => Promise<unknown>) => void;
}

/** Areas that people encircled: each is a table that any cell can read, with the traces that arrive later, too. */
export function Areas({ map, polygon, attempt }: AreasProps) {
  const [name, setName] = useState("");
  const path = paths.mapAreas(map.mapId);
  const keep = () => {
    if (!polygon) return;
    const request: AreaRequest = { name, polygon };
    attempt(async () => {
      await ask<null>(path, "PUT", request);
      setName("");
    });
  };
  return (
    <section aria-labelledby="areas">
      <h2 id="areas">Areas</h2>
      {polygon ? (
        <p className="row" style={{ gap: 8 }}>
          <input
            className="input input-small"
            aria-label="Name of the area"
            placeholder="name"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <Button small disabled={name.trim() === ""} onClick={keep}>
            Keep this area
          </Button>
        </p>
      ) : (
        <p className="soft" style={{ fontSize: 13 }}>
          Draw a lasso, box or polygon on the map to keep a part of it under a name. Traces that arrive later are in it,
          too.
        </p>
      )}
      <ul style={{ listStyle: "none", padding: 0 }}>
        {map.areas.map((area) => (
          <li key={area.name} className="row" style={{ gap: 8, padding: "4px 0" }}>
            <strong>{area.name}</strong>
            <code style={{ fontSize: 12 }}>
              select * from areas where map = {quoteText(map.title)} and area = {quoteText(area.name)}
            </code>
            {area.version < map.version ? <span className="faint">drawn on version {area.version}</span> : null}
            <Button
              small
              tone="danger"
              aria-label={`Delete the area ${area.name}`}
              onClick={() => attempt(() => ask<null>(`${path}?name=${encodeURIComponent(area.name)}`, "DELETE"))}
            >
              Delete
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
