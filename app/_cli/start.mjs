// `npm start`: installs, then serves on the Node that the project brings.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { install, root } from "./install.mjs";

install();
const child = spawn(process.execPath, [join(root, "app", "_cli", "launch.mjs"), "serve", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit"
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
