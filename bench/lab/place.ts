/** Where a process runs, and what it is reached by from there: this machine as it is, or one end of a line. */
export interface Place {
  /** IPv4. */
  address: string;
  /** The command that runs a program there. */
  enter(program: string, args: readonly string[]): Command;
}

export type Command = [program: string, args: string[]];

export const THIS_MACHINE: Place = {
  address: '127.0.0.1',
  enter: (program, args) => [program, [...args]],
};

/** A Linux network namespace, by a path such as /proc/1/ns/net. */
export function networkNamespace(path: string, address: string): Place {
  return {
    address,
    enter: (program, args) => ['nsenter', [`--net=${path}`, '--', program, ...args]],
  };
}
