import Link from "next/link";
import type { HomeReply } from "#lib/wire/home.ts";
import { NumberText, TimeText } from "./text.tsx";

/** Clusters of kept maps that have begun to grow, beyond chance. */
export function HomeAlerts({ alerts }: { readonly alerts: HomeReply["alerts"] }) {
  if (alerts.length === 0) return null;
  return (
    <section aria-label="Emerging">
      <h2 style={{ marginBottom: 8 }}>Emerging</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Cluster</th>
            <th>Map</th>
            <th>Unit</th>
            <th className="right">Now</th>
            <th className="right">Before</th>
            <th className="right">Times as common</th>
            <th>Noticed</th>
            <th>Message</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <tr key={alert.alertId}>
              <td>
                <Link href={`/maps/${alert.mapId}`}>{alert.label}</Link>
              </td>
              <td>{alert.mapTitle}</td>
              <td>{alert.businessUnit}</td>
              <td className="right">
                <NumberText value={alert.recent} />
              </td>
              <td className="right">
                <NumberText value={alert.past} />
              </td>
              <td className="right num">{alert.ratio === null ? "new" : <NumberText value={alert.ratio} />}</td>
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
