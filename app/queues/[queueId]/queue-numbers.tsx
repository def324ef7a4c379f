"use client";
import { formatDuration, formatRate } from "#lib/browser/format.ts";
import type { Estimate } from "#lib/math/rater-agreement.ts";
import type { VerdictKind } from "#lib/model/verdict.ts";
import type { PairWins, QueueAgreement, QueueNumbersReply } from "#lib/wire/queue-numbers.ts";

const verdictWords: Readonly<Record<VerdictKind, string>> = {
  open: "open: too few have judged",
  unanimous: "all said the same",
  majority: "most said the same",
  contested: "contested",
  adjudicated: "adjudicated"
};

interface Named {
  /** What somebody is called. */
  readonly nameOf: (userId: string) => string;
}

/** Kappa and AC1 so far apart come from one class being very common. */
const oddGap = 0.3;

/** What came of a queue so far: its reviewers, how its labels stand, and how far people agree. */
export function QueueNumbers({ numbers }: { readonly numbers: QueueNumbersReply }) {
  const { reviewers, names, agreement, verdicts, wins, isHidden } = numbers;
  const nameOf = (userId: string) => names[userId] ?? userId;
  if (reviewers.length === 0) return null;
  return (
    <section className="queue-numbers" aria-label="Numbers">
      <ReviewerTable reviewers={reviewers} nameOf={nameOf} />
      <p className="soft num">
        Final labels:{" "}
        {(Object.keys(verdictWords) as VerdictKind[])
          .filter((kind) => verdicts[kind] > 0)
          .map((kind) => `${verdicts[kind].toLocaleString("en-US")} ${verdictWords[kind]}`)
          .join(" · ")}
      </p>
      {isHidden ? (
        <p className="soft">The queue is blind: what compares reviewers is of traces that all have judged.</p>
      ) : null}
      {wins && wins.length > 0 ? <Wins wins={wins} /> : null}
      {agreement ? <Agreement agreement={agreement} nameOf={nameOf} /> : null}
    </section>
  );
}

