/** How often passwords were tried, by account and by address; counted for every process of the workbench together. */
export interface SignInAttempts {
  /**
   * Counts a try before it is made, so that many at once do not slip through together.
   *
   * @param ip  of who tries; null where it is not known
   * @throws Fault `limit` that says how long to wait; such a try is not counted
   */
  begin(email: string, ip: string | null): Promise<void>;
  /** The password was right: the account starts anew, and the address has one try back. */
  succeed(email: string, ip: string | null): Promise<void>;
}
