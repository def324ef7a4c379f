import { Fault, type FaultReport, faultOf } from "#lib/model/fault.ts";

/** A file with the folders it lay in. */
export interface PickedFile {
  readonly name: string;
  readonly file: File;
}

/** More files than an import takes are not looked for. */
const fileLimit = 2000;

/** Files of a drop, those in folders too. Hidden files are left out. */
export async function listDropped(items: DataTransferItemList): Promise<readonly PickedFile[]> {
  // All entries first: the list of a drop is emptied as soon as its handler waits.
  const given = [...items].flatMap((item) => {
    const one = item.kind === "file" ? (item.webkitGetAsEntry() ?? item.getAsFile()) : null;
    return one ? [one] : [];
  });
  const found: PickedFile[] = [];
  for (const one of given) {
    if (one instanceof File) found.push({ name: one.name, file: one });
    else await walk(one, "", found);
  }
  return found;
}

/** Files of an input, with the folders they lay in where a folder was chosen. */
export function listChosen(files: FileList): readonly PickedFile[] {
  return [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file })).filter(isVisible);
}

async function walk(entry: FileSystemEntry, path: string, found: PickedFile[]): Promise<void> {
  if (found.length >= fileLimit || entry.name.startsWith(".")) return;
  const name = `${path}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ name, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A folder is given in parts; an empty part is the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const one of part) await walk(one, `${name}/`, found);
  }
}

function isVisible({ name }: PickedFile): boolean {
  return !name.split("/").some((part) => part.startsWith("."));
}

/**
 * Sends a file as it is read from disk.
 *
 * @param onSent  bytes on their way until now
 * @throws Fault the server's own, `broken` when it did not answer, `limit` when stopped
 */
export function sendFile(
  path: string,
  file: File,
  onSent: (bytes: number) => void,
  signal: AbortSignal
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onloadend = () => signal.removeEventListener("abort", stop);
    request.onload = () => (request.status < 300 ? resolve() : reject(readFault(request)));
    request.onabort = () => reject(new Fault("limit", "stopped"));
    request.onerror = () =>
      reject(
        new Fault("broken", "the file could not be sent", { hint: "Is it still there, and the workbench running?" })
      );
    request.open("PUT", path);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });
}

function readFault({ responseText, status }: XMLHttpRequest): Fault {
  try {
    const { fault } = JSON.parse(responseText) as { readonly fault: FaultReport };
    return faultOf(fault);
  } catch (error) {
    return new Fault("broken", `the workbench answered ${status} without a reason`, { cause: error });
  }
}
