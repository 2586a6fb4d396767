/** What a person reads in place of a hash: the first letters of a kept picture's name, or the name as it is. */
export function shortName(name: string): string {
  return name.replace(/^([0-9a-f]{8})[0-9a-f]{56}(?=\.|$)/, "pasted-$1");
}
