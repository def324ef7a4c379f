import type { SpanHead } from "#lib/wire/traces.ts";

/**
 * Spans in the order of their tree, parents first, siblings by start. A span whose parent is missing is a
 * root; where parents run in a circle, the earliest of the circle is taken as a root. None is lost.
 *
 * @param heads  in start order
 */
export function orderTree(heads: readonly SpanHead[]): readonly SpanHead[] {
  const ids = new Set(heads.map(({ spanId }) => spanId));
  const children = new Map<string, SpanHead[]>();
  const roots: SpanHead[] = [];
  for (const head of heads) {
    const parent = head.parentSpanId;
    if (parent === null || parent === head.spanId || !ids.has(parent)) roots.push(head);
    else children.set(parent, push(children.get(parent), head));
  }
  const ordered: SpanHead[] = [];
  const seen = new Set<string>();
  const walk = (root: SpanHead) => {
    const stack = [root];
    for (let head = stack.pop(); head; head = stack.pop()) {
      if (seen.has(head.spanId)) continue;
      seen.add(head.spanId);
      ordered.push(head);
      for (const child of (children.get(head.spanId) ?? []).toReversed()) stack.push(child);
    }
  };
  for (const root of roots) walk(root);
  for (const head of heads) if (!seen.has(head.spanId)) walk(head);
  return ordered;
}

function push(list: SpanHead[] | undefined, head: SpanHead): SpanHead[] {
  if (!list) return [head];
  list.push(head);
  return list;
}
