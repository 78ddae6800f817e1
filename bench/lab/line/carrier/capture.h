/* What the client's end sees of the line, as a pcap file (LINKTYPE_RAW): headers only, for tcpdump, Wireshark, tests. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "direction.h"

/* Replaces what was captured into before. Ends the process with a message when the file cannot be written. */
void start_capture(const char *path);

/* After this the file is whole. Nothing happens when nothing is captured. */
void stop_capture(void);

void capture(const struct packet *packet);

#endif
