import { Fault } from "#lib/model/fault.ts";
import { cellText, formatWorkbook, parseDocument, type Segment, type WorkbookDocument } from "./document.ts";
import { type FenceInfo, formatFenceInfo } from "./fence.ts";

/** What a new cell is. */
export type NewCell = (FenceInfo & { readonly text: string }) | { readonly kind: "prose"; readonly text: string };

/** The text with the body of one cell replaced, every other byte kept. Cells are counted from 0, as in `Workbook.cells`. */
export function replaceCell(text: string, index: number, body: string): string {
  return edit(text, index, (segment, ending) => {
    if (segment.kind === "prose") return [{ ...segment, raw: body }];
    return cellText(segment) === body ? [segment] : [withBody(segment, body, ending)];
  });
}

/** The text with the kind or name of one cell replaced. */
export function renameCell(text: string, index: number, info: FenceInfo): string {
  return edit(text, index, (segment) => {
    if (segment.kind === "prose") throw new Fault("invalid", "prose has no name");
    const open = segment.open.replace(/^(`+)[^\r\n]*/, (_, fence: string) => fence + formatFenceInfo(info));
    return [{ ...segment, info, open }];
  });
}

/** The text with a cell before the one at `index`, or at the end where `index` is the number of cells. */
export function insertCell(text: string, index: number, cell: NewCell): string {
  const document = parseDocument(text);
  const ending = endingOf(text);
  const places = cellPlaces(document);
  if (index < 0 || index > places.length) throw new Fault("missing", `there is no place ${index} for a cell`);
  const place = places[index] ?? document.segments.length;
  const before = document.segments.slice(0, place);
  const after = document.segments.slice(place);
  const made = makeSegment(cell, ending);
  const gap = before.length > 0 || document.front !== "" ? gapAfter(rawOf(before, document), ending) : "";
  const tail = after.length > 0 ? gapAfter(rawOf([made], document), ending) : "";
  return formatWorkbook({ ...document, segments: [...before, prose(gap), made, prose(tail), ...after] });
}

/** The text without one cell and the blank lines after it. */
export function deleteCell(text: string, index: number): string {
  const document = parseDocument(text);
  const place = placeOf(document, index);
  const next = document.segments[place + 1];
  const blank = next?.kind === "prose" && next.raw.trim() === "" ? 1 : 0;
  const segments = document.segments.filter((_, at) => at < place || at > place + blank);
  const following = segments[place];
  if (blank === 0 && following?.kind === "prose") {
    const raw = following.raw.replace(/^(?:[ \t]*\r?\n)+/, "");
    return formatWorkbook({ ...document, segments: segments.with(place, { ...following, raw }) });
  }
  return formatWorkbook({ ...document, segments });
}

/** The text with one cell moved so that it is at `to` afterwards; the blank lines between places stay where they are. */
export function moveCell(text: string, from: number, to: number): string {
  const document = parseDocument(text);
  const places = cellPlaces(document);
  placeOf(document, from);
  placeOf(document, to);
  const cells = places.map((place) => document.segments[place]!);
  const [moved] = cells.splice(from, 1);
  cells.splice(to, 0, moved!);
  const ending = endingOf(text);
  const segments = [...document.segments];
  places.forEach((place, at) => {
    segments[place] = cells[at]!;
  });
  const spaced = segments.flatMap((segment, at) => {
    const before = segments[at - 1];
    if (!before) return [segment];
    const touching = before.kind === "prose" && segment.kind === "prose" && isText(before) && isText(segment);
    const joined = !rawOf([before], null).endsWith("\n");
    const gap = joined ? ending + ending : touching ? ending : "";
    return gap === "" ? [segment] : [prose(gap), segment];
  });
  return formatWorkbook({ ...document, segments: spaced });
}

function edit(text: string, index: number, change: (segment: Segment, ending: string) => readonly Segment[]): string {
  const document = parseDocument(text);
  const place = placeOf(document, index);
  const changed = change(document.segments[place]!, endingOf(text));
  return formatWorkbook({ ...document, segments: document.segments.toSpliced(place, 1, ...changed) });
}

function isText(segment: Segment): boolean {
  return segment.kind === "cell" || segment.raw.trim() !== "";
}

function cellPlaces(document: WorkbookDocument): readonly number[] {
  return document.segments.flatMap((segment, place) => (isText(segment) ? [place] : []));
}

function placeOf(document: WorkbookDocument, index: number): number {
  const place = cellPlaces(document)[index];
  if (place === undefined) throw new Fault("missing", `the workbook has no cell ${index}`);
  return place;
}

function endingOf(text: string): string {
  return /\r\n/.test(text) ? "\r\n" : "\n";
}

function prose(raw: string): Segment {
  return { kind: "prose", raw, line: 0 };
}

function rawOf(segments: readonly Segment[], document: WorkbookDocument | null): string {
  return formatWorkbook({ mark: "", front: document?.front ?? "", segments });
}

function gapAfter(raw: string, ending: string): string {
  if (/\n[ \t]*\r?\n$/.test(raw)) return "";
  return raw.endsWith("\n") ? ending : ending + ending;
}

function makeSegment(cell: NewCell, ending: string): Segment {
  if (cell.kind === "prose") return prose(cell.text.endsWith("\n") ? cell.text : cell.text + ending);
  const info: FenceInfo = { kind: cell.kind, name: cell.name };
  const open = `\`\`\`${formatFenceInfo(info)}${ending}`;
  return withBody({ kind: "cell", info, open, body: "", close: `\`\`\`${ending}`, line: 0 }, cell.text, ending);
}

/** A longer fence where the body holds a line that would close it. */
function withBody(segment: Extract<Segment, { kind: "cell" }>, body: string, ending: string): Segment {
  const longest = Math.max(0, ...[...body.matchAll(/^ {0,3}(`{3,})[ \t]*\r?$/gm)].map((match) => match[1]!.length));
  const fence = /^`+/.exec(segment.open)?.[0] ?? "```";
  const grown = longest >= fence.length ? "`".repeat(longest + 1) : fence;
  return {
    ...segment,
    open: segment.open.replace(/^`+/, grown),
    body: body === "" ? "" : body + ending,
    close: grown === fence ? segment.close : segment.close.replace(/`+/, grown)
  };
}
