/** A name as SQL writes it, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal. For our own constants and paths; values of people are bound instead. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
