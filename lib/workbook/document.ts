import { Fault } from "#lib/model/fault.ts";
import { type FenceInfo, readFenceInfo } from "./fence.ts";

/** A run of bytes of a workbook's text: the segments in order are the text. */
export type Segment =
  | { readonly kind: "prose"; readonly raw: string; readonly line: number }
  | {
      readonly kind: "cell";
      readonly info: FenceInfo;
      /** The opening line with its line ending. */
      readonly open: string;
      /** All between the fences, with the last line's ending. */
      readonly body: string;
      /** The closing line, with its ending where it has one. */
      readonly close: string;
      /** Line of the opening fence, from 1. */
      readonly line: number;
    };

/** A workbook's text taken apart without losing a byte. */
export interface WorkbookDocument {
  /** Byte order mark, where there was one. */
  readonly mark: string;
  /** Front matter with its fences, or empty. */
  readonly front: string;
  readonly segments: readonly Segment[];
}

interface Line {
  /** With its ending. */
  readonly raw: string;
  readonly text: string;
}

const opening = /^( {0,3})(`{3,}|~{3,})(.*)$/;

/**
 * Takes a text apart. Cells are backtick fences at the margin whose first words say so; every other
 * fence (indented, tildes, another language) stays in the prose, and what is inside it is never a cell.
 *
 * @throws Fault `invalid` with the position for a fence or front matter that does not end
 */
export function parseDocument(text: string): WorkbookDocument {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const lines = splitLines(text.slice(mark.length));
  const frontLines = countFrontLines(lines);
  const segments: Segment[] = [];
  let prose: string[] = [];
  let proseLine = frontLines + 1;
  const endProse = (next: number) => {
    if (prose.length > 0) segments.push({ kind: "prose", raw: prose.join(""), line: proseLine });
    prose = [];
    proseLine = next;
  };
  for (let index = frontLines; index < lines.length; index++) {
    const line = lines[index]!;
    const match = opening.exec(line.text);
    const [, indent = "", fence = "", words = ""] = match ?? [];
    // CommonMark: the words after a backtick fence hold no backtick, else it is code within a line.
    if (!match || (fence.startsWith("`") && words.includes("`"))) {
      prose.push(line.raw);
      continue;
    }
    const column = indent.length + fence.length + 1;
    const info = indent === "" && fence.startsWith("`") ? readFenceInfo(words, { line: index + 1, column }) : null;
    const end = findClosing(lines, index + 1, fence);
    if (end === -1) {
      throw new Fault("invalid", `the block that begins with "${line.text.trim().slice(0, 60)}" does not end`, {
        hint: `Close it with a line of ${fence}.`,
        position: { line: index + 1, column: indent.length + 1 }
      });
    }
    if (info) {
      endProse(end + 2);
      const body = lines.slice(index + 1, end).map(({ raw }) => raw);
      segments.push({
        kind: "cell",
        info,
        open: line.raw,
        body: body.join(""),
        close: lines[end]!.raw,
        line: index + 1
      });
    } else {
      for (let inside = index; inside <= end; inside++) prose.push(lines[inside]!.raw);
    }
    index = end;
  }
  endProse(lines.length + 1);
  const front = lines
    .slice(0, frontLines)
    .map(({ raw }) => raw)
    .join("");
  return { mark, front, segments };
}

/** The text of a document; `parseDocument` takes it apart again into the same. */
export function formatWorkbook(document: WorkbookDocument): string {
  const parts = document.segments.map((segment) =>
    segment.kind === "prose" ? segment.raw : segment.open + segment.body + segment.close
  );
  return document.mark + document.front + parts.join("");
}

/** What is between a cell's fences, without the ending of its last line. */
export function cellText(segment: Extract<Segment, { kind: "cell" }>): string {
  return segment.body.replace(/(?:\r\n|\n)$/, "");
}

function splitLines(text: string): Line[] {
  return [...text.matchAll(/[^\n]*\n|[^\n]+$/g)].map(([raw]) => ({ raw, text: raw.replace(/\r?\n$/, "") }));
}

function countFrontLines(lines: readonly Line[]): number {
  if (lines[0]?.text.trimEnd() !== "---") return 0;
  const end = lines.findIndex(({ text }, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(text));
  if (end !== -1) return end + 1;
  throw new Fault("invalid", "the front matter does not end", {
    hint: 'Close it with a line of "---".',
    position: { line: 1, column: 1 }
  });
}

function findClosing(lines: readonly Line[], from: number, fence: string): number {
  const closing = new RegExp(`^ {0,3}\\${fence[0]}{${fence.length},}[ \\t]*$`);
  for (let index = from; index < lines.length; index++) if (closing.test(lines[index]!.text)) return index;
  return -1;
}
