"""The running process: command line, settings, wiring, server, clock and the local sandbox."""
