import type { Dice } from "./dice.ts";
import type { Pattern, Script, Step, Turn } from "./script.ts";

/** Below it lies what is planted; above it tools fail, as they do everywhere. */
const plantedShare = 0.062;

/** Lays the rare everyday failures over a conversation, at most one each. */
export function addNoise(dice: Dice, script: Script): Script {
  const draw = dice.fraction();
  if (!dice.plants && draw < plantedShare) return script;
  const toolAt = script.turns[0]!.steps.findIndex(({ kind }) => kind === "tool");
  if (draw < 0.02 && toolAt >= 0)
    return withFirst(script, "schema_violation", spoilArguments(script.turns[0]!, toolAt));
  if (draw < 0.036 && toolAt >= 0) {
    const call = script.turns[0]!.steps[toolAt]!;
    const steps = script.turns[0]!.steps.toSpliced(toolAt, 0, ...Array.from({ length: dice.whole(2, 4) }, () => call));
    return withFirst(script, "repeated_calls", { ...script.turns[0]!, steps });
  }
  if (draw < 0.046) {
    const stranger = dice.pick(["m.castellan", "petra.lindholm", "j.obermeier", "s.akintola"]);
    const leak = `For reference, the other case on this file belongs to ${stranger}@example.net, phone +49 151 ${dice.whole(1_000_000, 9_999_999)}, IBAN DE89 3704 0044 0532 ${dice.whole(1000, 9999)} 00.`;
    return withFirst(script, "pii_leak", { ...script.turns[0]!, answer: `${script.turns[0]!.answer} ${leak}` });
  }
  if (draw < plantedShare) {
    const refusal = dice.pick([
      "I'm sorry, but I can't help with that request.",
      "I am unable to assist with this. Please contact a human colleague.",
      "I cannot answer that as an AI assistant."
    ]);
    return {
      ...script,
      turns: [{ user: script.turns[0]!.user, steps: [], answer: refusal }],
      patterns: [...script.patterns.filter((pattern) => pattern === "new_complaint"), "refusal"]
    };
  }
  if (draw < 0.085 && toolAt >= 0) {
    const failing = script.turns[0]!.steps[toolAt] as Step & { kind: "tool" };
    const failed: Step = {
      ...failing,
      result: null,
      medianMs: failing.medianMs * 3,
      error: dice.pick(["upstream timed out after 5 s", "503 service unavailable", "connection reset by peer"])
    };
    return {
      ...script,
      turns: [
        { ...script.turns[0]!, steps: script.turns[0]!.steps.toSpliced(toolAt, 0, failed) },
        ...script.turns.slice(1)
      ]
    };
  }
  return script;
}

function withFirst(script: Script, pattern: Pattern, turn: Turn): Script {
  return { ...script, turns: [turn, ...script.turns.slice(1)], patterns: [...script.patterns, pattern] };
}

function spoilArguments(turn: Turn, at: number): Turn {
  const step = turn.steps[at] as Step & { kind: "tool" };
  const [key = "id", ...rest] = Object.keys(step.args);
  const kept = Object.fromEntries(rest.map((name) => [name, step.args[name] ?? null]));
  return {
    ...turn,
    steps: turn.steps.with(at, { ...step, args: { ...kept, [`${key}_value`]: step.args[key] ?? null } })
  };
}
