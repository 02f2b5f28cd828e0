/** A game that does not come back when it is asked to hang. */
export default {
  name: 'hanger',
  onTick({ intents }) {
    if (intents.some(({ data }) => data.hang)) for (;;);
    return {};
  },
};
