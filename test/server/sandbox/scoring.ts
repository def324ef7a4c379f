import { afterAll, beforeAll } from "vitest";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox, SandboxSession, SandboxVerdict } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { asTraces } from "../../scorers/trace.ts";

/** A compiler and a sandbox for the tests of a file, opened before the first and closed after the last. */
export function openDoors(): { readonly compiler: Compiler; readonly sandbox: Sandbox } {
  const opened = {} as { compiler: Compiler; sandbox: Sandbox };
  beforeAll(async () => {
    opened.compiler = await openCompiler();
    opened.sandbox = await openSandbox();
  });
  afterAll(async () => {
    await opened.sandbox.close();
    await opened.compiler.close();
  });
  return opened;
}

/** What a session says of texts, in their order; ends the session. */
export async function scoreAndClose(
  session: SandboxSession,
  texts: readonly string[],
  calls = 1
): Promise<readonly SandboxVerdict[]> {
  try {
    return await scoreWith(session, texts, calls);
  } finally {
    await session.close();
  }
}

/** What a session says of texts, in their order. */
export async function scoreWith(
  session: SandboxSession,
  texts: readonly string[],
  calls = 1
): Promise<readonly SandboxVerdict[]> {
  const verdicts: SandboxVerdict[] = [];
  for await (const part of session.score(asTraces(texts, calls), new AbortController().signal)) verdicts.push(...part);
  return verdicts;
}
