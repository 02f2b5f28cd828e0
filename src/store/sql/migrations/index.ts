/**
 * Every migration, in order. Names are recorded in the database and never change; a migration that has been
 * released is never edited, for there is no way back: the next one mends what it got wrong.
 */
import type { Migration } from '../migrate.js';
import { accounts } from './0001-accounts.js';
import { world } from './0002-world.js';
import { zoneLinks } from './0003-zone-links.js';
import { history } from './0004-history.js';
import { bans } from './0005-bans.js';

export const MIGRATIONS: readonly Migration[] = [accounts, world, zoneLinks, history, bans];
