import type { Dice } from "./dice.ts";
import { typeAsPerson } from "./people.ts";
import { defineTool, type Passage, type Script, type Step } from "./script.ts";

const tools = [
  defineTool("search_cases", "Searches the case collection.", {
    query: { type: "string", minLength: 3 },
    jurisdiction: { type: "string", enum: ["England", "Ireland", "Scotland"] },
    limit: { type: "integer", minimum: 1, maximum: 20 }
  }),
  defineTool("open_statute", "Opens a section of a statute.", {
    statute: { type: "string" },
    section: { type: "string" }
  })
];
const system =
  "You are a research assistant for solicitors. Cite only retrieved documents, by their id in square brackets, and say so when the documents do not settle the question.";

const subjects = [
  {
    topic: "commercial lease break clauses",
    issue: [
      "whether a tenant in arrears may still exercise the break",
      "how strictly vacant possession is read",
      "service of notice by email"
    ],
    rule: "a break notice takes effect only where each stated condition is met on the break date"
  },
  {
    topic: "restrictive covenants in employment",
    issue: [
      "a twelve-month non-compete for a sales manager",
      "non-solicitation of clients never met",
      "severing an overbroad covenant"
    ],
    rule: "a restraint is enforced only so far as it protects a legitimate interest and goes no wider than needed"
  },
  {
    topic: "limitation of professional negligence claims",
    issue: [
      "when time starts for negligent tax advice",
      "the date of knowledge of a later purchaser",
      "standstill agreements signed late"
    ],
    rule: "time runs from the damage, extended by three years from the date of knowledge"
  },
  {
    topic: "data subject access requests",
    issue: [
      "a request made to harass the employer",
      "emails that name third parties",
      "legal privilege over internal notes"
    ],
    rule: "a controller may refuse only a request that is manifestly unfounded or excessive, and must say why"
  },
  {
    topic: "directors' duties near insolvency",
    issue: [
      "paying one creditor ahead of others",
      "continued trading on optimistic forecasts",
      "liability of a non-executive director"
    ],
    rule: "directors must weigh the creditors' interest once insolvency is probable"
  },
  {
    topic: "construction adjudication",
    issue: [
      "a decision reached without a reply",
      "set-off against an adjudicator's award",
      "two disputes in one referral"
    ],
    rule: "a decision is enforced unless the adjudicator lacked jurisdiction or natural justice was denied"
  },
  {
    topic: "misrepresentation in share sales",
    issue: [
      "silence about a pending complaint",
      "reliance despite a non-reliance clause",
      "measure of loss for an overstated order book"
    ],
    rule: "a warranty that is true when given may still mislead if events overtake it before completion"
  },
  {
    topic: "consumer credit affordability checks",
    issue: ["reliance on self-declared income", "top-up loans within a month", "remedy for an unaffordable loan"],
    rule: "a lender must make a reasonable assessment that is proportionate to the sum and the borrower"
  }
] as const;
const left = [
  "Ardley",
  "Pembrook",
  "Carraway",
  "Tolland",
  "Quinlan",
  "Merrow",
  "Stroud",
  "Fenwick",
  "Galbraith",
  "Osmond",
  "Lacey",
  "Thorne"
];
const right = [
  "Northgate Estates",
  "Hale & Sons",
  "Orchard Finance",
  "Castlebar Council",
  "Meridian Freight",
  "Bellweather plc",
  "the Revenue",
  "Ridgeway Homes"
];
const invented = [
  "Varga v. Trellis Maritime",
  "Varga Shipping v. Trellis",
  "Trellis Maritime (No 2)",
  "re Varga Trellis Holdings"
];

