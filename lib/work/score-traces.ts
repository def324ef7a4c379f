import { Fault } from "#lib/model/fault.ts";
import type { AnswerQuestion, SandboxSession, SandboxVerdict } from "#lib/ports/sandbox.ts";
import { type ReadGround, readSubjects, type Subject } from "./score-subjects.ts";

/** Verdicts of a scorer and what each is about, one entry per call in both lists. */
export interface ScoredTraces {
  readonly subjects: readonly Subject[];
  readonly verdicts: readonly SandboxVerdict[];
}

/** How the questions of a scorer are answered. */
export interface ScorerAsking {
  readonly answer: AnswerQuestion;
  /** Gets what was paid for before it was stopped. */
  readonly onStopped: (scored: ScoredTraces) => Promise<void>;
}

/**
 * Has a scorer that is loaded score every trace of a table, or every span of it where it is for spans: the same in a
 * workbook and on live traffic.
 *
 * @param traces    quoted
 * @param expected  column of the table with what should have come out of each trace
 * @param onDone    is told how many calls have been made
 * @param asking    for a scorer that asks a model; without it, its questions fail
 * @throws Fault `limit` when it is stopped
 */
export async function scoreTraces(
  session: SandboxSession,
  ground: ReadGround,
  traces: string,
  expected: string | null = null,
  onDone: (calls: number) => void = () => undefined,
  asking?: ScorerAsking
): Promise<ScoredTraces> {
  const { signal } = ground;
  const subjects: Subject[] = [];
  const verdicts: SandboxVerdict[] = [];
  const given = readSubjects(ground, traces, session.target, subjects, expected);
  try {
    for await (const part of session.score(given, signal, asking?.answer)) {
      verdicts.push(...part);
      onDone(verdicts.length);
    }
  } catch (error) {
    if (signal.aborted) await asking?.onStopped({ subjects: subjects.slice(0, verdicts.length), verdicts });
    throw error;
  }
  if (signal.aborted) throw new Fault("limit", "stopped");
  if (verdicts.length !== subjects.length) {
    throw new Fault(
      "broken",
      `the sandbox gave ${verdicts.length} verdicts for ${subjects.length} ${session.target.kind}s`
    );
  }
  return { subjects, verdicts };
}
