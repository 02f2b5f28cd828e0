/**
 * Which zones lie side by side, each connection in both directions.
 */
import type { Migration } from '../migrate.js';

export const zoneLinks: Migration = {
  name: '0003-zone-links',
  async up(session, { types }) {
    await session.run(`CREATE TABLE zone_links (
      zone_id ${types.uuid} NOT NULL REFERENCES zones(id),
      neighbor_id ${types.uuid} NOT NULL REFERENCES zones(id),
      dx INTEGER NOT NULL,
      dy INTEGER NOT NULL,
      PRIMARY KEY (zone_id, neighbor_id))`);
    await session.run('CREATE INDEX zone_links_neighbor ON zone_links(neighbor_id)');
    // A zone with neighbors goes on showing what it sent until it is taken: each restore asks for that.
    await session.run('CREATE INDEX zone_inbox_from ON zone_inbox(from_zone)');
  },
};
