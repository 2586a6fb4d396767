/** A short display name for a kept picture, whose file name is a hash; any other name unchanged. */
export function shortName(name: string): string {
  return name.replace(/^([0-9a-f]{8})[0-9a-f]{56}(?=\.|$)/, "pasted-$1");
}
