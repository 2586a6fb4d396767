/** The scheme of read-only documents whose address holds their text, as its query. */
export const textScheme = "wan-flf2v-text";
