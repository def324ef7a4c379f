import type { ImportedAnnotation } from "../model/annotation.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Json, Span } from "../model/span.ts";
import { AttributeSources } from "./attribute-sources.ts";
import { type Fields, isFields } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { phoenix } from "./judgement-tables.ts";
import { readJudgement } from "./source-judgement.ts";

/** Where OpenInference keeps what was said of a step on the step itself, and whether its whole trace is meant. */
const trees: readonly (readonly [root: string, isOfTrace: boolean])[] = [
  ["annotations", false],
  ["evaluations", false],
  ["trace.annotations", true],
  ["trace.evaluations", true]
];

const lies = /^(?:trace\.)?(?:annotations|evaluations)(?:\.|$)/;

/** Takes what was said of spans out of their attributes: of people as annotations, of programs as scores. */
export function liftAnnotations(imported: Imported, context: ImportContext): Imported {
  if (!imported.spans.some(({ attributes }) => Object.keys(attributes).some((name) => lies.test(name))))
    return imported;
  const scores: ScoreRecord[] = [...imported.scores];
  const annotations: ImportedAnnotation[] = [...(imported.annotations ?? [])];
  const spans = imported.spans.map((span) => {
    const sources = new AttributeSources(span.attributes, []);
    for (const [root, isOfTrace] of trees) {
      const found = sources.find(`${root}.*`);
      if (!Array.isArray(found)) continue;
      const read = (found as readonly Json[]).flatMap((item, index) => readItem(item, index, span, isOfTrace, context));
      // Where one of them says nothing that can be read, all stay where they are.
      if (read.length !== found.length) continue;
      sources.use(`${root}.*`);
      for (const each of read) {
        scores.push(...each.scores);
        annotations.push(...(each.annotations ?? []));
      }
    }
    return { ...span, attributes: sources.rest() };
  });
  return { ...imported, spans, scores, annotations };
}

function readItem(item: Json, index: number, span: Span, isOfTrace: boolean, context: ImportContext): Imported[] {
  const outer: Fields = isFields(item) ? item : {};
  const inner = [outer.annotation, outer.evaluation].find(isFields) ?? outer;
  const of = {
    traceId: span.traceId,
    spanId: isOfTrace ? null : span.spanId,
    atMs: Number(span.endNs / 1_000_000n)
  };
  const row = { id: `${String(inner.name)}/${String(inner.identifier ?? index)}`, ...inner };
  const read = readJudgement(row, { ...phoenix, format: span.source }, of, context);
  return read.rejected.length === 0 ? [read] : [];
}
