"use client";
import Link from "next/link";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { SavedView } from "#lib/model/saved-view.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "./button.tsx";
import { Popup } from "./popup.tsx";
import { StateNotice } from "./state-notice.tsx";
import { useAttempt } from "./use-attempt.ts";

interface SavedViewsProps {
  /** Null while they are on their way. */
  readonly views: readonly SavedView[] | null;
  /** The one the list began with, where there is one. */
  readonly current: SavedView | null;
  /** Filter, order and columns as they are now. */
  readonly query: string;
  /** The views are other ones now; the list is to show this one, or none. */
  readonly onChanged: (viewId: string | null) => void;
}

/** The address of a saved view: it says all that the view keeps, and its id. */
export function viewHref({ viewId, query }: SavedView): string {
  return `/traces?${query === "" ? "" : `${query}&`}view=${encodeURIComponent(viewId)}`;
}

/** Names the list as it is, opens, renames and deletes named ones. */
export function SavedViews({ views, current, query, onChanged }: SavedViewsProps) {
  const [name, setName] = useState("");
  const [renamed, setRenamed] = useState<{ readonly viewId: string; readonly name: string } | null>(null);
  const { fault, attempt } = useAttempt();
  const work = (does: () => Promise<string | null>) => attempt(async () => onChanged(await does()));
  const put = (view: SavedView, changed: Partial<SavedView>) =>
    work(async () => {
      const { name, query } = { ...view, ...changed };
      await ask<SavedView>(paths.savedView(view.viewId), "PUT", { name, query });
      setRenamed(null);
      return current?.viewId ?? null;
    });
  return (
    <Popup label="Views">
      <div className="menu-list" style={{ left: 0, right: "auto", width: 340, padding: 12 }}>
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {views?.length === 0 ? <p className="soft">No view is saved yet.</p> : null}
        <ul style={{ listStyle: "none", padding: 0, maxHeight: "50vh", overflow: "auto" }}>
          {(views ?? []).map((view) => (
            <li key={view.viewId} className="row" style={{ gap: 4, minHeight: 32 }}>
              {renamed?.viewId === view.viewId ? (
                <form
                  className="row grow"
                  onSubmit={(event) => {
                    event.preventDefault();
                    void put(view, { name: renamed.name });
                  }}
                >
                  <input
                    className="input input-small grow"
                    aria-label={`New name of ${view.name}`}
                    // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
                    autoFocus
                    value={renamed.name}
                    onChange={({ target }) => setRenamed({ ...renamed, name: target.value })}
                  />
                  <button type="submit" className="button button-small">
                    Save
                  </button>
                </form>
              ) : (
                <>
                  <Link
                    className="grow cut"
                    href={viewHref(view)}
                    aria-current={view.viewId === current?.viewId ? "page" : undefined}
                  >
                    {view.name}
                  </Link>
                  {view.viewId === current?.viewId && view.query !== query ? (
                    <Button small onClick={() => void put(view, { query })}>
                      Update
                    </Button>
                  ) : null}
                  <Button
                    tone="quiet"
                    small
                    aria-label={`Rename ${view.name}`}
                    onClick={() => setRenamed({ viewId: view.viewId, name: view.name })}
                  >
                    Rename
                  </Button>
                  <Button
                    tone="danger"
                    small
                    icon="trash"
                    aria-label={`Delete ${view.name}`}
                    onClick={() =>
                      void work(async () => {
                        await ask<null>(paths.savedView(view.viewId), "DELETE");
                        return current?.viewId === view.viewId ? null : (current?.viewId ?? null);
                      })
                    }
                  />
                </>
              )}
            </li>
          ))}
        </ul>
        <form
          className="row"
          style={{ marginTop: 8 }}
          onSubmit={(event) => {
            event.preventDefault();
            void work(async () => {
              const made = await ask<SavedView>(paths.savedViews(), "POST", { name, query });
              setName("");
              return made.viewId;
            });
          }}
        >
          <input
            className="input input-small grow"
            aria-label="Name of the view"
            placeholder="Name the list as it is now"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <button type="submit" className="button button-small" disabled={name.trim() === ""}>
            Save view
          </button>
        </form>
      </div>
    </Popup>
  );
}
