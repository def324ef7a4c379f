/** A function of the engine that a kernel has in a form of its own. */
export interface BoundedFunction {
  readonly name: string;
  /** What makes it in the engine. */
  readonly sql: string;
}

/**
 * Longest text, in characters, that one call may make of less, where it is worked out once and for each row; and the
 * most elements of a list.
 */
export const mostMade = { characters: 100_000, charactersOnce: 20_000_000, elements: 10_000 } as const;

/** Variable of a connection: the longest text that `repeat` may make there. */
const mostRepeated = "most_repeated";

/** Lets every `repeat` of a question make long texts, where all of them are given literals. */
export const allowLongRepeats = `set variable ${mostRepeated} = ${mostMade.charactersOnce}`;

/** Most pairs of characters that a distance compares: one call is not stopped before it has ended. */
export const mostCompared = 4_000_000;

interface Form {
  /** With types, where forms differ in them. */
  readonly parameters: readonly string[];
  /** Holds where a call would make too much. */
  readonly isTooMuch: string;
  /** Arguments of the engine's own function; where it is too much they ask for nothing, since constants are worked out before conditions. */
  readonly given: readonly string[];
}

const unless = (isTooMuch: string, value: string, instead: string) =>
  `case when ${isTooMuch} then ${instead} else ${value} end`;

function bound(name: string, sentence: string, forms: readonly Form[]): BoundedFunction {
  const written = forms.map(
    ({ parameters, isTooMuch, given }) =>
      `(${parameters.join(", ")}) as case when ${isTooMuch} then error('${sentence}') else system.main.${name}(${given.join(", ")}) end`
  );
  return { name, sql: `create or replace macro ${name}${written.join(", ")}` };
}

const list = `makes lists of at most ${mostMade.elements} elements; a table function such as "from range(…)" goes on for longer`;
const text = `makes texts of at most ${mostMade.characters} characters`;

function boundSeries(name: string): BoundedFunction {
  const form = (start: string, stop: string, step: string, type: string, steps: string): Form => {
    const isTooMuch = `abs(${steps}) > ${mostMade.elements}`;
    const named = [start, stop, step].filter((each) => /^[a-z]+$/.test(each));
    const parameters = named.map((each) => `${each} ${each === "step" && type !== "bigint" ? "interval" : type}`);
    const given = [start, unless(isTooMuch, stop, start), step];
    return { parameters, isTooMuch, given };
  };
  const steps = (start: string, step: string) => `((stop::hugeint - ${start}) // ${step})`;
  const spans = "((epoch(stop) - epoch(start)) / epoch(step))";
  return bound(name, `${name}() ${list}`, [
    form("0", "stop", "1", "bigint", steps("0", "1")),
    form("start", "stop", "1", "bigint", steps("start", "1")),
    form("start", "stop", "step", "bigint", steps("start", "step")),
    form("start", "stop", "step", "timestamp", spans)
  ]);
}

function boundPad(name: string): BoundedFunction {
  const isTooMuch = `characters > ${mostMade.characters}`;
  const given = ["content", unless(isTooMuch, "characters", "0"), "fill"];
  return bound(name, `${name}() ${text}`, [{ parameters: ["content", "characters", "fill"], isTooMuch, given }]);
}

function boundResize(name: string): BoundedFunction {
  const isTooMuch = `elements > ${mostMade.elements}`;
  const given = ["of", unless(isTooMuch, "elements", "0")];
  return bound(name, `${name}() ${list}`, [
    { parameters: ["of", "elements"], isTooMuch, given },
    { parameters: ["of", "elements", "fill"], isTooMuch, given: [...given, "fill"] }
  ]);
}

function boundDistance(name: string): BoundedFunction {
  const isTooMuch = `len(a)::bigint * len(b) > ${mostCompared}`;
  return bound(name, `${name}() compares texts of about ${Math.sqrt(mostCompared)} characters`, [
    { parameters: ["a", "b"], isTooMuch, given: [unless(isTooMuch, "a", "''"), "b"] }
  ]);
}

/** Little texts in place of what is found make a text a little longer; long ones make one without end. */
function boundReplace(name: string, more: readonly string[] = []): BoundedFunction {
  const isTooMuch = `len(target) > 100 and len(content)::bigint * len(target) > ${mostMade.characters} * 100`;
  const given = ["content", "source", unless(isTooMuch, "target", "''")];
  const parameters = ["content", "source", "target"];
  return bound(name, `${name}() would make too long a text`, [
    { parameters, isTooMuch, given },
    ...more.map((each) => ({ parameters: [...parameters, each], isTooMuch, given: [...given, each] }))
  ]);
}

/** @param wide  what a template says that asks for a width of five digits or more, or for one among the values */
function boundFormat(name: string, wide: string): BoundedFunction {
  const isTooMuch = `regexp_matches(template, '${wide}')`;
  const forms = Array.from({ length: 12 }, (_, count): Form => {
    const values = Array.from({ length: count }, (_value, at) => `value${at}`);
    return {
      parameters: ["template", ...values],
      isTooMuch,
      given: [unless(isTooMuch, "template", "''"), ...values]
    };
  });
  return bound(name, `${name}() writes values at most 9999 characters wide`, forms);
}

const repeated = `times::hugeint * greatest(1, len(what)) > case when typeof(what) like '%[]' then ${mostMade.elements} else coalesce(getvariable('${mostRepeated}'), ${mostMade.characters}) end`;

/**
 * Functions that make very much of little, or work long on one value. The engine counts neither what they make in the
 * memory that a kernel may use, nor can it be interrupted within them. Under their own names a kernel has these
 * instead; the engine's own are in a catalog that no question may name.
 */
export const boundedFunctions: readonly BoundedFunction[] = [
  bound(
    "repeat",
    `repeat() ${text}, of ${mostMade.charactersOnce} where it is given nothing but literals, and lists of ${mostMade.elements} elements`,
    [{ parameters: ["what", "times"], isTooMuch: repeated, given: ["what", unless(repeated, "times", "0")] }]
  ),
  ...["range", "generate_series"].map(boundSeries),
  ...["lpad", "rpad"].map(boundPad),
  ...["list_resize", "array_resize"].map(boundResize),
  bound("bitstring", `bitstring() ${text}`, [
    {
      parameters: ["content", "bits"],
      isTooMuch: `bits > ${mostMade.characters}`,
      given: ["content", `${unless(`bits > ${mostMade.characters}`, "bits", "len(content)")}::integer`]
    }
  ]),
  ...["levenshtein", "editdist3", "damerau_levenshtein"].map(boundDistance),
  boundReplace("replace"),
  boundReplace("regexp_replace", ["options"]),
  boundFormat("format", "[{][^}]*([0-9]{5}|[{])"),
  boundFormat("printf", "%[^a-zA-Z%]*([0-9]{5}|[*])")
];
