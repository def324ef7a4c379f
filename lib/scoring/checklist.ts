import { addTerms, chooseLimit, logOdds } from "./draft-scorer.ts";
import { saidText, wordsOf } from "./scorer-text.ts";
import type { TraceView } from "./trace-view.ts";

/** What of a trace a condition speaks of: words of the user, words of the agent, a tool that was called, one that failed. */
export type ConditionSubject = "asked" | "answered" | "called" | "failed";

/** What a checklist reads of a trace. */
export interface ChecklistTrace {
  /** In order, lower case. */
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  readonly called: readonly string[];
  readonly failed: readonly string[];
}

/** How many traces of each kind do not keep a condition. */
export interface ConditionSupport {
  readonly wrong: number;
  readonly fine: number;
}

/** Something that goes with a trace that went wrong. */
export interface Condition {
  readonly subject: ConditionSubject;
  /** Words, a blank between them, or the name of a tool. */
  readonly text: string;
  readonly wrongWhen: "present" | "absent";
  /** Logarithm of the odds, above 0. */
  readonly weight: number;
  readonly support: ConditionSupport;
  /** Group of reasons that it was found with; null where it goes with all that went wrong. */
  readonly group: number | null;
}

/** A scorer that a person can read: the sum of the conditions that a trace breaks, against a limit. */
export interface Checklist {
  /** The surest first; empty where nothing tells traces apart. */
  readonly conditions: readonly Condition[];
  /** A trace that breaks at least this much went wrong. */
  readonly least: number;
  /** Traces that it was learnt from. */
  readonly learntFrom: ConditionSupport;
}

/** A trace to learn from. */
export interface LearntTrace {
  readonly trace: ChecklistTrace;
  readonly isWrong: boolean;
  /** Group of its reason; null for none. */
  readonly group: number | null;
}

/** Characters of the user and of the agent that are read. */
export const checklistReach = 8000;

const [mostConditions, mostOfGroup, mostTried] = [12, 2, 300];

/** A condition that fewer break says little about others, and so does one of a smaller group. */
const [leastWrong, leastOfGroup] = [2, 4];

/** A condition that does not double the odds is not worth reading. */
const leastWeight = Math.log(2);

/** Standard errors that the odds lie above even. */
const leastSure = 1.64;

/** Conditions that nearly the same traces break say one thing twice. */
const mostAlike = 0.75;

/** Reads of a trace what conditions speak of. */
export function readChecklistTrace(view: TraceView): ChecklistTrace {
  const said = view.messages.flatMap(({ role, text }) => (role === "user" ? [text] : [])).join("\n");
  const split = (text: string) => wordsOf(text.slice(0, checklistReach));
  return {
    asked: split(said || view.input),
    answered: split(saidText(view)),
    called: view.tools.map(({ name }) => name),
    failed: view.tools.flatMap(({ name, isError }) => (isError ? [name] : []))
  };
}

/**
 * Learns which words, pairs of words and tools go with what went wrong, those of each group of reasons first. Yields
 * now and then, so that its caller can let others work.
 *
 * @param ignored  words that say too little alone, in lower case
 * @see informative log odds: Monroe, Colaresi, Quinn 2008, doi:10.1093/pan/mpn018; naive Bayes for the sum;
 *   Youden 1950, doi:10.1002/1097-0142 for the limit
 */
export function* learnChecklist(
  traces: readonly LearntTrace[],
  ignored: ReadonlySet<string>
): Generator<void, Checklist> {
  const held: ReadonlySet<string>[] = [];
  const known = yield* commonWords(traces);
  for (const { trace } of traces) {
    held.push(termsOf(trace, known, ignored));
    yield;
  }
  const wrong = traces.flatMap(({ isWrong }, at) => (isWrong ? [at] : []));
  const fine = traces.flatMap(({ isWrong }, at) => (isWrong ? [] : [at]));
  const pick = (places: readonly number[]) => places.map((at) => held[at]!);
  const chosen: Found[] = [];
  const add = (found: readonly Found[], most: number) => {
    let added = 0;
    for (const one of found) {
      if (added === most || chosen.length === mostConditions) return;
      if (chosen.some((other) => isAlike(one.broken, other.broken))) continue;
      chosen.push(one);
      added++;
    }
  };
  const fineCounts = yield* countTerms(pick(fine));
  const groups = [...new Set(traces.flatMap(({ isWrong, group }) => (isWrong && group !== null ? [group] : [])))];
  for (const group of groups.sort((a, b) => a - b)) {
    const own = wrong.filter((at) => traces[at]!.group === group);
    if (own.length === wrong.length || own.length < leastOfGroup) continue;
    const ranked = rankTerms(yield* countTerms(pick(own)), own.length, fineCounts, fine.length, group);
    add(ranked.map(breakers), mostOfGroup);
    yield;
  }
  const ranked = rankTerms(yield* countTerms(pick(wrong)), wrong.length, fineCounts, fine.length, null);
  yield;
  add(ranked.map(breakers), mostConditions);
  const conditions = chosen.flatMap(({ term, wrongWhen, group, broken }): Condition[] => {
    const count = (places: readonly number[]) => places.filter((at) => broken[at] === 1).length;
    const support = { wrong: count(wrong), fine: count(fine) };
    const weight = logOdds(support.wrong, wrong.length) - logOdds(support.fine, fine.length);
    return weight < leastWeight
      ? []
      : [{ ...readTerm(term), wrongWhen, group, support, weight: Math.round(weight * 100) / 100 }];
  });
  const sums = (places: readonly number[]) => places.map((at) => sumBroken(conditions, traces[at]!.trace));
  return {
    conditions: conditions.sort((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1)),
    least: chooseLimit(sums(wrong), sums(fine)),
    learntFrom: { wrong: wrong.length, fine: fine.length }
  };

  function breakers({ term, wrongWhen, group }: Ranked): Found {
    return {
      term,
      wrongWhen,
      group,
      broken: Uint8Array.from(held, (has) => +(has.has(term) === (wrongWhen === "present")))
    };
  }
}

