/** One command: what it does in a line, how it is called, and its work; resolves to the exit code. */
export interface Command {
  readonly about: string;
  readonly usage: string;
  run(args: readonly string[]): Promise<number>;
}
