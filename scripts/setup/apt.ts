import { type CommandFailed, run } from "./run.ts";

/**
 * No package may start a server of its own: while it says 101, Debian's packages start nothing. What was there is put
 * back, also what an installation that was killed has left aside.
 */
const script = `
set -eu
guard=/usr/sbin/policy-rc.d
aside=$guard.before-tests
if [ -e $guard ] && [ ! -e $aside ]; then mv $guard $aside; fi
restore() { rm -f $guard; if [ -e $aside ]; then mv $aside $guard; fi; }
trap restore EXIT
printf '#!/bin/sh\\nexit 101\\n' > $guard
chmod 755 $guard
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
`;

let last: Promise<unknown> = Promise.resolve();

/**
 * Installs Debian packages without a question, as root or with a sudo that needs no password. Two installations of this
 * process wait for each other.
 * @throws CommandFailed when there is no apt-get, it may not be used or it cannot fetch them
 */
export function installPackages(packages: readonly string[]): Promise<void> {
  const shell = ["sh", "-c", script, "sh", ...packages];
  const [program = "sh", ...rest] = process.getuid?.() === 0 ? shell : ["sudo", "-n", ...shell];
  const installed = last.then(() => run(program, rest, { cwd: "/" })).then(() => undefined);
  last = installed.catch((_: CommandFailed) => undefined);
  return installed;
}
