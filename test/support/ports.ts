/** Ports with something put in front of them, for tests: some members replaced, or every call watched. */

/** The port with some of its members replaced. */
export function overlaid<Port extends object>(port: Port, members: Partial<Port>): Port {
  return new Proxy(port, {
    get: (target, key) => {
      if (key in members) return Reflect.get(members, key);
      const member: unknown = Reflect.get(target, key);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** The port with each call going through `around`, by its name: `zones.commit`. */
export function watched<Port extends object>(
  name: string,
  port: Port,
  around: (name: string, run: () => Promise<unknown>) => Promise<unknown>,
): Port {
  return new Proxy(port, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => around(`${name}.${String(key)}`, () => member.apply(target, args));
    },
  });
}
