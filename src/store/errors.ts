/**
 * Errors of the store that are not the running world's: a database that cannot be opened, and a row that
 * cannot be understood. What happens to a database in use is in `actors/errors.ts`.
 */
import { WorldError } from '../../actors/errors.js';

/** 75: try again later (another server owns it, or it cannot be reached). 78: this database will never do. */
export type OpenExitStatus = 75 | 78;

/** The database cannot be used. The message is one line for the operator, without passwords. */
export class StoreOpenError extends WorldError {
  readonly code = 'STORE_OPEN_FAILED';
  constructor(
    readonly exitStatus: OpenExitStatus,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message.replace(/\s+/g, ' '), options);
  }
}

/** A stored row holds what this version cannot read: somebody else wrote it, or the disk is damaged. */
export class StoredRowError extends WorldError {
  readonly code = 'STORE_ROW_UNREADABLE';
  constructor(
    readonly column: string,
    options?: ErrorOptions,
  ) {
    super(`a stored row cannot be read: unexpected contents in ${column}`, options);
  }
}
