/**
 * About how many tokens a text is to a model: one for four characters of ASCII, one for every other. True to a fifth
 * or so for prose, and rather too many than too few for scripts beyond it.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let at = 0; at < text.length; at++) quarters += text.charCodeAt(at) < 128 ? 1 : 4;
  return Math.ceil(quarters / 4);
}

/** The beginning of a text that is about so many tokens; the text itself where it is no longer. */
export function cutText(text: string, tokens: number): string {
  let quarters = 4 * tokens;
  for (let at = 0; at < text.length; at++) {
    quarters -= text.charCodeAt(at) < 128 ? 1 : 4;
    if (quarters >= 0) continue;
    // Never between the halves of a sign beyond the first plane.
    return text.slice(0, at).toWellFormed() === text.slice(0, at) ? text.slice(0, at) : text.slice(0, at - 1);
  }
  return text;
}

/** The beginning and the end of a longer text, about so many tokens each, with a mark between. */
export function cutMiddle(text: string, headTokens: number, tailTokens: number): string {
  if (estimateTokens(text) <= headTokens + tailTokens) return text;
  const head = cutText(text, headTokens);
  const reversed = Array.from(text.slice(-8 * tailTokens)).reverse();
  const tail = Array.from(cutText(reversed.join(""), tailTokens)).reverse();
  return `${head} … ${tail.join("")}`;
}
