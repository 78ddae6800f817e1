#ifndef ROUTE_H
#define ROUTE_H

/*
 * In the namespace that the caller is in: connections to this address through this device use this congestion
 * control. The sysctl of that name takes in a namespace only what the machine allows to every user; a route takes any.
 */
void add_route(const char *address, const char *device, const char *congestion_control);

#endif