function Wins({ wins }: { readonly wins: readonly PairWins[] }) {
  return (
    <table className="table" aria-label="Win rates">
      <caption className="soft">
        How often the first is better, ties counting half. What was shown left and what was shown right weigh the same,
        so that a liking for a side falls out.
      </caption>
      <thead>
        <tr>
          <th>The first against the second</th>
          <th className="right">Win rate</th>
          <th className="right">Ties</th>
          <th className="right">Shown left</th>
          <th className="right">Left adds</th>
        </tr>
      </thead>
      <tbody>
        {wins.map(({ stratum, n, nLeft, rate, interval, leftEffect, ties }) => (
          <tr key={stratum}>
            <td>{stratum}</td>
            <td className="right num">
              {rate === null ? `shown on one side alone, n = ${n}` : formatRate(rate, interval, n)}
            </td>
            <td className="right num">{ties.toLocaleString("en-US")}</td>
            <td className="right num">{nLeft.toLocaleString("en-US")}</td>
            <td className="right num">{leftEffect === null ? "–" : `${(100 * leftEffect).toFixed(0)} points`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ReviewerTable({ reviewers, nameOf }: Named & Pick<QueueNumbersReply, "reviewers">) {
  const hasGold = reviewers.some(({ gold }) => gold !== null);
  return (
    <table className="table" aria-label="Reviewers">
      <thead>
        <tr>
          <th>Reviewer</th>
          <th className="right">Judged</th>
          <th className="right">Skipped</th>
          <th className="right">Median time</th>
          <th className="right">90 % within</th>
          {hasGold ? <th className="right">Right on gold items</th> : null}
        </tr>
      </thead>
      <tbody>
        {reviewers.map(({ userId, judgements, skipped, medianMs, p90Ms, gold }) => (
          <tr key={userId}>
            <td>{nameOf(userId)}</td>
            <td className="right num">{judgements.toLocaleString("en-US")}</td>
            <td className="right num">{skipped.toLocaleString("en-US")}</td>
            <td className="right num">{timeOf(medianMs)}</td>
            <td className="right num">{timeOf(p90Ms)}</td>
            {hasGold ? (
              <td className="right num">
                {gold && gold.n > 0 ? formatRate(gold.hits / gold.n, gold.interval, gold.n) : "none judged"}
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Agreement({ agreement, nameOf }: Named & { readonly agreement: QueueAgreement }) {
  const { all, pairs, scales, labels, confusion, byLabel } = agreement;
  const odd = pairs.find(
    ({ kappa, ac1 }) => Math.abs((kappa.value ?? 0) - (ac1.value ?? 0)) > oddGap && kappa.value !== null
  );
  return (
    <>
      <table className="table" aria-label="Agreement">
        <thead>
          <tr>
            <th>Agreement</th>
            <th className="right">n</th>
            <th className="right">Observed</th>
            <th className="right">Kappa</th>
            <th className="right">AC1</th>
            <th className="right">Alpha</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>all reviewers</td>
            <td className="right num">{all.n.toLocaleString("en-US")}</td>
            <td className="right num">{estimateOf(all.observed)}</td>
            <td className="right faint">of pairs</td>
            <td className="right num">{estimateOf(all.ac1)}</td>
            <td className="right num">{estimateOf(all.alpha)}</td>
          </tr>
          {pairs.map(({ first, second, n, observed, kappa, ac1 }) => (
            <tr key={`${first} ${second}`}>
              <td>{pairOf(first, second, nameOf)}</td>
              <td className="right num">{n.toLocaleString("en-US")}</td>
              <td className="right num">{estimateOf(observed)}</td>
              <td className="right num">{estimateOf(kappa)}</td>
              <td className="right num">{estimateOf(ac1)}</td>
              <td />
            </tr>
          ))}
          {scales.map(({ name, n, ordinal, interval }) => (
            <tr key={name}>
              <td>{name}, as an order and as steps</td>
              <td className="right num">{n.toLocaleString("en-US")}</td>
              <td />
              <td />
              <td />
              <td className="right num">
                {estimateOf(ordinal)} · {estimateOf(interval)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {odd ? (
        <p className="soft">
          Kappa and AC1 of {pairOf(odd.first, odd.second, nameOf)} are far apart: one label is so common that kappa
          falls although they mostly agree. Read both.
        </p>
      ) : null}
      <div className="queue-confusion">
        <table className="table" aria-label="Confusion">
          <caption className="soft">Of two judgements of a trace, the one and the other</caption>
          <thead>
            <tr>
              <th />
              {labels.map((label) => (
                <th key={label} className="right">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, row) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {labels.map((other, column) => (
                  <td key={other} className="right num" style={row === column ? { fontWeight: 600 } : undefined}>
                    {(confusion[row]![column]! / (row === column ? 2 : 1)).toLocaleString("en-US")}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <table className="table" aria-label="Times by label">
          <thead>
            <tr>
              <th>Label</th>
              <th className="right">Judgements</th>
              <th className="right">Median time</th>
              <th className="right">90 % within</th>
            </tr>
          </thead>
          <tbody>
            {byLabel.map(({ label, judgements, medianMs, p90Ms }) => (
              <tr key={label}>
                <td>{label}</td>
                <td className="right num">{judgements.toLocaleString("en-US")}</td>
                <td className="right num">{timeOf(medianMs)}</td>
                <td className="right num">{timeOf(p90Ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Two people, in the order of what they are called. */
const pairOf = (first: string, second: string, nameOf: Named["nameOf"]) =>
  [nameOf(first), nameOf(second)].sort((a, b) => a.localeCompare(b, "en")).join(" and ");

const timeOf = (ms: number | null) => (ms === null ? "–" : formatDuration(ms));

const estimateOf = ({ value, interval }: Estimate) =>
  value === null
    ? "not defined"
    : `${value.toFixed(2)}${interval ? ` [${interval[0].toFixed(2)}, ${interval[1].toFixed(2)}]` : ""}`;
