/**
 * Every source the last answer cites was retrieved: `[1]` and `[2, 3]` count the retrieved documents from 1,
 * `[doc:ID]`, `[source:ID]`, `[id:ID]` and `【ID】` name a document by its id. A Markdown link is no citation.
 *
 * Unscored: nothing was retrieved, the trace has no answer, or the answer cites nothing.
 */
import { fail, pass, scorer, unscored } from "tracebook";

export default scorer({
  target: "trace",
  score: (trace) => {
    const output = typeof trace.output === "string" ? trace.output : "";
    if (output.trim() === "") return unscored("the trace has no answer");
    if (trace.documents.length === 0) return unscored("nothing was retrieved");
    const cited = findCitations(output);
    if (cited.length === 0) return unscored("the answer cites nothing");
    const ids = new Set(trace.documents.flatMap(({ id }) => (typeof id === "string" ? [id.trim().toLowerCase()] : [])));
    const absent = cited.filter((mark) => {
      const number = /^\d+$/.test(mark) ? Number(mark) : 0;
      return !ids.has(mark.toLowerCase()) && !(number >= 1 && number <= trace.documents.length);
    });
    return absent.length === 0
      ? pass(`${cited.length} cited sources were retrieved`)
      : fail(
          `cites what was not retrieved: ${absent
            .slice(0, 5)
            .map((mark) => `"${mark.slice(0, 60)}"`)
            .join(", ")}`
        );
  }
});

/** What is cited, in order, without repeats. */
function findCitations(text: string): string[] {
  const plain = toAsciiDigits(text);
  const marks = new Set<string>();
  for (const [, list] of plain.matchAll(/\[\^?(\d{1,3}(?:\s*[,;、]\s*\d{1,3})*)\](?!\()/g)) {
    for (const number of list!.split(/[,;、]/)) marks.add(String(Number(number)));
  }
  for (const [, id] of text.matchAll(/\[(?:doc(?:ument)?|source|id|ref)\s*[:#]\s*([^\]\n]{1,200})\](?!\()/gi))
    marks.add(id!.trim());
  for (const [, id] of plain.matchAll(/【([^】\n]{1,200})】/g)) marks.add(id!.split("†")[0]!.trim());
  return [...marks];
}

function toAsciiDigits(text: string): string {
  return text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [0x660, 0x6f0, 0x966, 0xff10].find((start) => code >= start && code < start + 10) ?? code;
    return String(code - zero);
  });
}
