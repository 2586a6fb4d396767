/** Addresses of documents that are only read and that hold their own text, as their query. */
export const textScheme = "wan-flf2v-text";
