/** The largest image file that is read into memory, in bytes. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;
