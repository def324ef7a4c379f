/** How many steps of an engine's program stand for one sign: classes of Unicode have hundreds of ranges. */
const weightOf = { plain: 1, wide: 8, script: 200 } as const;

/**
 * How large a program a regular expression becomes, about, in signs to be told from one another. What is repeated
 * counts as often as it may be, so that `[a-z]{1,500}` weighs 500; whatever it weighs is looked for in every text.
 *
 * @param pattern  as RE2 reads it; what is none has some weight
 */
export function expressionWeight(pattern: string): number {
  // A group's weight is what it holds so far; the last member is what a repetition would repeat.
  const groups: { sum: number; last: number }[] = [{ sum: 0, last: 0 }];
  for (const [token] of pattern.matchAll(
    /\\[pP](?:\{[^}]*\}|.)|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?[a-zA-Z-]+\)|\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?|\{\d+(?:,\d*)?\}|[\s\S]/gu
  )) {
    const group = groups.at(-1)!;
    if (token.startsWith("(") && !token.endsWith(")")) groups.push({ sum: 0, last: 0 });
    else if (token === ")" && groups.length > 1) {
      groups.pop();
      add(groups.at(-1)!, group.sum);
    } else if (/^\{\d/.test(token)) {
      const [least = 0, most = least] = token.match(/\d+/g)!.map(Number);
      group.sum += group.last * (Math.max(least, most, 1) - 1);
      group.last *= Math.max(least, most, 1);
    } else if (!/^(?:[*+?|^$]|\(.*\))$/.test(token)) add(group, signWeight(token));
  }
  return groups.reduce((total, { sum }) => total + sum, 0);
}

function add(group: { sum: number; last: number }, weight: number): void {
  group.sum += weight;
  group.last = weight;
}

function signWeight(token: string): number {
  if (/\\[pP]/.test(token)) return weightOf.script;
  const isWide = token === "." || token.startsWith("[^") || /\\[DWSxC]|[^\0-\x7f]/.test(token);
  return isWide ? weightOf.wide : weightOf.plain;
}
