import { isFault, reportOf } from "../model/fault.ts";
import { requireUnit, type Scope } from "../model/scope.ts";
import type { Uploads } from "../ports/uploads.ts";
import type { ImportAsked, ImportEvent, PreviewReply } from "../wire/import.ts";
import { EventQueue } from "./event-queue.ts";
import { previewImport } from "./import-preview.ts";
import { importTraces } from "./import-traces.ts";

/** What uploaded files are read and imported through. */
export type UploadDoors = Parameters<typeof importTraces>[0] & { readonly uploads: Uploads };

/** Steps of progress that are told of one import. */
const steps = 200;

/** What an import of uploaded files would do. @throws Fault `missing` for an upload that is gone, `denied` for a foreign unit */
export async function previewUpload(
  doors: UploadDoors,
  scope: Scope,
  uploadId: string,
  asked: ImportAsked
): Promise<PreviewReply> {
  requireUnit(scope, asked.businessUnit);
  const upload = doors.uploads.find(scope, uploadId);
  return previewImport(doors, { ...asked, path: upload.folder, format: null, agent: nameAgents(upload.files) });
}

/**
 * Imports uploaded files, says how far it is, and removes them when all is in. One that is stopped keeps them, so
 * that it can be run again for the rest.
 *
 * @throws Fault `missing` for an upload that is gone, `denied` for a foreign unit
 */
export function importUpload(
  doors: UploadDoors,
  scope: Scope,
  uploadId: string,
  asked: ImportAsked,
  signal: AbortSignal
): AsyncIterable<ImportEvent> {
  requireUnit(scope, asked.businessUnit);
  const upload = doors.uploads.find(scope, uploadId);
  const events = new EventQueue<ImportEvent>();
  let told = -1;
  const request = { ...asked, path: upload.folder, format: null, agent: nameAgents(upload.files) };
  const work = importTraces(
    doors,
    scope,
    request,
    ({ readBytes, totalBytes, traces, spans }) => {
      const share = Math.min(1, readBytes / Math.max(1, totalBytes));
      if (Math.floor(share * steps) === told) return;
      told = Math.floor(share * steps);
      events.push({ kind: "progress", share, traces, spans });
    },
    signal
  );
  work
    .then(async (summary) => {
      await doors.uploads.remove(scope, uploadId);
      events.push({ kind: "done", summary });
      events.end();
    })
    .catch((error: unknown) => {
      if (!isFault(error)) console.error("an import failed:", error);
      events.push({ kind: "fault", fault: reportOf(error) });
      events.end();
    });
  return events;
}

/** What agents are called whose records give no name: as the folder, or the first file. */
function nameAgents(files: readonly { readonly name: string }[]): string {
  const [first = ""] = (files[0]?.name ?? "").split("/");
  return first.replace(/(\.\w+)+$/, "") || "agent";
}
