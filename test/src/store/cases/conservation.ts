import type { Harness } from '../harness.js';
export function conservationCases(_: () => Promise<Harness>): void {}
