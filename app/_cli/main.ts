import type { Command } from "./command.ts";
import { printFault } from "./console.ts";

const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  serve: () => import("./serve.ts"),
  keys: () => import("./keys.ts"),
  people: () => import("./people.ts"),
  import: () => import("./import.ts"),
  run: () => import("./run.ts"),
  query: () => import("./query.ts"),
  map: () => import("./map.ts"),
  promote: () => import("./promote.ts"),
  draft: () => import("./draft.ts"),
  rules: () => import("./rules.ts"),
  sample: () => import("./sample.ts"),
  lake: () => import("./lake.ts"),
  audit: () => import("./audit.ts"),
  worker: () => import("./worker.ts"),
  build: () => import("./build.ts")
};

async function printHelp(): Promise<void> {
  console.log("tracebook <command> [options]\n");
  for (const load of Object.values(commands)) {
    const { command } = await load();
    console.log(`  ${command.usage}\n      ${command.about}`);
  }
  console.log("\nEvery command takes --json for machines. Set TRACEBOOK_DATA to work on another data folder.");
}

const [name = "help", ...args] = process.argv.slice(2);
const load = commands[name];
if (name === "help" || name === "--help" || name === "-h") {
  await printHelp();
} else if (!load) {
  console.error(`there is no command "${name}"\nThe commands are: ${Object.keys(commands).join(", ")}.`);
  process.exitCode = 2;
} else {
  try {
    const { command } = await load();
    if (args.includes("--help")) console.log(`${command.usage}\n${command.about}`);
    else process.exitCode = await command.run(args);
  } catch (error) {
    printFault(error, args.includes("--json"));
    process.exitCode = 2;
  }
}
