import { descriptionLimit, titleLimit } from "#lib/model/cluster-title.ts";
import { cutLine } from "#lib/model/one-line.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { ModelQuestion } from "#lib/ports/model.ts";
import { dataRule, formatDataBlock } from "#lib/scoring/data-block.ts";

/** Of a title and its description. */
export const mostTitleTokens = 200;

const system = `You name groups of requests that people made to an AI agent. You get words by which a group differs from the others, and the beginnings of some of its texts. ${dataRule} Answer with a title of at most ${titleLimit} characters, in sentence case and without a full stop, and with a description of at most ${descriptionLimit} characters that says what most of the texts have in common. Name no people, and no numbers of accounts or orders. Write in the language of most of the texts.`;

const schema: Json = {
  type: "object",
  properties: {
    title: { type: "string", description: `At most ${titleLimit} characters` },
    description: { type: "string", description: `At most ${descriptionLimit} characters` }
  },
  required: ["title", "description"],
  additionalProperties: false
};

/**
 * Asks what a cluster is to be called.
 *
 * @param unit   whose texts they are
 * @param words  by which the cluster differs from the others
 */
export function titleQuestion(unit: BusinessUnit, words: string, texts: readonly string[]): ModelQuestion {
  const user = formatDataBlock({ words, texts });
  return { businessUnit: unit, system, user, form: "cluster_title", schema, maxTokens: mostTitleTokens };
}

/** A title as it is kept, from an answer of the form; undefined where it is empty. */
export function parseTitle(value: Json): { readonly title: string; readonly description: string } | undefined {
  const written = value as { readonly title: string; readonly description: string };
  const title = cutLine(written.title, titleLimit);
  return title === "" ? undefined : { title, description: cutLine(written.description, descriptionLimit) };
}
