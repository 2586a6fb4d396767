import { spawn } from "node:child_process";

// A program that ends only when it is killed, with a child in a process group of its own that does not listen either.
// Prints both process ids.

const deaf = `for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {}); setInterval(() => {}, 1000);`;
const child = spawn(process.execPath, ["-e", `${deaf} console.log("up");`], {
  detached: true,
  stdio: ["ignore", "pipe", "ignore"],
});
child.stdout.once("data", () => console.log(`pids ${process.pid} ${child.pid}.`));
