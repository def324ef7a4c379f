/** A function of the lake's own that a question may call. */
export interface Statistic {
  readonly name: string;
  /** As it is called, with the names of its arguments. */
  readonly call: string;
  readonly about: string;
  /** What makes it in the engine. */
  readonly sql: string;
}

/** Normal quantile of a 95 % interval. */
const z = "1.959963984540054";

function define(name: string, parameters: readonly string[], about: string, expression: string): Statistic {
  const call = `${name}(${parameters.join(", ")})`;
  return { name, call, about, sql: `create or replace macro ${call} as (${expression})` };
}

const wilson = (sign: "+" | "-", rate = "(passes / n::double)", n = "n") =>
  `case when ${n} = 0 then ${sign === "-" ? 0 : 1} else
    least(1, greatest(0, (${rate} + ${z} * ${z} / (2 * ${n}) ${sign}
      ${z} * sqrt(greatest(0, ${rate} * (1 - ${rate})) / ${n} + ${z} * ${z} / (4.0 * ${n} * ${n}))) / (1 + ${z} * ${z} / ${n}))) end`;

const both = "filter (where a is not null and b is not null)";
const observed = `avg((a = b)::int) ${both}`;
const first = `avg(a::int) ${both}`;
const second = `avg(b::int) ${both}`;
const kappaChance = `(${first} * ${second} + (1 - ${first}) * (1 - ${second}))`;
const middle = `((${first} + ${second}) / 2)`;
const ac1Chance = `(2 * ${middle} * (1 - ${middle}))`;

const labelled = "filter (where truth is not null and score is not null)";
const others = "filter (where truth is null and score is not null)";
const n = `(count(*) ${labelled})`;
const otherN = `(count(*) ${others})`;
/** Trust in the scores, 0 without others to apply it to. */
const trust = `(case when ${otherN} < 2 then 0 else coalesce(least(1, greatest(0,
  covar_samp(truth::double, score::double) ${labelled} /
    nullif((1 + ${n}::double / ${otherN}) * var_samp(score::double) filter (where score is not null), 0))), 0) end)`;
const rate = `(avg(truth::double) ${labelled} + ${trust} *
  (coalesce(avg(score::double) ${others}, 0) - avg(score::double) ${labelled}))`;
const error = `sqrt(greatest(0, case when ${otherN} < 2 then 0 else ${trust} * ${trust} * var_samp(score::double) ${others} / ${otherN} end +
  (var_samp(truth::double) ${labelled} + ${trust} * ${trust} * var_samp(score::double) ${labelled}
    - 2 * ${trust} * covar_samp(truth::double, score::double) ${labelled}) / ${n}))`;

const drawn = "filter (where value is not null)";
const weight = "(1 / coalesce(chance, 1)::double)";
const weights = `sum(${weight}) ${drawn}`;
const drawnRate = `(sum(${weight} * value::double) ${drawn} / ${weights})`;
const drawnVariance = `((sum(${weight} * ${weight} * value::double * value::double) ${drawn}
  - 2 * ${drawnRate} * sum(${weight} * ${weight} * value::double) ${drawn}
  + ${drawnRate} * ${drawnRate} * sum(${weight} * ${weight}) ${drawn}) / ((${weights}) * (${weights})))`;
const effective = `(case when count(value) = 0 then 0 else least(count(value),
  case when ${drawnRate} > 1e-12 and ${drawnRate} < 1 - 1e-12 and ${drawnVariance} > 1e-15
    then ${drawnRate} * (1 - ${drawnRate}) / ${drawnVariance}
    else (${weights}) * (${weights}) / (sum(${weight} * ${weight}) ${drawn}) end) end)`;

/**
 * Statistics that cells and checks call: the same formulas as in lib/math, which a test holds them to. Those of `a` and
 * `b`, of `truth` and `score`, and of `value` and `chance` go over the rows of a group, as avg does; rows where one is missing are left out.
 */
export const statistics: readonly Statistic[] = [
  define("wilson_low", ["passes", "n"], "Lower end of the 95 % Wilson interval of a pass rate", wilson("-")),
  define("wilson_high", ["passes", "n"], "Upper end of the 95 % Wilson interval of a pass rate", wilson("+")),
  define(
    "kappa",
    ["a", "b"],
    "Cohen's kappa of two columns of true and false; null where chance explains all",
    `case when ${kappaChance} < 1 then (${observed} - ${kappaChance}) / (1 - ${kappaChance}) end`
  ),
  define(
    "ac1",
    ["a", "b"],
    "Gwet's AC1 of two columns of true and false: agreement beyond chance, hardly moved by how rare one is",
    `(${observed} - ${ac1Chance}) / (1 - ${ac1Chance})`
  ),
  define(
    "rogan_gladen",
    ["observed", "true_positive", "true_negative"],
    "A pass rate set right by a scorer's rates on a balanced set; null where it is no better than chance, beyond 0..1 where they do not fit",
    "case when true_positive + true_negative - 1 > 1e-12 then (observed + true_negative - 1) / (true_positive + true_negative - 1) end"
  ),
  define(
    "ppi_rate",
    ["truth", "score"],
    "Rate of truth in all rows, from scores of all and truth of a random sample of them, null elsewhere (PPI++)",
    `case when ${n} >= 2 then least(1, greatest(0, ${rate})) end`
  ),
  define(
    "ppi_low",
    ["truth", "score"],
    "Lower end of the 95 % interval of ppi_rate",
    `case when ${n} >= 2 then least(1, greatest(0, ${rate} - ${z} * ${error})) end`
  ),
  define(
    "ppi_high",
    ["truth", "score"],
    "Upper end of the 95 % interval of ppi_rate",
    `case when ${n} >= 2 then least(1, greatest(0, ${rate} + ${z} * ${error})) end`
  ),
  define(
    "weighted_rate",
    ["value", "chance"],
    "Mean of 0..1 or rate of true in all traffic, from rows that had each its chance of being scored, such as pass and sampling_probability (Hájek)",
    drawnRate
  ),
  define(
    "weighted_low",
    ["value", "chance"],
    "Lower end of the 95 % interval of weighted_rate",
    wilson("-", drawnRate, effective)
  ),
  define(
    "weighted_high",
    ["value", "chance"],
    "Upper end of the 95 % interval of weighted_rate",
    wilson("+", drawnRate, effective)
  ),
  define("effective_n", ["value", "chance"], "How many rows of equal chance would be as certain as these", effective),
  define(
    "pass_at_least_once",
    ["n", "c", "k"],
    "Chance that one of k trials passes, from n trials of which c did (pass@k); null for k above n",
    "case when k <= n then 1 - coalesce(list_product(list_transform(range(k), lambda i: greatest(0, n - c - i) / (n - i))), 1) end"
  ),
  define(
    "pass_every_time",
    ["n", "c", "k"],
    "Chance that all of k trials pass, from n trials of which c did (pass^k); null for k above n",
    "case when k <= n then coalesce(list_product(list_transform(range(k), lambda i: greatest(0, c - i) / (n - i))), 1) end"
  )
];
