"use client";
import Link from "next/link";
import { Fragment, useState } from "react";
import type { SeenCluster } from "#lib/model/seen-clusters.ts";
import { type ClusterQuestionsReply, clusterQuestionPaths } from "#lib/wire/cluster-questions.ts";
import type { KeptMapReply } from "#lib/wire/maps.ts";
import { Button } from "../../_parts/button.tsx";
import { SelectionActions } from "../../_parts/selection-actions.tsx";
import { useAnswer } from "../../_parts/trace-answer.tsx";
import { AskExperts } from "./ask-experts.tsx";
import { SampleTraces } from "./sample-traces.tsx";
import { TitleClusters } from "./title-clusters.tsx";
import { WrittenTitle } from "./written-title.tsx";

interface ClusterTableProps {
  readonly map: KeptMapReply;
  /** An empty name takes the own name back. */
  readonly onName: (clusterId: number, name: string) => void;
  /** Called when a model has written titles. */
  readonly onTitled: () => void;
  /** Called when traces of a cluster have got a label. */
  readonly onTagged: () => void;
}

/** Every cluster with where it comes from; a name that is given here stays with it through later versions. */
export function ClusterTable({ map, onName, onTitled, onTagged }: ClusterTableProps) {
  const { seen, ended, version } = map;
  const [opened, setOpened] = useState<number | null>(null);
  // Counts the questions that were asked here, so that the list is read again.
  const [turn, setTurn] = useState(0);
  const { value } = useAnswer<ClusterQuestionsReply>(`${clusterQuestionPaths.ofMap(map.mapId)}&turn=${turn}`);
  const askedOf = (clusterId: number) => value?.questions.filter((row) => row.clusterId === clusterId) ?? [];
  return (
    <section aria-labelledby="clusters">
      <h2 id="clusters">Clusters</h2>
      <TitleClusters mapId={map.mapId} onTitled={onTitled} />
      <table className="table">
        <thead>
          <tr>
            <th className="right">No.</th>
            <th>Name</th>
            <th className="right">Traces</th>
            {version > 1 ? <th>Since version {version - 1}</th> : null}
            <th>Typical</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {seen.map((cluster) => (
            <Fragment key={cluster.clusterId}>
              <tr>
                <td className="right num">{cluster.clusterId + 1}</td>
                <td>
                  <NameBox key={cluster.label} cluster={cluster} onName={(name) => onName(cluster.clusterId, name)} />
                  <WrittenTitle cluster={cluster} />
                  {askedOf(cluster.clusterId).map(({ questionId, businessUnit, verdict }) => (
                    <Link key={questionId} className="chip" href={clusterQuestionPaths.page(questionId)}>
                      {businessUnit}: {verdict ?? "asked"}
                    </Link>
                  ))}
                </td>
                <td className="right num">{cluster.size.toLocaleString("en-US")}</td>
                {version > 1 ? <td>{historyOf(cluster)}</td> : null}
                <td>
                  <SampleTraces ids={cluster.representatives} />
                </td>
                <td className="right">
                  <Button
                    small
                    aria-expanded={opened === cluster.clusterId}
                    aria-label={`Actions for cluster ${cluster.clusterId + 1}`}
                    onClick={() => setOpened(opened === cluster.clusterId ? null : cluster.clusterId)}
                  >
                    Actions
                  </Button>
                </td>
              </tr>
              {opened === cluster.clusterId ? (
                <tr>
                  <td colSpan={version > 1 ? 6 : 5}>
                    <SelectionActions
                      selection={{ kind: "cluster", mapId: map.mapId, clusterId: cluster.clusterId }}
                      title={cluster.label}
                      onTagged={onTagged}
                    />
                    <AskExperts
                      key={askedOf(cluster.clusterId).length}
                      mapId={map.mapId}
                      cluster={cluster}
                      units={map.units}
                      asked={askedOf(cluster.clusterId)}
                      onAsked={() => setTurn(turn + 1)}
                    />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
      {ended.length > 0 ? (
        <p className="soft" style={{ fontSize: 13 }}>
          No more since version {version - 1}:{" "}
          {ended
            .map(
              ({ clusterId, change, into }) =>
                `${clusterId + 1} ${change}${into.length > 0 ? ` into ${numbers(into)}` : ""}`
            )
            .join("; ")}
          .
        </p>
      ) : null}
    </section>
  );
}

const numbers = (ids: readonly number[]) => ids.map((id) => id + 1).join(", ");

function historyOf({ clusterId, change, from }: SeenCluster): string {
  const others = from.filter((id) => id !== clusterId);
  return others.length > 0 ? `${change}, from ${numbers(others)}` : change;
}

function sourceOf({ isNamed, written }: SeenCluster): string {
  if (isNamed) return `Named by people; empty it to have the ${written ? "model's title" : "words"} back`;
  return written ? `Written by ${written.modelId}; type a name of your own` : "Words of its traces; type a name";
}

function NameBox({ cluster, onName }: { readonly cluster: SeenCluster; readonly onName: (name: string) => void }) {
  const [name, setName] = useState(cluster.label);
  const keep = () => {
    if (name !== cluster.label) onName(name);
  };
  return (
    <input
      className="input input-small"
      aria-label={`Name of cluster ${cluster.clusterId + 1}`}
      title={sourceOf(cluster)}
      style={{ width: "100%", minWidth: 240 }}
      value={name}
      onChange={({ target }) => setName(target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
        if (event.key === "Escape") setName(cluster.label);
      }}
    />
  );
}
