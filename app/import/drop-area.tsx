"use client";
import { useRef, useState } from "react";
import { listChosen, listDropped, type PickedFile } from "#lib/browser/upload.ts";
import { uploadLimits } from "#lib/wire/import.ts";
import { Button } from "../_parts/button.tsx";

interface DropAreaProps {
  readonly disabled: boolean;
  readonly onFiles: (files: readonly PickedFile[]) => void;
}

/** Where files are dropped, or chosen by keyboard. */
export function DropArea({ disabled, onFiles }: DropAreaProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (input: HTMLInputElement) => {
    if (input.files && input.files.length > 0) onFiles(listChosen(input.files));
    // The same file may be chosen again after it was changed.
    input.value = "";
  };
  return (
    <section
      aria-label="Files to import"
      className="drop-area"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!disabled) void listDropped(event.dataTransfer.items).then(onFiles);
      }}
    >
      <p>
        <strong>Drop files or a folder here</strong>
      </p>
      <div className="row">
        <Button disabled={disabled} onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button disabled={disabled} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
      </div>
      <p className="soft">
        JSON, JSON lines, CSV or Parquet, also gzipped: exports of other tools, or a table of your own. Up to{" "}
        {uploadLimits.bytes / 2 ** 30} GiB in {uploadLimits.files.toLocaleString("en-US")} files.
      </p>
      <input ref={files} type="file" multiple hidden aria-label="Files" onChange={({ target }) => take(target)} />
      <input
        ref={(input) => {
          folder.current = input;
          // React knows no such attribute.
          input?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder"
        onChange={({ target }) => take(target)}
      />
    </section>
  );
}
