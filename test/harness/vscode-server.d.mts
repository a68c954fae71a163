/** The path of a Chromium or Chrome; on a Debian machine where we are root it is installed when missing. */
export function ensureChromium(): Promise<string>;

/** Chromium switches for tests. */
export const chromiumArguments: readonly string[];
