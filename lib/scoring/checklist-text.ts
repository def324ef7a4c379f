import { type Checklist, type Condition, checklistReach } from "./checklist.ts";

/**
 * A checklist as the text of a scorer cell. Words of people and names of tools stand in it as JSON texts alone.
 *
 * @param groups  what the groups of reasons are called, by their number
 */
export function formatChecklist(checklist: Checklist, groups: readonly string[]): string {
  const { conditions, least, learntFrom } = checklist;
  const rows = conditions.map((condition) => {
    const { subject, text, wrongWhen, weight } = condition;
    return `  ${JSON.stringify({ subject, text, wrongWhen, weight, about: describeCondition(condition, checklist, groups) })}`;
  });
  return `/**
 * A draft, learnt from ${learntFrom.wrong} traces that people said went wrong and ${learntFrom.fine} that did not. It knows words and tools, not
 * meanings: read every condition, take out what is there by chance, and correct the limit.
 */
import { saidText, score, scorer, unscored, wordsOf } from "tracebook";

interface Condition {
  /** What the user said, what the agent said, a tool that was called, or one that failed. */
  readonly subject: "asked" | "answered" | "called" | "failed";
  readonly text: string;
  readonly wrongWhen: "present" | "absent";
  /** How much it speaks for a trace that went wrong. */
  readonly weight: number;
  readonly about: string;
}

const conditions: readonly Condition[] = [${rows.length === 0 ? "" : `\n${rows.join(",\n")}\n`}];

/** A trace that breaks at least this much went wrong. */
const least = ${least};

const most = conditions.reduce((sum, { weight }) => sum + weight, 0);

const readWords = (text: string) => \` \${wordsOf(text.slice(0, ${checklistReach})).join(" ")} \`;

export default scorer({
  target: "trace",
  score: (trace) => {
    if (conditions.length === 0) return unscored("the checklist has no condition yet");
    const said = trace.messages.flatMap(({ role, text }) => (role === "user" ? [text] : [])).join("\\n");
    const words = { asked: readWords(said || trace.input), answered: readWords(saidText(trace)) };
    const tools = {
      called: trace.tools.map(({ name }) => name),
      failed: trace.tools.flatMap(({ name, isError }) => (isError ? [name] : []))
    };
    if (words.asked.trim() + words.answered.trim() === "" && tools.called.length === 0)
      return unscored("the trace holds no words and no tool call");
    const holds = ({ subject, text }: Condition) =>
      subject === "asked" || subject === "answered" ? words[subject].includes(\` \${text} \`) : tools[subject].includes(text);
    const broken = conditions.filter((condition) => holds(condition) === (condition.wrongWhen === "present"));
    const sum = broken.reduce((total, { weight }) => total + weight, 0);
    const why = broken.length === 0 ? "it breaks none of the conditions" : broken.map(({ about }) => about).join("; ");
    return score(1 - sum / most, { pass: sum < least, label: sum < least ? "pass" : "fail", reason: \`\${sum.toFixed(2)} of \${least}: \${why}\` });
  }
});
`;
}

/** A condition and what it rests on, in a clause: `the agent says "cannot": 7 of 9 that went wrong, 1 of 11 others`. */
export function describeCondition(
  { subject, text, wrongWhen, support, group }: Condition,
  { learntFrom }: Pick<Checklist, "learntFrom">,
  groups: readonly string[]
): string {
  const name = group === null ? undefined : groups[group];
  const found = name ? `, found with the reason "${name}"` : "";
  return `${sayBroken(subject, JSON.stringify(text), wrongWhen === "absent")}: ${support.wrong} of ${learntFrom.wrong} that went wrong, ${support.fine} of ${learntFrom.fine} others${found}`;
}

function sayBroken(subject: Condition["subject"], text: string, isAbsent: boolean): string {
  switch (subject) {
    case "asked":
      return `the user ${isAbsent ? "does not say" : "says"} ${text}`;
    case "answered":
      return `the agent ${isAbsent ? "does not say" : "says"} ${text}`;
    case "called":
      return `the tool ${text} is ${isAbsent ? "not " : ""}called`;
    case "failed":
      return `the tool ${text} ${isAbsent ? "does not fail" : "fails"}`;
  }
}
