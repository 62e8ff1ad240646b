"""The way out: the only code of the project that opens a socket. Pure Python."""
