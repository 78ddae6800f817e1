/* The two ends of the line: a network namespace each, with one TUN device in it. */
#ifndef NETWORK_H
#define NETWORK_H

/* From the range for benchmarks, RFC 2544. */
#define CLIENT_ADDRESS "198.18.0.1"
#define SERVER_ADDRESS "198.18.0.2"

struct end {
  int namespace; /* the namespace lives as long as this is open, or a process is in it */
  int device;    /* reads and writes IP packets, without blocking */
};

/*
 * Makes a namespace without a name, which nobody can forget to remove, its device, and the route to the other end. The calling
 * process stays where it is. Ends the process with a message when the machine does not allow it.
 */
struct end make_end(const char *address, const char *peer_address);

/* Kills every process that is in the namespace. */
void kill_residents(int namespace);

#endif