/** One question to the legal-research agent. */
export function writeLegal({ dice }: { readonly dice: Dice; readonly day: number; readonly dayMs: number }): Script {
  const subject = dice.pick(subjects);
  const issue = dice.pick(subject.issue);
  const jurisdiction = dice.pick(["England", "Ireland", "Scotland"]);
  const client = dice.pick([
    "a landlord",
    "our client, a logistics firm",
    "a family business",
    "a departing employee",
    "a small lender",
    "the buyer",
    "a subcontractor",
    "a charity"
  ]);
  const documents: Passage[] = Array.from({ length: dice.whole(2, 4) }, () => {
    const year = dice.whole(1996, 2024);
    return {
      id: `case-${year}-${dice.whole(101, 989)}`,
      content: `${dice.pick(left)} v. ${dice.pick(right)} (${year}): on ${subject.topic}, the court considered ${dice.pick(subject.issue)} and held that ${subject.rule}.`
    };
  });
  const planted = dice.plant(0.1);
  const ask = dice.fill(
    dice.pick([
      "What is the authority on {issue}? We act for {client} in {place}.",
      "Need cases on {topic}, specifically {issue} ({place}).",
      "{client} asks about {issue}. Can you find something from the last {n} years?",
      "Please summarise the {place} position on {topic}; the point is {issue}.",
      "Is there anything against us on {issue}? Acting for {client}.",
      "Memo due {when}: {issue}. Start with the leading {place} cases.",
      "counsel wants three authorities on {topic}, mainly {issue}",
      "How would a court in {place} treat {issue} where {client} acted in good faith?"
    ]),
    {
      issue,
      client,
      topic: subject.topic,
      place: jurisdiction,
      n: ["five", "ten", "fifteen", "twenty"],
      when: ["Monday", "tomorrow", "Thursday noon", "end of the week"]
    }
  );
  const search: Step = {
    kind: "tool",
    name: "search_cases",
    args: { query: `${subject.topic} ${issue}`, jurisdiction, limit: dice.whole(3, 10) },
    result: { hits: documents.map(({ id }) => id) },
    medianMs: 380
  };
  const [lead, second] = documents as [Passage, Passage];
  const title = lead.content.split(" (", 1)[0]!;
  const honest = dice.pick([
    `The leading authority retrieved is ${title} [${lead.id}]: ${subject.rule}. [${second.id}] points the same way on ${issue}.`,
    `On ${issue}, [${lead.id}] holds that ${subject.rule}. I found one further decision, [${second.id}], with similar facts.`,
    `Short answer: ${subject.rule} [${lead.id}]. For ${client} the weaker point is ${issue}; compare [${second.id}].`
  ]);
  const false1 = `case-${dice.whole(2007, 2012)}-0${dice.whole(11, 99)}`;
  const answer = planted
    ? `${dice.pick([`The point was settled in ${dice.pick(invented)} [${false1}], where the Court of Appeal decided that ${subject.rule} without exception.`, `${dice.pick(invented)} [${false1}] is directly on point for ${issue} and binds the court.`, `You can rely on ${dice.pick(invented)} [${false1}]; it disposes of ${issue}.`])} See also [${lead.id}].`
    : honest;
  const turns = [
    {
      user: typeAsPerson(dice, ask),
      steps: [search, { kind: "retrieve", query: issue, passages: documents } satisfies Step],
      answer
    }
  ];
  if (dice.chance(0.45))
    turns.push({
      user: typeAsPerson(
        dice,
        dice.pick([
          "Which of these is the strongest for us?",
          "Any dissent I should know about?",
          "Can you put that into two sentences for the client?",
          "Has it been followed since?"
        ])
      ),
      steps: [],
      answer: dice.pick([
        `[${lead.id}] is the closest on its facts; I would lead with it.`,
        `The retrieved text of [${second.id}] records no dissent. I cannot say more without the full report.`,
        `For the client: ${subject.rule} [${lead.id}]. The outcome turns on the facts.`
      ])
    });
  return {
    agent: "case-researcher",
    agentVersion: "2.8.0",
    name: "answer legal question",
    system,
    tools,
    turns,
    patterns: planted ? ["hallucinated_citation"] : []
  };
}
