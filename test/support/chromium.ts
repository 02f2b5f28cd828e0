/**
 * A real browser for tests, where there is one: Debian's Chromium, or the one that GRIDSTEAD_TEST_CHROMIUM names.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** undefined: there is none, and the suites that need one say so. */
export const CHROMIUM = process.env.GRIDSTEAD_TEST_CHROMIUM ?? PLACES.find((place) => existsSync(place));

export const CHROMIUM_SKIPPED = 'browser suites skipped: install chromium, or set GRIDSTEAD_TEST_CHROMIUM';

export function launchChromium(executablePath: string): Promise<Browser> {
  // Containers have no sandbox to give, and little shared memory; what is opened is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}
