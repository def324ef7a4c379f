"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { findPlaces, type Place } from "#lib/browser/places.ts";

interface PaletteProps {
  /** Pages that its reader has a use for. */
  readonly pages: readonly Place[];
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** Ctrl+K: pages, workbooks and traces by id. */
export function Palette({ pages, open, onOpen }: PaletteProps) {
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState(0);
  const [workbooks, setWorkbooks] = useState<readonly Place[]>([]);
  const found = findPlaces(words, [...pages, ...workbooks]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onOpen(true);
      }
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [onOpen]);

  useEffect(() => {
    if (!open) {
      dialog.current?.close();
      return;
    }
    if (!dialog.current?.open) dialog.current?.showModal();
    setWords("");
    setChosen(0);
    if (!pages.some(({ href }) => href === "/workbooks")) return;
    api.listWorkbooks().then(
      (reply) =>
        setWorkbooks(
          reply.workbooks.map(({ slug, title }) => ({ label: title, about: "Workbook", href: `/workbooks/${slug}` }))
        ),
      () => setWorkbooks([])
    );
  }, [open, pages]);

  const go = (place: Place | undefined) => {
    if (!place) return;
    onOpen(false);
    router.push(place.href);
  };
  return (
    <dialog ref={dialog} className="dialog palette" aria-label="Go to" onClose={() => onOpen(false)}>
      <input
        className="palette-input"
        aria-label="Page, workbook or trace id"
        placeholder="Page, workbook or trace id"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${chosen}`}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setChosen(Math.min(found.length - 1, chosen + 1));
          else if (event.key === "ArrowUp") setChosen(Math.max(0, chosen - 1));
          else if (event.key === "Enter") go(found[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <div className="palette-list" id="palette-list" role="listbox" aria-label="Places">
        {found.map((place, at) => (
          <button
            key={place.href}
            id={`palette-${at}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            className="menu-item"
            onClick={() => go(place)}
          >
            <span>{place.label}</span>
            <span className="kbd">{place.about}</span>
          </button>
        ))}
        {found.length === 0 ? (
          <p className="soft" style={{ padding: 12 }}>
            Nothing by that name.
          </p>
        ) : null}
      </div>
    </dialog>
  );
}
