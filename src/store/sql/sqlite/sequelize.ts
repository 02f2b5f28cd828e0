/**
 * Sequelize on SQLite. It opens a connection of its own for every transaction and has no hook that sees them all,
 * so the pragmas are in the constructor of the driver that it is given.
 */
import { Sequelize, Transaction } from 'sequelize';
import sqlite3 from 'sqlite3';
import { WRITER_PRAGMAS } from './connection.js';

export function sequelizeOnSqlite(file: string): Sequelize {
  return new Sequelize({
    dialect: 'sqlite',
    storage: file,
    logging: false,
    dialectModule: { ...sqlite3, Database: PragmaDatabase },
    // Its complaint about a BEGIN that found the file locked goes to the console. So BEGIN takes no lock, and the
    // first statement does (`takeWriteLock`): before anything was read that another writer could change.
    transactionType: Transaction.TYPES.DEFERRED,
    // Who is told "busy" asks again through the queue, where nobody is blocked meanwhile.
    retry: { max: 1 },
  });
}

class PragmaDatabase extends sqlite3.Database {
  constructor(file: string, mode: number, opened?: (error: Error | null) => void) {
    super(file, mode, (error) => {
      if (error) opened?.(error);
      else this.exec(WRITER_PRAGMAS, (failed) => opened?.(failed));
    });
  }
}
