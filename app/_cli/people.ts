import { Fault } from "#lib/model/fault.ts";
import { checkPassword, parseEmail } from "#lib/model/person.ts";
import type { Workbench } from "#lib/server/workbench.ts";
import { parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { type Console, formatJson, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage =
  "tracebook people list | add-admin <e-mail> [--name <name>] [--password-stdin] | reset <e-mail>  [--json]";

export const command: Command = {
  about:
    "Lists accounts, makes an administrator, or a link that sets a new password. The first account signs in from then on.",
  usage,
  async run(args) {
    const parsed = parseArguments(args, { name: { type: "string" }, "password-stdin": { type: "boolean" } }, usage);
    const out = openConsole(parsed.options.json === true);
    const [action, email] = parsed.words;
    return withWorkbench(async (workbench) => {
      if (action === "list") await list(workbench, out);
      else if (action === "reset" && email) await reset(workbench, out, email);
      else if (action === "add-admin" && email) {
        const name = textOption(parsed, "name");
        await addAdmin(workbench, out, { email, name, readsPassword: parsed.options["password-stdin"] === true });
      } else throw new Fault("invalid", "people knows list, add-admin and reset", { hint: `Usage: ${usage}` });
      return 0;
    });
  }
};

async function list({ people, scope }: Workbench, out: Console): Promise<void> {
  const all = await people.list(await scope());
  if (out.json) out.print(formatJson({ people: all }));
  else if (all.length === 0) out.print("there are no accounts: whoever reaches the port of this machine is the owner");
  else
    for (const { email, name, memberships } of all)
      out.print(
        `${email}  ${name}  ${memberships.map(({ businessUnit, role }) => `${businessUnit}:${role}`).join(" ")}`
      );
}

async function addAdmin(
  workbench: Workbench,
  out: Console,
  asked: { readonly email: string; readonly name: string | undefined; readonly readsPassword: boolean }
): Promise<void> {
  const email = parseEmail(asked.email);
  const password = asked.readsPassword ? checkPassword(await readPassword(), email) : null;
  const passwordHash = password === null ? null : await (await workbench.openSignIn()).hashPassword(password);
  const name = asked.name ?? email.slice(0, email.indexOf("@"));
  const person = await workbench.people.createAdmin(await workbench.scope(), { email, name, passwordHash });
  if (passwordHash === null) await printLink(workbench, out, person.userId);
  else out.print(out.json ? formatJson({ person }) : `${person.email} administers every unit and can sign in`);
}

async function reset(workbench: Workbench, out: Console, email: string): Promise<void> {
  const person = await workbench.people.findByEmail(email);
  if (!person) throw new Fault("missing", `nobody has the address "${email.slice(0, 80)}"`);
  await printLink(workbench, out, person.userId);
}

async function printLink({ resetLinks, scope, config }: Workbench, out: Console, userId: string): Promise<void> {
  const { made, token, expiresAtMs } = await resetLinks.create(await scope(), userId);
  const link = `${config.publicUrl}/reset/${token}`;
  if (out.json) out.print(formatJson({ link, email: made.email, expiresAtMs }));
  else
    out.print(
      `${made.email} chooses a password here, once and within a day. Whoever has the link can do it:\n\n${link}`
    );
}

/** The first line of standard input, so that no password stands among the arguments, which others can see. */
async function readPassword(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > 10_000) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? "";
}
