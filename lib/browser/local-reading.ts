import { isFault, reportOf } from "#lib/model/fault.ts";
import type { ReadReply } from "#lib/wire/workbook.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

/**
 * A reading brought up to a newer text without asking the server, so that what is typed never waits: cells
 * as they stand, what they read as last known, the fault of a cell only while its text is the same. A
 * text that cannot be read keeps the earlier cells and says why.
 */
export function readLocally(reply: ReadReply, text: string): ReadReply {
  try {
    const { cells, ...workbook } = parseWorkbook(text);
    const known = new Map(reply.cells.map((cell) => [cell.key, cell]));
    return {
      ...reply,
      ...workbook,
      fault: null,
      cells: cells.map((cell) => {
        const before = known.get(cell.key);
        return { ...cell, reads: before?.reads ?? [], fault: before?.text === cell.text ? before.fault : null };
      })
    };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { ...reply, fault: reportOf(error) };
  }
}
