/** What an inbox row, or a send, brings. */
import type { EntityParcel, Parcel } from '../../actors/records.js';

/** Its entity's parcel; throws where it brings an effect. */
export function entityParcel(of: { readonly parcel: Parcel } | undefined): EntityParcel {
  if (!of || !('entity' in of.parcel)) throw new Error('no entity is on its way');
  return of.parcel;
}
