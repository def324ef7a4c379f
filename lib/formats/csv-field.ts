/** A field of a table of comma-separated values: an absent value is an empty field, an empty text a quoted one. @see RFC 4180 */
export function quoteField(text: string | null): string {
  if (text === null) return "";
  return /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The same for a text that somebody wrote: a spreadsheet takes one that begins like a formula as one, so that it gets an
 * apostrophe before it.
 *
 * @see OWASP, CSV injection
 */
export function quoteSafeField(text: string | null): string {
  return quoteField(text !== null && /^\s*[=+\-@\t\r\n|]/.test(text) ? `'${text}` : text);
}
