/**
 * English words too common to describe anything. For other languages the weighting alone has to tell:
 * a word as common in a cluster as elsewhere never describes it.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about after again all also am an and any are as at be because been before being but by can can't cannot could did do does
  doesn't doing don't for from get got had has have having he her here him his how how's i i'd i'll i'm i've if in into is isn't it it's
  its just let like many may me might more most much must my need no not now of off on one only or other our out over own please
  s same shall she should so some such t than thank thanks that that's the their them then there these they this those to too
  up us very want was wasn't we were what what's when where which while who whom why will with won't would yes you you'd your`
    .split(/\s+/u)
    .filter((word) => word !== "")
);
