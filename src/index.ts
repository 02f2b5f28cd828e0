/**
 * The package `gridstead` as a library: the vocabulary of games, and a server inside a program of one's own.
 * What the command does about signals, exit statuses and the environment is that program's to decide here.
 */
export { SettingsError } from '../config/load.js';
export type * from '../games/contract.js';
export { defineGame } from './games/define.js';
export { GameLoadError } from './games/load.js';
export type { RunningServer } from './running-server.js';
export { type ServeOptions, serve } from './serve.js';
export { type OpenExitStatus, StoreOpenError } from './store/errors.js';
