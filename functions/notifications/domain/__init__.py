"""Who is told what, and what becomes of a message. Pure: no clock, no I/O."""
