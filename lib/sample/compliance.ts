import type { Dice } from "./dice.ts";
import { choosePerson, typeAsPerson } from "./people.ts";
import { defineTool, type Passage, type Script, type Step } from "./script.ts";

const tools = [
  defineTool("screen_sanctions", "Screens a name against sanctions lists.", {
    name: { type: "string", minLength: 2 },
    country: { type: "string", pattern: "^[A-Z]{2}$" }
  }),
  defineTool("list_transactions", "Lists payments of an account.", {
    account: { type: "string", pattern: "^A-[0-9]{7}$" },
    days: { type: "integer", minimum: 1, maximum: 365 }
  }),
  defineTool("open_case", "Opens a case for an officer.", {
    subject: { type: "string" },
    severity: { type: "string", enum: ["low", "medium", "high"] }
  })
];
const system =
  "You support compliance officers. Rest every statement on a tool result or a retrieved rule, cite rules by id in square brackets, and leave decisions to the officer.";
const rules: readonly Passage[] = [
  {
    id: "rule-aml-12",
    content:
      "Payments of 10,000 EUR or more in cash, or several that together reach it within 7 days, are to be reported within two working days."
  },
  {
    id: "rule-gifts-4",
    content: "Staff may accept gifts worth up to 50 EUR a year from one partner; anything above needs prior approval."
  },
  {
    id: "rule-kyc-9",
    content: "Client files of high risk are renewed every 12 months, of medium risk every 24, of low risk every 60."
  },
  {
    id: "rule-trading-3",
    content: "Staff hold securities for at least 30 days and ask for clearance before each trade."
  },
  {
    id: "rule-comms-6",
    content: "Business is not done over private messengers. Messages on approved channels are kept for 5 years."
  }
];

/** One question to the compliance agent. */
export function writeCompliance({
  dice,
  day
}: {
  readonly dice: Dice;
  readonly day: number;
  readonly dayMs: number;
}): Script {
  const person = choosePerson(dice);
  const country = dice.pick(["DE", "FR", "AE", "PA", "CY", "GB", "TR", "SG"]);
  const account = `A-${dice.whole(1_000_000, 9_999_999)}`;
  const company = `${dice.pick(["Baltic", "Orion", "Cedar", "Harbour", "Summit", "Lotus", "Delta", "Amber"])} ${dice.pick(["Trading", "Metals", "Shipping", "Consulting", "Foods", "Energy"])} ${dice.pick(["Ltd", "GmbH", "SA", "FZE"])}`;
  const kind = ["screen", "payments", "gift", "file", "trade", "message"][dice.weighted([34, 24, 12, 13, 9, 8])]!;
  const amount = dice.whole(4, 190) * 100;
  const asks: Readonly<Record<string, readonly string[]>> = {
    screen: [
      "Please screen {name}, resident in {country}, before we onboard {company}.",
      "is {company} ({country}) on any list? director is {name}",
      "New counterparty {company} from {country}: sanctions check on {name} needed.",
      "Hit or no hit for {name} ({country})? The desk is waiting with {company}."
    ],
    payments: [
      "Account {account} shows {amount} EUR in cash again. Reportable?",
      "Look at the last {days} days of {account}, looks like structuring by {name}.",
      "Does the pattern on {account} ({company}) need a report?",
      "{name} paid in {amount} EUR twice this week, account {account}. Rule?"
    ],
    gift: [
      "{company} invited me to a dinner worth {amount} EUR, may I go?",
      "A client gave me a watch, I think about {amount} EUR. What do I do?",
      "Can {name} accept concert tickets from {company}?"
    ],
    file: [
      "When is the file of {company} due for renewal? Risk is {risk}.",
      "KYC of {name} was last done {days} weeks ago and is {risk} risk, are we fine?",
      "Which documents are missing for {company} in {country}?"
    ],
    trade: [
      "May I sell shares I bought {days} days ago?",
      "Colleague {name} wants to trade {company} stock before the call.",
      "Clearance for a purchase of {amount} EUR in {company}?"
    ],
    message: [
      "A trader used a private messenger with {company}. What now?",
      "How long do we keep chats with {name}?",
      "Can we approve a new chat tool for the desk that covers {company}?"
    ]
  };
  const about = {
    name: person.name,
    country,
    company,
    account,
    amount: amount.toLocaleString("en-US"),
    days: String(dice.whole(5, 90)),
    risk: ["high", "medium", "low"]
  };
  const rule = rules[{ screen: 2, payments: 0, gift: 1, file: 2, trade: 3, message: 4 }[kind]!]!;
  const slow = kind === "screen" && day >= 16 && dice.plants;
  const steps: Step[] = [];
  const hit = dice.chance(0.12);
  if (kind === "screen")
    steps.push({
      kind: "tool",
      name: "screen_sanctions",
      args: { name: person.name, country },
      result: { name: person.name, matches: hit ? 1 : 0, lists: ["EU", "UN", "OFAC"] },
      medianMs: slow ? 3100 : 520
    });
  if (kind === "payments")
    steps.push({
      kind: "tool",
      name: "list_transactions",
      args: { account, days: dice.whole(7, 90) },
      result: { account, cash_in_eur: amount, count: dice.whole(2, 9) },
      medianMs: 450
    });
  steps.push({
    kind: "retrieve",
    query: `${kind} ${company}`.toLowerCase(),
    passages: [rule, dice.pick(rules.filter(({ id }) => id !== rule.id))]
  });
  if (hit || (kind === "payments" && amount >= 10_000))
    steps.push({
      kind: "tool",
      name: "open_case",
      args: { subject: kind === "payments" ? account : person.name, severity: hit ? "high" : "medium" },
      result: { case_id: `K-${dice.whole(1000, 9999)}` },
      medianMs: 230
    });
  const gist = rule.content.split(/[;.]/, 1)[0]!;
  const answer =
    kind === "screen"
      ? dice.pick([
          `The screening of ${person.name} gave ${hit ? "1 possible match; I opened a case" : "no match"} on the EU, UN and OFAC lists. For the file: ${gist} [${rule.id}].`,
          `${hit ? "There is one possible match" : "No match"} for ${person.name} (${country}). The decision on ${company} stays with you; see [${rule.id}].`
        ])
      : dice.pick([
          `The rule says: ${gist} [${rule.id}]. Whether it applies here is the officer's call.`,
          `Under [${rule.id}]: ${gist}. I suggest noting this against ${company}.`,
          `Please see [${rule.id}]. In short: ${gist}.`
        ]);
  const turns = [{ user: typeAsPerson(dice, dice.fill(dice.pick(asks[kind]!), about)), steps, answer }];
  if (dice.chance(0.3))
    turns.push({
      user: typeAsPerson(
        dice,
        dice.pick([
          "Who signs that off?",
          "Please draft a note for the file.",
          "Does it change if the client is a charity?",
          "Thanks, noted."
        ])
      ),
      steps: [],
      answer: dice.pick([
        `Note: checked on request, rule [${rule.id}] applied, decision with the officer.`,
        "The officer on duty signs. I have prepared the wording.",
        `The retrieved rule [${rule.id}] makes no exception for that.`
      ])
    });
  return {
    agent: "compliance-desk",
    agentVersion: "3.1.4",
    name: "answer compliance question",
    system,
    tools,
    turns,
    patterns: slow ? ["slow_tool"] : []
  };
}
