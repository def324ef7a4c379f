import { useEffect, useRef, useState } from "react";
import { formatFull } from "#lib/browser/table-window.ts";
import { Button } from "./button.tsx";
import type { FoundValue } from "./data-cell.tsx";

/** A value that was opened, as text. */
export interface OpenedValue {
  readonly text: string;
  /** Characters of the whole. */
  readonly characters: number;
  /** Whether it is too long for the page, so that `text` is only its beginning. */
  readonly cut: boolean;
}

/** A value as the dialog shows it. */
export function openValue({ value, characters }: FoundValue): OpenedValue {
  const text = formatFull(value);
  return { text, characters: characters ?? text.length, cut: characters !== null };
}

interface FullValueProps {
  readonly opened: OpenedValue | null;
  readonly onClose: () => void;
}

const step = 20_000;

/** One value in full, in steps, so that a huge one does not freeze the page. */
export function FullValue({ opened, onClose }: FullValueProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState(step);
  useEffect(() => {
    setShown(step);
    if (opened === null) dialog.current?.close();
    else if (!dialog.current?.open) dialog.current?.showModal();
  }, [opened]);
  const { text, characters, cut } = opened ?? { text: "", characters: 0, cut: false };
  return (
    <dialog ref={dialog} className="dialog" aria-label="Value in full" onClose={onClose}>
      <div className="dialog-head">
        <h2 className="grow">Value · {characters.toLocaleString("en-US")} characters</h2>
        <Button small onClick={() => void navigator.clipboard.writeText(text)}>
          Copy
        </Button>
        <Button small onClick={onClose}>
          Close
        </Button>
      </div>
      <div className="dialog-body">
        {cut ? (
          <p>These are its first {text.length.toLocaleString("en-US")} characters; a download of the rows has all.</p>
        ) : null}
        <pre style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", margin: 0 }}>{text.slice(0, shown)}</pre>
        {text.length > shown ? (
          <Button small onClick={() => setShown(shown * 4)}>
            Show more
          </Button>
        ) : null}
      </div>
    </dialog>
  );
}
