"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type PickedFile, sendFile } from "#lib/browser/upload.ts";
import { Fault, type FaultReport, reportOf } from "#lib/model/fault.ts";
import { type UploadReply, uploadLimits } from "#lib/wire/import.ts";
import { importPaths } from "#lib/wire/import-paths.ts";

/** What is chosen and how far it is sent. */
export interface UploadState {
  readonly files: readonly PickedFile[];
  /** Files that are sent whole. */
  readonly sent: number;
  readonly sentBytes: number;
  readonly bytes: number;
  /** Null until all is sent. */
  readonly ready: UploadReply | null;
  readonly fault: FaultReport | null;
}

const nothing: UploadState = { files: [], sent: 0, sentBytes: 0, bytes: 0, ready: null, fault: null };

/** Sends files to the server; new ones take the place of old ones, and leaving the page removes them there. */
export function useUpload() {
  const [state, setState] = useState<UploadState>(nothing);
  const open = useRef<{ uploadId: string | null; stop: AbortController } | null>(null);

  const leave = useCallback(() => {
    const now = open.current;
    open.current = null;
    now?.stop.abort();
    // The page may be going: the browser sends this after it has gone.
    if (now?.uploadId) void fetch(importPaths.upload(now.uploadId), { method: "DELETE", keepalive: true });
  }, []);
  useEffect(() => {
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [leave]);

  const choose = async (files: readonly PickedFile[]) => {
    leave();
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const start = { ...nothing, files, bytes };
    if (files.length === 0) {
      setState(nothing);
      return;
    }
    const own = { uploadId: null as string | null, stop: new AbortController() };
    open.current = own;
    setState(start);
    try {
      checkSize(files.length, bytes);
      const ready = await ask<UploadReply>(importPaths.uploads(), "POST", {});
      own.uploadId = ready.uploadId;
      let before = 0;
      for (const [index, { name, file }] of files.entries()) {
        const tell = (sentBytes: number) =>
          open.current === own && setState({ ...start, sent: index, sentBytes: before + sentBytes });
        await sendFile(importPaths.file(ready.uploadId, name), file, tell, own.stop.signal);
        before += file.size;
      }
      if (open.current === own) setState({ ...start, sent: files.length, sentBytes: bytes, ready });
    } catch (error) {
      if (open.current === own) setState({ ...start, fault: reportOf(error) });
    }
  };
  return { state, choose };
}

function checkSize(files: number, bytes: number): void {
  if (files > uploadLimits.files) throw new Fault("limit", `these are more than ${uploadLimits.files} files`);
  if (bytes > uploadLimits.bytes)
    throw new Fault("limit", `the files are larger than ${uploadLimits.bytes / 2 ** 30} GiB together`, {
      hint: "Import them from the command line: npx tracebook import <file or folder> --business-unit <unit>"
    });
}
