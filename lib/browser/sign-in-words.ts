const sentences: Readonly<Record<string, string>> = {
  not_invited: "You have no invitation yet. Ask who administers the workbench for one to this e-mail address.",
  email_not_verified:
    "Your provider does not say that it has verified your e-mail address, so nobody can be sure it is yours.",
  account_not_linked:
    "Your provider does not say that it has verified your e-mail address. Sign in with your password.",
  access_denied: "You stopped at your provider."
};

/** What went wrong on the way back from a provider, in a sentence. @param code  as the address names it */
export function formatProviderError(code: string): string {
  return sentences[code] ?? "Signing in did not work: it took too long, or was begun in another window. Try once more.";
}
