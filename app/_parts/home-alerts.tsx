import Link from "next/link";
import type { ReactNode } from "react";
import { clusterQuestionPaths } from "#lib/wire/cluster-questions.ts";
import type { HomeReply } from "#lib/wire/home.ts";
import { NumberText, TimeText } from "./text.tsx";

type Row<Kind> = Extract<HomeReply["alerts"][number], { readonly kind: Kind }>;

interface AlertsProps<Kind> {
  readonly title: string;
  readonly alerts: readonly Row<Kind>[];
  /** What stands between the cluster and when it was noticed. */
  readonly columns: readonly { readonly heading: string; readonly read: (alert: Row<Kind>) => ReactNode }[];
  /** Where its cluster is looked at. */
  readonly page: (alert: Row<Kind>) => string;
}

/** What stands on kept maps: issues that experts confirmed, and clusters that have begun to grow, beyond chance. */
export function HomeAlerts({ alerts }: { readonly alerts: HomeReply["alerts"] }) {
  return (
    <>
      <Alerts
        title="Confirmed issues"
        alerts={alerts.filter((alert) => alert.kind === "confirmed")}
        columns={[{ heading: "Experts who say so", read: ({ agree, judged }) => `${agree} of ${judged}` }]}
        page={({ questionId }) => clusterQuestionPaths.page(questionId)}
      />
      <Alerts
        title="Emerging"
        alerts={alerts.filter((alert) => alert.kind === "emerging")}
        columns={[
          { heading: "Now", read: ({ recent }) => <NumberText value={recent} /> },
          { heading: "Before", read: ({ past }) => <NumberText value={past} /> },
          { heading: "Times as common", read: ({ ratio }) => (ratio === null ? "new" : <NumberText value={ratio} />) }
        ]}
        page={({ mapId }) => `/maps/${mapId}`}
      />
    </>
  );
}

function Alerts<Kind>({ title, alerts, columns, page }: AlertsProps<Kind>) {
  if (alerts.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 style={{ marginBottom: 8 }}>{title}</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Cluster</th>
            <th>Map</th>
            <th>Unit</th>
            {columns.map(({ heading }) => (
              <th key={heading} className="right">
                {heading}
              </th>
            ))}
            <th>Noticed</th>
            <th>Message</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <tr key={alert.alertId}>
              <td>
                <Link href={page(alert)}>{alert.label}</Link>
              </td>
              <td>{alert.mapTitle}</td>
              <td>{alert.businessUnit}</td>
              {columns.map(({ heading, read }) => (
                <td key={heading} className="right num">
                  {read(alert)}
                </td>
              ))}
              <td>
                <TimeText atMs={alert.raisedAtMs} />
              </td>
              <td title={alert.problem ?? undefined}>{deliveryWords[alert.delivery]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const deliveryWords = {
  off: "none set up",
  waiting: "waiting to be sent",
  sent: "sent",
  failed: "not taken"
} as const;
