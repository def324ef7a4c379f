/**
 * Condition for the traces of a sample: the same ones each time, and those of a smaller share among those of a larger.
 *
 * @param salt   a named parameter: samples of one salt lie within one another, those of two are drawn apart
 * @param share  a named parameter, above 0 and at most 1
 */
export function sampleCondition(traceId: string, salt: string, share: string): string {
  return `(${share} >= 1 or md5_number_upper(${salt} || ${traceId})::double / 18446744073709551616.0 < ${share})`;
}
