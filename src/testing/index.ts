/** `gridstead/testing`: what tests of a game need. */
export type * from '../../games/contract.js';
export { checkDeterminism, DeterminismError } from './determinism.js';
export { checkFog, FogLeakError, type FogScene } from './fog.js';
export { type Happening, happen } from './history.js';
export { createTestWorld, TestWorld, type TestWorldOptions } from './test-world.js';
