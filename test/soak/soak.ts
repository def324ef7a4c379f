/** Something that is killed again and again for minutes. */
export interface Soak {
  readonly name: string;
  readonly defaultKills: number;
  /**
   * @param senders  how many write or send at once
   * @returns what it came to, in one sentence
   * @throws when anything acknowledged is not there as it should be
   */
  run(task: { readonly kills: number; readonly seed: number; readonly senders: number }): Promise<string>;
}
