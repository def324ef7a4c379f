"use client";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { Picked, Selection } from "#lib/model/selection.ts";
import { quoteText } from "#lib/sql/quote.ts";
import type { AreaRequest, KeptMapReply } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";
import { SelectionActions } from "../../_parts/selection-actions.tsx";

interface AreasProps {
  readonly map: KeptMapReply;
  /** What is picked on the map now. */
  readonly picked: Picked | null;
  /** Does something, then reads the map again. */
  readonly attempt: (work: () => Promise<unknown>) => void;
  /** Called when traces of an area have got a label. */
  readonly onTagged: () => void;
}

/** Areas that people encircled: each is a table that any cell can read, with the traces that arrive later, too. */
export function Areas({ map, picked, attempt, onTagged }: AreasProps) {
  const polygon = picked && "polygon" in picked ? picked.polygon : null;
  const [name, setName] = useState("");
  const [opened, setOpened] = useState<string | null>(null);
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
        <div className="row" style={{ gap: 8, flexWrap: "wrap", marginBottom: 8 }}>
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
        </div>
      ) : picked ? null : (
        <p className="soft" style={{ fontSize: 13 }}>
          Draw a lasso, box or polygon on the map to label its traces, send a sample to people, keep them as a dataset
          or draft a scorer, or to keep the part under a name. Traces that arrive later are in it, too.
        </p>
      )}
      {picked ? (
        <SelectionActions
          key={JSON.stringify(picked)}
          selection={selectionOf(map, picked)}
          title={`Part of ${map.title}`}
          onTagged={onTagged}
        />
      ) : null}
      <ul style={{ listStyle: "none", padding: 0 }}>
        {map.areas.map((area) => (
          <li key={area.name} style={{ padding: "4px 0" }}>
            <div className="row" style={{ gap: 8, flexWrap: "wrap" }}>
              <strong>{area.name}</strong>
              <code style={{ fontSize: 12 }}>
                select * from areas where map = {quoteText(map.title)} and area = {quoteText(area.name)}
              </code>
              {area.version < map.version ? <span className="faint">drawn on version {area.version}</span> : null}
              <Button
                small
                aria-expanded={opened === area.name}
                aria-label={`Actions for the area ${area.name}`}
                onClick={() => setOpened(opened === area.name ? null : area.name)}
              >
                Actions
              </Button>
              <Button
                small
                tone="danger"
                aria-label={`Delete the area ${area.name}`}
                onClick={() => attempt(() => ask<null>(`${path}?name=${encodeURIComponent(area.name)}`, "DELETE"))}
              >
                Delete
              </Button>
            </div>
            {opened === area.name ? (
              <SelectionActions
                selection={{ kind: "area", mapId: map.mapId, area: area.name }}
                title={area.name}
                onTagged={onTagged}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function selectionOf({ mapId, version }: KeptMapReply, picked: Picked): Selection {
  return "polygon" in picked ? { kind: "lasso", mapId, version, ...picked } : { kind: "traces", mapId, ...picked };
}
