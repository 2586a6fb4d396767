/** The largest image file that is read into memory, in bytes. */
export const maximumFileBytes = 256 * 1024 * 1024;
