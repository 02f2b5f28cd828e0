/**
 * Another program that writes to a server's SQLite database, and takes its time: nobody else can write meanwhile.
 */
import sqlite3 from 'sqlite3';

/** Resolves when it has the write lock; the answer lets go of it. */
export async function holdWriteLock(file: string): Promise<() => Promise<void>> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
  });
  const run = (sql: string) =>
    new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
  await run('PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE;');
  return async () => {
    await run('ROLLBACK');
    await new Promise<void>((resolve) => database.close(() => resolve()));
  };
}
