import type { TextPosition } from "../model/fault.ts";

/** A scorer ready for the sandbox. */
export interface CompiledScorer {
  /** First 12 hex digits of the SHA-256 of the source and the contract's version. */
  readonly version: string;
  /** One ES module without imports. */
  readonly code: string;
}

/** One complaint of the type checker. */
export interface Diagnostic {
  readonly message: string;
  readonly position: TextPosition;
}

/** Turns a scorer's TypeScript into a module for the sandbox. */
export interface Compiler {
  /** @throws Fault `invalid` with position for text that is no TypeScript, or imports what is not allowed */
  compile(source: string): Promise<CompiledScorer>;
  /** Checks types against the scorer contract; empty when all is well. */
  diagnose(source: string): Promise<readonly Diagnostic[]>;
  close(): Promise<void>;
}
