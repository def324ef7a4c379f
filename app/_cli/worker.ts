import type { Command } from "./command.ts";
import { withWorkbench } from "./session.ts";

export const command: Command = {
  about: "Works scheduled runs beside the server; any number of them with DATABASE_URL.",
  usage: "tracebook worker",
  async run() {
    await withWorkbench(async (workbench, signal) => {
      const background = await workbench.startBackground();
      console.log("The worker waits for scheduled runs; stop it with Ctrl+C.");
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await background.stop();
    });
    return 0;
  }
};
