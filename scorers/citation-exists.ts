/**
 * Every source that the agent's answers cite was retrieved: `[1]` and `[2, 3]` count the retrieved documents from 1,
 * `[doc:ID]`, `[source:ID]`, `[id:ID]` and `【ID】` name a document by its id, and so does `[ID]` where it is built like
 * the ids that were retrieved (`[case-2009-12]` beside `case-1998-7`). A Markdown link is no citation.
 *
 * Unscored: nothing was retrieved, the trace has no answer, or the answers cite nothing.
 */
import { fail, findCitations, pass, saidText, scorer, unscored } from "tracebook";

export default scorer({
  target: "trace",
  score: (trace) => {
    const said = saidText(trace);
    if (said === "") return unscored("the trace has no answer");
    if (trace.documents.length === 0) return unscored("nothing was retrieved");
    const known = trace.documents.flatMap(({ id }) => (typeof id === "string" ? [id.trim().toLowerCase()] : []));
    const cited = findCitations(said, known);
    if (cited.length === 0) return unscored("the answers cite nothing");
    const ids = new Set(known);
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
            .join(", ")}`,
          { evidence: absent.slice(0, 5).map((mark) => ({ quote: mark.slice(0, 200) })) }
        );
  }
});
