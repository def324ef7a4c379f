/**
 * Which step went wrong first. Five things speak against a step, each found in the trace itself: the call that it
 * makes fails (2); it calls with an id or a number that nobody told the agent (2); it calls a tool that changes
 * something although the user's last words do not agree to it (2); the user objects to what it says (2); it calls the
 * same again with the same arguments (1). The step with the most against it is named, of several the earliest. A call
 * counts against the step of the model that makes it.
 *
 * It finds faults that leave a mark. A plan that misses the point or a rule of the house that is not kept leaves none:
 * for those take a judge. Unscored: the trace has no step of a model and no call of a tool.
 */
import {
  canonicalJson,
  fail,
  isFields,
  type Json,
  jsonText,
  pass,
  plainText,
  readJson,
  type Span,
  scorer,
  unscored
} from "tracebook";

type Fault = { readonly weight: number; readonly label: string; readonly says: string };

const objects =
  /^(?:no\b(?!\s+(?:problem|worries|thanks|thank|that'?s (?:all|it)))|nope|wait\b|stop\b|that(?:'s| is) (?:not|wrong|incorrect)|this is (?:not|wrong)|not what|you (?:didn'?t|did not|forgot|missed)|incorrect|wrong\b|actually,? (?:no|i)\b|nein\b|falsch|non,|ce n'est pas|eso no)/;

const agrees =
  /\b(?:yes|yep|yeah|sure|ok(?:ay)?|please|confirm(?:ed|s)?|go ahead|proceed|agree|correct|right|do (?:it|that|so)|sounds good|absolutely|of course|ja|bitte|genau|oui|d'accord|sí|claro|vale)\b/;

export default scorer({
  target: "trace",
  options: {
    /** Beginnings of the names of tools that change something; the user has to agree to those. */
    changing: [
      "modify",
      "update",
      "cancel",
      "exchange",
      "return",
      "book",
      "create",
      "delete",
      "send",
      "transfer",
      "issue",
      "pay",
      "refund"
    ]
  },
  score: (trace, { changing }) => {
    const steps = trace.spans.filter(({ kind }) => kind === "llm" || kind === "tool");
    if (steps.length === 0) return unscored("the trace has no step of a model and no call of a tool");
    const against = findFaults(steps, new Set(marksOf(trace.systemInstructions)), changing);
    let worst = -1;
    for (const [at, faults] of against.entries()) if (weigh(faults) > weigh(against[worst] ?? [])) worst = at;
    if (worst < 0) return pass(`nothing in the trace speaks against one of its ${steps.length} steps`);
    const faults = [...against[worst]!].sort((left, right) => right.weight - left.weight);
    return fail(`step ${worst + 1} of ${steps.length}: ${faults.map(({ says }) => says).join("; ")}`, {
      label: faults[0]!.label,
      evidence: [{ quote: quoteStep(steps[worst]!), spanId: steps[worst]!.id }]
    });
  }
});

function findFaults(steps: readonly Span[], told: Set<string>, changing: readonly string[]): readonly Fault[][] {
  const against: Fault[][] = steps.map(() => []);
  const called = new Set<string>();
  let [spoke, userSaid] = [-1, ""];
  for (const [at, step] of steps.entries()) {
    const heard = wordsOfUser(step);
    if (heard !== "" && heard !== userSaid) {
      if (spoke >= 0 && objects.test(heard))
        add(against, spoke, 2, "objection", `the user objects: "${heard.slice(0, 80)}"`);
      userSaid = heard;
    }
    learn(told, step.input);
    if (step.kind === "llm") {
      spoke = at;
      continue;
    }
    const maker = spoke < 0 ? at : spoke;
    const name = step.toolName ?? step.name;
    if (step.toolArgs !== null) {
      const call = canonicalJson([name, step.toolArgs]);
      if (called.has(call)) add(against, maker, 1, "repeated call", `calls ${name} again with the same arguments`);
      called.add(call);
      const unknown = marksOf(jsonText(step.toolArgs)).find((mark) => !told.has(mark));
      if (unknown !== undefined)
        add(against, maker, 2, "made-up argument", `calls ${name} with "${unknown}", which nobody told it`);
    }
    if (changes(name, changing) && userSaid !== "" && !agrees.test(userSaid))
      add(against, maker, 2, "no consent", `calls ${name}, and the user's last words do not agree to it`);
    const error = errorOf(step);
    if (error !== null) add(against, maker, 2, "failed call", `its call of ${name} fails: ${error}`);
    learn(told, step.toolArgs);
    learn(told, step.toolResult ?? step.outputText);
  }
  return against;
}

function add(against: readonly Fault[][], at: number, weight: number, label: string, says: string): void {
  const faults = against[at]!;
  if (!faults.some((fault) => fault.label === label)) faults.push({ weight, label, says });
}

function weigh(faults: readonly Fault[]): number {
  return faults.reduce((sum, { weight }) => sum + weight, 0);
}

/** The user's last words before a step; a step after a tool's answer hears none. */
function wordsOfUser({ kind, input }: Span): string {
  const last = kind === "llm" && Array.isArray(input) ? (input as readonly Json[]).at(-1) : undefined;
  if (!isFields(last) || last["role"] !== "user") return "";
  const parts = Array.isArray(last["parts"]) ? (last["parts"] as readonly Json[]) : [];
  return plainText(parts.map((part) => (isFields(part) ? jsonText(part["content"]) : "")).join(" ")).trim();
}

function learn(told: Set<string>, value: Json): void {
  for (const mark of marksOf(jsonText(value))) told.add(mark);
}

/** Ids and numbers of a text: runs of letters and digits with a digit in them, of three signs or more. */
function marksOf(text: string): readonly string[] {
  const plain = text.toLowerCase().replaceAll(/(\d),(?=\d{3})/g, "$1");
  return (plain.match(/[\p{L}\d_]+(?:[.-][\p{L}\d_]+)*/gu) ?? []).filter((mark) => mark.length >= 3 && /\d/.test(mark));
}

function changes(tool: string, changing: readonly string[]): boolean {
  const name = tool.toLowerCase();
  return changing.some((begin) => name.startsWith(begin.toLowerCase()));
}

/** What a failed call says; null where it did not fail. */
function errorOf({ status, statusMessage, toolResult, outputText }: Span): string | null {
  const read = readJson(toolResult ?? outputText);
  const said = isFields(read)
    ? (read["error"] ?? null)
    : typeof read === "string" && /^\s*error\b/i.test(read)
      ? read
      : null;
  if (status !== "error" && (said === null || said === false || said === "" || said === 0)) return null;
  return jsonText(said ?? statusMessage ?? outputText ?? "error").slice(0, 120);
}

function quoteStep({ name, outputText, output }: Span): string {
  return `${name}: ${outputText || jsonText(output)}`.slice(0, 300);
}