/** Whether a checklist lets a trace pass, as its source text does; undefined where it has no condition. */
export function passesChecklist({ conditions, least }: Checklist, trace: ChecklistTrace): boolean | undefined {
  return conditions.length === 0 ? undefined : sumBroken(conditions, trace) < least;
}

interface Ranked {
  readonly term: string;
  readonly wrongWhen: Condition["wrongWhen"];
  readonly group: number | null;
}

interface Found extends Ranked {
  /** By trace: 1 where it is broken. */
  readonly broken: Uint8Array;
}

/** Terms by how sure it is that they go with what went wrong, the surest first. */
function rankTerms(
  wrongCounts: ReadonlyMap<string, number>,
  wrong: number,
  fineCounts: ReadonlyMap<string, number>,
  fine: number,
  group: number | null
): readonly Ranked[] {
  const ranked: (Ranked & { readonly sure: number })[] = [];
  const consider = (term: string, wrongWhen: Condition["wrongWhen"], inWrong: number, inFine: number) => {
    if (inWrong < leastWrong) return;
    const odds = logOdds(inWrong, wrong) - logOdds(inFine, fine);
    const error = Math.sqrt(
      [inWrong, wrong - inWrong, inFine, fine - inFine].reduce((sum, count) => sum + 1 / (count + 0.5), 0)
    );
    if (odds / error >= leastSure) ranked.push({ term, wrongWhen, group, sure: odds / error });
  };
  for (const [term, count] of wrongCounts) consider(term, "present", count, fineCounts.get(term) ?? 0);
  for (const [term, count] of fineCounts) consider(term, "absent", wrong - (wrongCounts.get(term) ?? 0), fine - count);
  // Where two are as sure, what is there says more than what is not, and a pair of words more than one.
  const rank = ({ term, wrongWhen }: Ranked) =>
    (wrongWhen === "present" ? 0 : 1) + (term.split(" ").length > 2 ? 0 : 0.5);
  return ranked.sort((a, b) => b.sure - a.sure || rank(a) - rank(b) || (a.term < b.term ? -1 : 1)).slice(0, mostTried);
}

function isAlike(one: Uint8Array, other: Uint8Array): boolean {
  let [both, any] = [0, 0];
  for (let at = 0; at < one.length; at++) {
    both += one[at]! & other[at]!;
    any += one[at]! | other[at]!;
  }
  return both >= mostAlike * any;
}

function sumBroken(conditions: readonly Condition[], trace: ChecklistTrace): number {
  return conditions
    .filter((condition) => holds(trace, condition) === (condition.wrongWhen === "present"))
    .reduce((sum, { weight }) => sum + weight, 0);
}

function holds(trace: ChecklistTrace, { subject, text }: Pick<Condition, "subject" | "text">): boolean {
  if (subject === "called" || subject === "failed") return trace[subject].includes(text);
  return ` ${trace[subject].join(" ")} `.includes(` ${text} `);
}

const readTerm = (term: string): Pick<Condition, "subject" | "text"> => {
  const at = term.indexOf(" ");
  return { subject: term.slice(0, at) as ConditionSubject, text: term.slice(at + 1) };
};

/** Words that two traces say: pairs of others are rarer still. */
function* commonWords(traces: readonly LearntTrace[]): Generator<void, ReadonlySet<string>> {
  const counts = yield* countTerms(traces.map(({ trace: { asked, answered } }) => new Set([...asked, ...answered])));
  return new Set([...counts].flatMap(([word, count]) => (count >= leastWrong ? [word] : [])));
}

function* countTerms(traces: readonly ReadonlySet<string>[]): Generator<void, ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const terms of traces) {
    addTerms(counts, terms);
    yield;
  }
  return counts;
}

function termsOf(trace: ChecklistTrace, known: ReadonlySet<string>, ignored: ReadonlySet<string>): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const subject of ["asked", "answered"] as const) {
    let before: string | undefined;
    for (const word of trace[subject]) {
      const isKnown = known.has(word) && !/^[\p{N}.,]+$/u.test(word);
      const tells = isKnown && !ignored.has(word) && (word.length > 1 || word.charCodeAt(0) > 0x2e7f);
      if (tells) terms.add(`${subject} ${word}`);
      // A pair may hold one word that says little alone: “not refund”.
      if (isKnown && before !== undefined && (tells || !ignored.has(before))) terms.add(`${subject} ${before} ${word}`);
      before = isKnown ? word : undefined;
    }
  }
  for (const subject of ["called", "failed"] as const) {
    for (const name of trace[subject]) if (name !== "") terms.add(`${subject} ${name}`);
  }
  return terms;
}
