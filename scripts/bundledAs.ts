/**
 * What whoever bundles parts of the product takes a library's other build for: the CommonJS build of this one loads its own files in
 * a way that cannot be bundled.
 */
export const bundledAs = { "jsonc-parser": "jsonc-parser/lib/esm/main.js" } as const;
